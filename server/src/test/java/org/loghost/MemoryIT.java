package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that others can make the server keep, at once, against the heap that {@code bin/loghost} gives it. */
class MemoryIT {
    private static final Duration ATTACK = Duration.ofSeconds(12);
    private static final int MOST_CONNECTIONS = 2_700;
    private static final int TCP_LINES = 5_000;
    private static final int DATAGRAMS = 50_000;

    @TempDir
    Path data;

    @Test
    void everyBoundFilledAtOnceFitsIntoTheHeap() throws Exception {
        ExecutorService senders = Executors.newCachedThreadPool();
        List<SocketChannel> halfFrames = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(data, "[hosts]", "reverse-dns = false")) {
            openHalfFrames(server, halfFrames);
            long end = System.nanoTime() + ATTACK.toNanos();
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                work.add(() -> sendLines(server, end));
            }
            for (int i = 0; i < 4; i++) {
                work.add(() -> sendDatagrams(server, end));
            }
            for (Future<Void> sent : senders.invokeAll(work)) {
                sent.get();
            }
            server.sendTcp("<13>Nov 23 06:30:00 survivor app: still here\n");
            server.awaitLines("survivor", "still here", 1);
            for (SocketChannel half : halfFrames) {
                half.close(); // each half frame is a message now, all at once
            }
            server.sendTcp("<13>Nov 23 06:30:00 survivor app: and after that\n");
            server.awaitLines("survivor", "and after that", 1);
            assertThat(server.run("status")).contains("memory").endsWith("exit 0");
            assertThat(server.stop()).isZero();
            assertThat(server.output()).doesNotContain("OutOfMemoryError");
        } finally {
            senders.shutdownNow();
            for (SocketChannel half : halfFrames) {
                half.close();
            }
        }
    }

    /** As many as may be, from three addresses of loopback; control bytes, which grow fourfold in the archive. */
    private static void openHalfFrames(ServerProcess server, List<SocketChannel> opened) throws IOException {
        byte[] half = controlBytes("<13>half: ", 63_500);
        int connections = connectionsAllowed();
        for (int i = 0; i < connections; i++) {
            SocketChannel connection = SocketChannel.open();
            opened.add(connection);
            connection.bind(new InetSocketAddress("127.0.0." + (2 + i % 3), 0));
            connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.tcpPort()));
            connection.configureBlocking(false);
            connection.write(ByteBuffer.wrap(half)); // what finds no place at once may stay unsent
        }
    }

    private static Void sendLines(ServerProcess server, long end) throws IOException {
        byte[] line = controlBytes("<13>Nov 23 06:30:00 " + "h".repeat(190) + " app: ", 64_500);
        line[line.length - 1] = '\n';
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.tcpPort())) {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < TCP_LINES && System.nanoTime() - end < 0; i++) {
                out.write(line);
            }
        }
        return null;
    }

    private static Void sendDatagrams(ServerProcess server, long end) throws IOException {
        byte[] message = controlBytes("<13>Nov 23 06:30:00 " + "d".repeat(190) + " app: ", 64_000);
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            DatagramPacket packet =
                    new DatagramPacket(message, message.length, InetAddress.getLoopbackAddress(), server.udpPort());
            for (int i = 0; i < DATAGRAMS && System.nanoTime() - end < 0; i++) {
                socket.send(packet);
            }
        }
        return null;
    }

    private static byte[] controlBytes(String head, int length) {
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(start, length);
        Arrays.fill(message, start.length, length, (byte) 1);
        return message;
    }

    private static int connectionsAllowed() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(MOST_CONNECTIONS, unix.getMaxFileDescriptorCount() / 2 - 300)
                : MOST_CONNECTIONS / 10;
    }
}
