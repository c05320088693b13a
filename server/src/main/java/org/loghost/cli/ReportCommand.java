package org.loghost.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.loghost.control.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost report --now}. */
@Command(
        name = "report",
        description = {
            "Make the running server report what it has found since the last report.",
            "Returns when the report is in the outbox and was handed over."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, or the server does not run", "2:wrong usage or configuration"},
        footerHeading = "%nExample:%n",
        footer = "  loghost report --now --config /etc/loghost/loghost.toml%n")
final class ReportCommand implements Callable<Integer> {
    /** Longer than a mail server may take: connection, greeting, login, text, acceptance. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--now", required = true, description = "Now, not when the schedule says so.")
    @SuppressWarnings("unused") // picocli asks for it
    private boolean now;

    ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        terminal.out()
                .println(options.ask(terminal, Question.REPORT_NOW, PATIENCE)
                        .text()
                        .stripTrailing());
        return 0;
    }
}
