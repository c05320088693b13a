package org.loghost.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.loghost.archive.ArchiveReader;
import org.loghost.config.ConfigReader;
import org.loghost.report.ShownText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loghost tail}: reads the archive's files; needs no running server. */
@Command(
        name = "tail",
        description = "Print the last lines of hosts, and with -f what they log from now on.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the archive cannot be read", "2:wrong usage or configuration"},
        footerHeading = "%nExample:%n",
        footer = "  loghost tail -f web01 web02 --config /etc/loghost/loghost.toml%n")
final class TailCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1_000_000;

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Parameters(paramLabel = "HOST", description = "Which hosts; all without it.")
    private List<String> hosts = List.of();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with new lines until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many lines of each host (default: ${DEFAULT-VALUE}).")
    private int lines;

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (lines < 0 || lines > MOST_LINES) {
            terminal.err().println("loghost: --lines: " + lines + " (expected: 0 to " + MOST_LINES + ")");
            return CommandLine.ExitCode.USAGE;
        }
        ConfigReader.Reading reading = options.readAsFarAsPossible();
        options.tellFaults(terminal, reading.faults());
        ArchiveReader archive = Archives.of(reading.config(), terminal.err());
        checkHosts(archive);
        // The terminal's stream flushes at every write: too slow for a million lines.
        OutputStream out = new BufferedOutputStream(terminal.out(), 1 << 16);
        if (follow) {
            ArchiveReader.LineSink atOnce = (host, bytes, offset, length) -> {
                print(out, bytes, offset, length);
                flush(out);
            };
            archive.follow(hosts, lines, atOnce, terminal.out()::checkError);
        } else {
            archive.tail(hosts, lines, (host, bytes, offset, length) -> print(out, bytes, offset, length));
            flush(out);
        }
        return 0;
    }

    private void checkHosts(ArchiveReader archive) throws IOException {
        Set<String> known = new HashSet<>();
        for (ArchiveReader.HostFolder host : archive.hosts()) {
            known.add(host.name());
        }
        for (String host : hosts) {
            if (!known.contains(host)) {
                throw new IOException("no host \"" + host + "\" in the archive (expected: one of loghost hosts)");
            }
        }
    }

    /** The line names its host itself. What is invisible in it, or turns its direction, is shown as in a report. */
    private static void print(OutputStream out, byte[] bytes, int offset, int length) throws IOException {
        ShownText.write(bytes, offset, length, out);
        out.write('\n');
    }

    private void flush(OutputStream out) throws IOException {
        out.flush();
        if (terminal.out().checkError()) {
            throw new IOException("standard output is closed");
        }
    }
}
