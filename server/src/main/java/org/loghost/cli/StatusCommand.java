package org.loghost.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.loghost.control.ControlClient;
import org.loghost.control.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost status}. */
@Command(
        name = "status",
        description = "Ask the running server how it is: listeners, counts, delays, warnings.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it runs and answered",
            "1:it does not run or did not answer",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost status --config /etc/loghost/loghost.toml%n")
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(8);

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
        ControlClient client = new ControlClient(options.readServers().control().path());
        terminal.out()
                .println(client.ask(json ? Question.STATUS_JSON : Question.STATUS, PATIENCE)
                        .stripTrailing());
        return 0;
    }
}
