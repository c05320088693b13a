package org.loghost.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code loghost}: finds the command, runs it and turns what happened into an exit code: 0 done, 1 failed, 2 wrong
 * usage or configuration.
 */
@Command(
        name = "loghost",
        versionProvider = Main.Version.class,
        description = "A central syslog server: one archive per host, one report for all hosts.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage or configuration"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  loghost demo                   see what it does, in a few seconds",
            "  loghost serve                  run with built-in defaults",
            "  loghost serve --config /etc/loghost/loghost.toml",
            "  loghost COMMAND --help         more about one command%n"
        })
final class Main {
    /** In the order of the help; made when named, so that a small command loads no other's classes. */
    private static final Map<String, Function<Terminal, Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("parse", ParseCommand::new);
        COMMANDS.put("status", StatusCommand::new);
        COMMANDS.put("hosts", HostsCommand::new);
        COMMANDS.put("tail", TailCommand::new);
        COMMANDS.put("report", ReportCommand::new);
        COMMANDS.put("reload", ReloadCommand::new);
        COMMANDS.put("check-config", CheckConfigCommand::new);
        COMMANDS.put("check", CheckCommand::new);
        COMMANDS.put("rules", RulesCommand::line);
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean version;

    private Main() {}

    /** Runs a command and returns its exit code. */
    static int run(Terminal terminal, String... args) {
        CommandLine line = new CommandLine(new Main());
        Function<Terminal, Object> named = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (named != null) {
            line.addSubcommand(args[0], named.apply(terminal));
        } else {
            COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.apply(terminal)));
        }
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler((wrong, arguments) -> wrongUsage(wrong));
        line.setExecutionExceptionHandler((failure, command, parsed) -> Failure.exitCode(failure, terminal.err()));
        if (args.length == 0) {
            line.usage(line.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }

    private static int wrongUsage(CommandLine.ParameterException wrong) {
        CommandLine line = wrong.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("loghost: " + WrongUsage.said(wrong));
        if (!(wrong instanceof CommandLine.UnmatchedArgumentException)) {
            err.println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            @Nullable String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"loghost " + (version == null ? "(not packaged)" : version)};
        }
    }
}
