package org.loghost.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loghost rules}: the commands about rules. */
@Command(
        name = "rules",
        synopsisSubcommandLabel = "COMMAND",
        description = "Test, check and write rules.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, or something was found", "2:wrong usage or configuration"},
        footerHeading = "%nExample:%n",
        footer = "  tail -n 20 /var/log/syslog | loghost rules test%n")
final class RulesCommand implements Callable<Integer> {
    private static final Map<String, Function<Terminal, Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("test", RulesTestCommand::new);
        COMMANDS.put("lint", RulesLintCommand::new);
        COMMANDS.put("grep", RulesGrepCommand::new);
        COMMANDS.put("suggest", RulesSuggestCommand::new);
        COMMANDS.put("undo", RulesUndoCommand::new);
        COMMANDS.put("stats", RulesStatsCommand::new);
        COMMANDS.put("import", RulesImportCommand::new);
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private RulesCommand() {}

    /** The command with the ones below it. */
    static CommandLine line(Terminal terminal) {
        CommandLine line = new CommandLine(new RulesCommand());
        COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.apply(terminal)));
        return line;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "which one? (expected: " + String.join(", ", COMMANDS.keySet()) + ")");
    }
}
