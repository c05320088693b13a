package org.loghost.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
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
public final class Main {
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

    /** Runs the command named by the arguments and ends the process with its exit code. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("serve")) {
            HeadStart.begin();
        }
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        Terminal terminal = new Terminal(System.in, out, err);
        int code = isPlainServe(args) ? ServeCommand.serve(terminal, args) : run(terminal, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /**
     * {@code serve} and {@code serve --config FILE}, as services start it, is understood without picocli: its class files
     * are of a version that no archive of prepared classes takes, and loading them was a third of the start.
     */
    private static boolean isPlainServe(String... args) {
        return args.length > 0
                && args[0].equals("serve")
                && (args.length == 1 || (args.length == 3 && args[1].equals("--config") && !args[2].startsWith("-")));
    }

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

    /** Names and lines are UTF-8, whatever the locale of a cron job or a container is. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, StandardCharsets.UTF_8);
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
