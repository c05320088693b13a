package org.loghost.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.loghost.archive.ArchiveReader;
import org.loghost.config.LoghostConfig;
import org.loghost.control.NotRunningException;
import org.loghost.control.Question;
import org.loghost.report.ShownText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost hosts}. */
@Command(
        name = "hosts",
        description = {
            "List the hosts the running server knows: last seen, lines, address.",
            "When no server runs, the hosts in the archive."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the server did not answer, or the archive cannot be read",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost hosts --config /etc/loghost/loghost.toml%n")
final class HostsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--json", description = "As one JSON array, for programs.")
    private boolean json;

    HostsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        try {
            String hosts = options.ask(terminal, json ? Question.HOSTS_JSON : Question.HOSTS, PATIENCE)
                    .text();
            terminal.out().println(hosts.stripTrailing());
        } catch (NotRunningException notRunning) {
            if (json) {
                throw notRunning;
            }
            terminal.err().println("loghost: " + notRunning.getMessage() + "; these are in the archive:");
            LoghostConfig config = options.readServers();
            printArchived(Archives.of(config, terminal.err()), config.zone());
        }
        return 0;
    }

    private void printArchived(ArchiveReader archive, ZoneId zone) throws IOException {
        for (ArchiveReader.HostFolder host : archive.hosts()) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "%-40s last written %s  %4d days  %12d bytes%n",
                            ShownText.ofText(host.name()),
                            host.lastWritten().atZone(zone).format(TIME),
                            host.days(),
                            host.bytes());
        }
    }
}
