package org.loghost.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.loghost.control.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loghost reload}. */
@Command(
        name = "reload",
        description = {
            "Make the running server read its configuration and its rules again.",
            "Faults change nothing: the old state runs on, and the faults are printed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the new state is in force",
            "1:nothing changed: faults, or the server does not run",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost reload --config /etc/loghost/loghost.toml%n")
final class ReloadCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    ReloadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        terminal.out()
                .println(options.ask(terminal, Question.RELOAD, PATIENCE).text().stripTrailing());
        return 0;
    }
}
