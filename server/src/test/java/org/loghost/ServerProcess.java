package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The real command, {@code bin/loghost serve --config FILE}, in a process of its own on free ports of loopback. */
final class ServerProcess implements AutoCloseable {
    private static final String LISTENERS = """
        data = "."
        zone = "UTC"
        [[listen]]
        kind = "udp"
        bind = "127.0.0.1:0"
        [[listen]]
        kind = "tcp"
        bind = "127.0.0.1:0"
        """;

    private final Path data;
    private final Process process;
    private final Path output;

    private ServerProcess(Path data, Process process, Path output) {
        this.data = data;
        this.process = process;
        this.output = output;
    }

    /** Starts the server in a folder and waits until it listens; further lines of TOML follow the two listeners. */
    static ServerProcess start(Path data, String... moreToml) throws IOException {
        return listening(launch(data, LISTENERS + String.join("\n", moreToml) + "\n"));
    }

    /** As {@link #start}, in a process that may open no more than so many files. */
    static ServerProcess startWithOpenFiles(int limit, Path data, String... moreToml) throws IOException {
        Path config = data.resolve("loghost.toml");
        Files.writeString(config, LISTENERS + String.join("\n", moreToml) + "\n");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh"));
        command.addAll(command(List.of("serve", "--config", config.toString())).command());
        return listening(launch(data, new ProcessBuilder(command)));
    }

    private static ServerProcess listening(ServerProcess server) {
        await().alias("the server listens").atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(server.process.isAlive()).as(server.output()).isTrue();
            return server.output().contains("Try it:");
        });
        return server;
    }

    /** Starts the server with this configuration and waits for nothing. */
    static ServerProcess launch(Path data, String toml) throws IOException {
        Path config = data.resolve("loghost.toml");
        Files.writeString(config, toml);
        return launch(data, command(List.of("serve", "--config", config.toString())));
    }

    private static ServerProcess launch(Path data, ProcessBuilder command) throws IOException {
        Path output = data.resolve("output.txt");
        Files.deleteIfExists(output);
        Process process = command.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ServerProcess(data, process, output);
    }

    private static ProcessBuilder command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of("bin", "loghost").toAbsolutePath().toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(ProcessSignal.hearingHangUp(command));
        builder.environment().put("LOGHOST_BUILD", "never"); // Maven is at work already
        return builder;
    }

    /** Runs another command against this server's configuration; its output and its exit code's line come back. */
    String run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    /** As {@link #run}, with options for Java. */
    String runWith(String javaOptions, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(data.resolve("loghost.toml").toString());
        ProcessBuilder builder = command(all).redirectErrorStream(true);
        builder.environment().put("LOGHOST_JAVA_OPTS", javaOptions);
        Process command = builder.start();
        String text = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text + "exit " + command.exitValue();
    }

    String output() {
        try {
            return Files.exists(output) ? Files.readString(output, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }

    int udpPort() {
        return port("udp");
    }

    int tcpPort() {
        return port("tcp");
    }

    /** The port of the TCP listener that is configured last. */
    int lastTcpPort() {
        Matcher matcher = Pattern.compile("tcp [^,]*?:(\\d+)").matcher(output());
        int port = 0;
        while (matcher.find()) {
            port = Integer.parseInt(matcher.group(1));
        }
        return port;
    }

    private int port(String kind) {
        Matcher matcher =
                Pattern.compile("listens on .*" + kind + " \\S*:(\\d+)").matcher(output());
        assertThat(matcher.find()).as(output()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    void sendUdp(String message) throws IOException {
        sendUdp(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    void sendUdp(byte[] bytes) throws IOException {
        sendUdpFrom("127.0.0.1", bytes);
    }

    /** Sends from another address of loopback: another machine, to the server. */
    void sendUdpFrom(String address, byte[] bytes) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address))) {
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), udpPort()));
        }
    }

    void sendTcp(String stream) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tcpPort());
                OutputStream out = socket.getOutputStream()) {
            out.write(stream.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    Path archive() {
        return data.resolve("hosts");
    }

    List<String> hosts() {
        if (!Files.isDirectory(archive())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(archive())) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> linesOf(String host) {
        Path current = archive().resolve(host).resolve("current.log");
        try {
            return Files.exists(current) ? Files.readAllLines(current, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a host has this many lines that contain a text. */
    void awaitLines(String host, String text, int count) {
        await().alias(count + " lines of " + host + " with: " + text)
                .atMost(Duration.ofSeconds(30))
                .until(() -> linesOf(host).stream()
                                .filter(line -> line.contains(text))
                                .count()
                        >= count);
    }

    /** The mails of the Maildir, oldest first, each as its subject and its text, decoded. */
    List<String> mails() throws Exception {
        Path fresh = data.resolve("mail").resolve("new");
        if (!Files.isDirectory(fresh)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(fresh)) {
            List<String> mails = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    MimeMessage mail = new MimeMessage(null, in);
                    mails.add("Subject: " + mail.getSubject() + "\n\n" + mail.getContent());
                }
            }
            return mails;
        }
    }

    /** SIGTERM; waits for the end. */
    int stop() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** SIGKILL: no chance to write anything. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void hangUp() throws Exception {
        ProcessSignal.send("HUP", process);
    }

    @Override
    public void close() {
        kill();
    }
}
