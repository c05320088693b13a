package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server does at the limits of the machine, seen from outside. */
class LimitsIT {
    private static final String STAMP = "Nov 23 06:30:00";

    @TempDir
    Path data;

    @Test
    void connectionsLeaveOpenFilesToTheArchiveAndTheControlSocket() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (ServerProcess server = ServerProcess.startWithOpenFiles(150, data)) {
            for (int i = 0; i < 200; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), server.tcpPort()));
            }
            for (int host = 0; host < 12; host++) {
                server.sendUdp("<13>" + STAMP + " host" + host + " app: line");
            }
            for (int host = 0; host < 12; host++) {
                server.awaitLines("host" + host, "app: line", 1);
            }
            String status = server.run("status");
            assertThat(status).contains("150 open files (connections ").endsWith("exit 0");
            assertThat(status)
                    .containsPattern("all \\d+ connections that are allowed are open")
                    .contains("LimitNOFILE");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void whoOpensManyMakesRoomForOthersAndLosesNothing() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        String tcp = "[[listen]]\nkind = \"tcp\"\nbind = \"127.0.0.1:0\"\nmax-connections = 20";
        try (ServerProcess server = ServerProcess.start(data, tcp)) {
            int port = server.lastTcpPort();
            for (int i = 0; i < 18; i++) {
                Socket socket = connect("127.0.0." + (2 + i % 2), port);
                socket.getOutputStream()
                        .write(("<13>" + STAMP + " greedy app: half line " + i).getBytes(StandardCharsets.US_ASCII));
                sockets.add(socket);
            }
            for (int i = 0; i < 4; i++) {
                Socket other = connect("127.0.1." + i, port);
                sockets.add(other);
                other.getOutputStream()
                        .write(("<13>" + STAMP + " modest app: line\n").getBytes(StandardCharsets.US_ASCII));
            }
            server.awaitLines("modest", "app: line", 4);
            server.awaitLines("greedy", "app: half line", 2);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.run("status").contains("2  connections closed to make room"));
            assertThat(server.run("status")).contains("all 20 connections that are allowed are open");
            for (Socket socket : sockets) {
                socket.close();
            }
            server.awaitLines("greedy", "app: half line", 18);
        }
    }

    @Test
    void statusShowsTheReceiveBufferThatTheKernelGranted() throws Exception {
        String udp = "[[listen]]\nkind = \"udp\"\nbind = \"127.0.0.1:0\"\nreceive-buffer = \"128 KiB\"";
        try (ServerProcess server = ServerProcess.start(data, udp)) {
            assertThat(server.run("status")).contains("(receive buffer 128 KiB)");
            assertThat(server.run("status", "--json"))
                    .contains("\"receive_buffer_bytes\":[")
                    .contains("131072]");
        }
    }

    @Test
    void aCommandWithoutEnoughMemorySaysSoWithoutAStackTrace() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            String answer = server.runWith("-Xmx2m", "check-config");
            assertThat(answer)
                    .contains("out of memory: ")
                    .contains("LOGHOST_JAVA_OPTS")
                    .doesNotContain("\tat ");
            assertThat(answer).endsWith("exit 1");
        }
    }

    private static Socket connect(String from, int port) throws Exception {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }
}
