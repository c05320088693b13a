package org.loghost.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.loghost.report.ShownText;
import org.loghost.rules.LocalRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loghost rules undo}. */
@Command(
        name = "undo",
        description = "Take out again what loghost rules suggest --write has written last.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:there is nothing to take out, or it was changed by hand",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost rules undo --config /etc/loghost/loghost.toml%n")
final class RulesUndoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RulesOptions options = new RulesOptions();

    RulesUndoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        LocalRules local = LocalRules.of(options.read());
        List<String> taken = local.undo();
        if (taken.isEmpty()) {
            throw new IOException(local.file() + ": nothing that loghost rules suggest --write has written");
        }
        terminal.out().println("Taken out of " + local.file() + ":");
        taken.forEach(line -> terminal.out().println("  " + ShownText.of(line)));
        return 0;
    }
}
