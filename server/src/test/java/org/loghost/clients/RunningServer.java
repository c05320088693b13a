package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.loghost.Server;
import org.loghost.config.ConfigReader;

/** A server in this process, on free ports of all addresses, as the clients in containers see it. */
final class RunningServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path data;
    private final Server server;

    private RunningServer(Path data, Server server) {
        this.data = data;
        this.server = server;
    }

    /** Starts a server whose configuration is the listeners and these further lines of TOML. */
    static RunningServer start(Path data, String... moreToml) throws Exception {
        Path file = data.resolve("loghost.toml");
        Files.writeString(file, """
                data = "%s"
                zone = "UTC"
                [[listen]]
                kind = "udp"
                bind = "0.0.0.0:0"
                [[listen]]
                kind = "tcp"
                bind = "0.0.0.0:0"
                """.formatted(data) + String.join("\n", moreToml) + "\n");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new RunningServer(data, Server.start(ConfigReader.here().read(file, null), nowhere));
    }

    int udpPort() {
        return port(0);
    }

    int tcpPort() {
        return port(1);
    }

    private int port(int listener) {
        return ((InetSocketAddress) server.boundAddresses().get(listener)).getPort();
    }

    /** The archive's folder of hosts. */
    Path archive() {
        return data.resolve("hosts");
    }

    /** Waits until a host's archive has a line that ends so, and returns the line. */
    String awaitLine(String host, String end) {
        return await().alias("a line of host " + host + " that ends in: " + end)
                .atMost(PATIENCE)
                .until(() -> lineOf(host, end), Optional::isPresent)
                .orElseThrow();
    }

    /** Waits until some host's archive has a line that ends so, and returns the host. */
    String awaitHostOf(String end) {
        return await().alias("a line of any host that ends in: " + end)
                .atMost(PATIENCE)
                .until(
                        () -> hosts().stream()
                                .filter(host -> lineOf(host, end).isPresent())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<String> hosts() {
        if (!Files.isDirectory(archive())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(archive())) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> lineOf(String host, String end) {
        Path current = archive().resolve(host).resolve("current.log");
        if (!Files.exists(current)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(current, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.endsWith(end)).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes the report now and hands it over.
     *
     * @throws IOException when the mail server did not take it; the reason is in the message
     */
    String reportNow() throws IOException {
        return server.reportNow();
    }

    /** Makes the report now and hands it over; the mail that the built-in Maildir got. */
    String mailNow() throws Exception {
        Path arrived = data.resolve("mail/new");
        Set<Path> before = mails(arrived);
        server.reportNow();
        Set<Path> after = mails(arrived);
        after.removeAll(before);
        assertThat(after).as("new mails").hasSize(1);
        try (InputStream mail = Files.newInputStream(after.iterator().next())) {
            return (String) new MimeMessage(null, mail).getContent();
        }
    }

    private static Set<Path> mails(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return new HashSet<>();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.collect(Collectors.toCollection(HashSet::new));
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
