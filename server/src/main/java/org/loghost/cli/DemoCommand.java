package org.loghost.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.loghost.Server;
import org.loghost.config.LoghostConfig;
import org.loghost.control.ControlClient;
import org.loghost.control.Question;
import org.loghost.hosts.HostsConfig;
import org.loghost.listen.ListenerConfig;
import org.loghost.report.ReportConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loghost demo}: a throw-away server, a minute of traffic, and what comes out. */
@Command(
        name = "demo",
        description = {
            "Show in a few seconds what Loghost does.",
            "A throw-away server on free ports of loopback gets a minute of traffic of a dozen simulated hosts,",
            "with an attack and a dying disk in it; then the archive and the mailed report are printed.",
            "Its files stay, to look around in; the last line says where they are."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
        footerHeading = "%nExample:%n",
        footer = "  loghost demo%n  loghost demo --discard%n")
final class DemoCommand implements Callable<Integer> {
    /** A minute in about four seconds. */
    private static final Duration PACE = Duration.ofMillis(65);

    /** Longer than the archive's buffers keep a line. */
    private static final Duration QUIET = Duration.ofMillis(1_300);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Terminal terminal;
    private final AtomicBoolean cleaned = new AtomicBoolean();

    @Option(names = "--discard", description = "Delete the demo's files when it ends.")
    private boolean discard;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Configurator.setLevel("org.loghost", Level.WARN);
        DemoScript script = DemoScript.shipped();
        Path data = Files.createTempDirectory("loghost-demo-");
        LoghostConfig config = config(script, data);
        Server server =
                Server.start(config, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        Thread onInterrupt = new Thread(() -> cleanUp(server, data));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            InetSocketAddress udp = (InetSocketAddress) server.boundAddresses().get(0);
            InetSocketAddress tcp = (InetSocketAddress) server.boundAddresses().get(1);
            say("A throw-away loghost on 127.0.0.1, UDP " + udp.getPort() + " and TCP " + tcp.getPort()
                    + "; its files are under " + data
                    + (discard ? " until it ends" : ""));
            int sent = send(script, new DemoSender(udp, tcp));
            say("Waiting for the archive ...");
            awaitArchive(config.archive().path(), sent);
            new ControlClient(config.control().path()).ask(Question.REPORT_NOW, PATIENCE);
            printArchive(config.archive().path());
            return printMails(data.resolve("mail")) ? 0 : 1;
        } finally {
            cleanUp(server, data);
        }
    }

    private static LoghostConfig config(DemoScript script, Path data) {
        LoghostConfig usual = LoghostConfig.defaults(data);
        List<ListenerConfig> listeners =
                List.of(ListenerConfig.Udp.at("127.0.0.1:0"), ListenerConfig.Tcp.at("127.0.0.1:0"));
        HostsConfig hosts = HostsConfig.defaults(List.of("example.com"));
        ReportConfig report = usual.report();
        return new LoghostConfig(
                null,
                data,
                usual.zone(),
                listeners,
                false,
                usual.archive(),
                // No DNS: on loopback every address is "localhost" to it.
                new HostsConfig(
                        script.names(),
                        hosts.aliases(),
                        hosts.stripDomains(),
                        false,
                        hosts.dnsServers(),
                        hosts.dnsWait(),
                        hosts.maxHosts(),
                        hosts.maxNewPerSender()),
                usual.rules(),
                // The schedule must not come in between; the demo asks for its report.
                new ReportConfig(
                        Duration.ofDays(7), report.to(), report.maxLines(), report.repeat(), report.keepSize()),
                usual.mail(),
                usual.control(),
                usual.threads(),
                List.of());
    }

    private int send(DemoScript script, DemoSender sender) throws IOException {
        List<DemoScript.Message> messages = script.messages(ZonedDateTime.now(ZoneId.systemDefault()));
        say("Sending " + messages.size() + " messages of " + script.hosts().size() + " hosts, a minute's worth ...");
        try (sender) {
            int second = 0;
            for (DemoScript.Message message : messages) {
                LockSupport.parkNanos(PACE.toNanos() * (message.second() - second));
                second = message.second();
                sender.send(message);
            }
        }
        return messages.size();
    }

    /** Until every line is on file and none has come for a while: the server's own lines come on top. */
    private static void awaitArchive(Path hosts, int expected) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long since = System.nanoTime();
        long lines = 0;
        while (System.nanoTime() < deadline && (lines < expected || System.nanoTime() - since < QUIET.toNanos())) {
            long now = DemoArchive.read(hosts).stream()
                    .mapToLong(DemoArchive.DayFile::lines)
                    .sum();
            if (now != lines) {
                lines = now;
                since = System.nanoTime();
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private void printArchive(Path hosts) throws IOException {
        PrintStream out = terminal.out();
        out.println();
        out.println("== The archive: a folder per host, a file per day ==");
        out.println();
        for (DemoArchive.DayFile file : DemoArchive.read(hosts)) {
            out.printf("  %-34s %5d lines %8d bytes%n", hosts.relativize(file.path()), file.lines(), file.bytes());
        }
    }

    private boolean printMails(Path maildir) throws IOException {
        PrintStream out = terminal.out();
        List<ReceivedMail> mails = ReceivedMail.of(maildir);
        for (ReceivedMail mail : mails) {
            out.println();
            out.println("== The report, as mailed ==");
            out.println();
            for (String header : List.of("From", "To", "Date", "Subject")) {
                out.println(header + ": " + mail.header(header));
            }
            out.println();
            out.println(mail.text().stripTrailing());
        }
        if (mails.isEmpty()) {
            terminal.err().println("loghost: no report came into " + maildir + "");
        }
        return !mails.isEmpty();
    }

    private void cleanUp(Server server, Path data) {
        if (!cleaned.compareAndSet(false, true)) {
            return;
        }
        server.stop();
        if (!discard) {
            terminal.out().println();
            terminal.out()
                    .println("The demo's server has stopped. Its files stay until you delete them: rm -r " + data);
            return;
        }
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException left) {
            terminal.err().println("loghost: not deleted: " + data + ": " + left.getMessage());
        }
    }

    private void say(String text) {
        terminal.err().println(text);
    }
}
