package org.loghost.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.loghost.control.ControlClient;
import org.loghost.control.NotRunningException;
import org.loghost.control.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost status}. */
@Command(
        name = "status",
        description = {
            "Ask the running server how it is: listeners, counts, delays, warnings.",
            "The exit code is for monitoring. Faults of the configuration on disk do not matter to it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it runs, and all is well",
            "1:it needs attention, or did not answer",
            "2:wrong usage, or it was not found by a faulty configuration",
            "3:it does not run"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost status --config /etc/loghost/loghost.toml%n")
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int NEEDS_ATTENTION = 1;
    private static final int NOT_RUNNING = 3;

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--json", description = "As one JSON object, for programs.")
    private boolean json;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        try {
            ControlClient.Answer answer =
                    options.ask(terminal, json ? Question.STATUS_JSON : Question.STATUS, PATIENCE);
            terminal.out().println(answer.text().stripTrailing());
            return answer.well() ? 0 : NEEDS_ATTENTION;
        } catch (NotRunningException notRunning) {
            terminal.err().println("loghost: " + notRunning.getMessage());
            return NOT_RUNNING;
        }
    }
}
