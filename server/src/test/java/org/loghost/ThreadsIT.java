package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With several event loops, archive shards and classifying threads, every host's lines are all there, in order. */
class ThreadsIT {
    private static final int CONNECTIONS = 8;
    private static final int HOSTS_OF_CONNECTION = 25;
    private static final int LINES_OF_HOST = 1_000;
    /** One line in so many is a finding. */
    private static final int ODD = 100;

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void nothingIsLostOrReorderedWithinAHost(int threads) throws Exception {
        Path rules = Files.createDirectory(temp.resolve("rules"));
        Files.writeString(rules.resolve("logcheck.ignore"), "app: line [0-9]+$\n");
        Files.writeString(rules.resolve("logcheck.violations"), "app: fault\n");
        try (ServerProcess server = ServerProcess.start(
                temp,
                "[threads]",
                "event-loops = " + threads,
                "archive-shards = " + threads,
                "classifiers = " + threads,
                "[rules]",
                "shipped = false",
                "path = \"" + rules + "\"")) {
            ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
            try {
                List<Future<?>> sent = new ArrayList<>();
                for (int connection = 0; connection < CONNECTIONS; connection++) {
                    int first = connection * HOSTS_OF_CONNECTION;
                    sent.add(senders.submit(() -> send(server.tcpPort(), first)));
                }
                for (Future<?> future : sent) {
                    future.get();
                }
            } finally {
                senders.shutdownNow();
            }
            int all = CONNECTIONS * HOSTS_OF_CONNECTION;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> IntStream.range(0, all)
                            .allMatch(host -> server.linesOf("host" + host).size() >= LINES_OF_HOST));
            for (int host = 0; host < all; host++) {
                int number = host;
                assertThat(server.linesOf("host" + host))
                        .containsExactlyElementsOf(IntStream.range(0, LINES_OF_HOST)
                                .mapToObj(line -> text(number, line))
                                .toList());
            }
            assertThat(server.run("report", "--now")).endsWith("exit 0");
            assertThat(server.mails()).anyMatch(mail -> mail.contains("2,000"));
        }
    }

    private static Void send(int port, int firstHost) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 8192)) {
            for (int line = 0; line < LINES_OF_HOST; line++) {
                for (int host = firstHost; host < firstHost + HOSTS_OF_CONNECTION; host++) {
                    out.write(("<38>" + text(host, line) + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
        return null;
    }

    private static String text(int host, int line) {
        return "Nov 23 10:00:00 host" + host + " app: " + (line % ODD == 7 ? "fault " : "line ") + line;
    }
}
