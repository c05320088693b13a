package org.loghost.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loghost.message.BatchPool;
import org.loghost.message.Listener;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

@Timeout(60)
class ListenerGroupIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final InetAddress LOOPBACK = BindAddress.parse("127.0.0.1:0").address();
    private static final InetAddress LOOPBACK6 = BindAddress.parse("[::1]:0").address();

    private final FakeHosts hosts = new FakeHosts();
    private final Collected sink = new Collected();
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());
    private final BatchPool datagramBatches = new BatchPool(4);
    private final BatchPool streamBatches = new BatchPool(4);
    private final List<ListenerGroup> started = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void stopAll() {
        sink.letGo();
        started.forEach(ListenerGroup::close);
        assertThat(datagramBatches.inFlight()).isZero();
        assertThat(streamBatches.inFlight()).isZero();
    }

    // ---- UDP

    @ParameterizedTest
    @EnumSource(Transport.class)
    void oneDatagramIsOneMessage(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Udp.at("127.0.0.1:0"));
        sendDatagrams(port(group), "<13>t: one", "<13>t: two\n<13>t: not a second\n", "", "<13>t: three");
        awaitCount(3);
        assertThat(sink.texts().get(0)).isEqualTo("one");
        assertThat(sink.texts().get(1)).startsWith("two").contains("not a second");
        assertThat(sink.texts().get(2)).isEqualTo("three");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(metrics.get(Count.EMPTY)).isEqualTo(1));
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(3);
        assertThat(sink.messages().get(0).sender()).isEqualTo("127.0.0.1");
        assertThat(sink.messages().get(0).receivedMillis())
                .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(10_000L));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theLargestDatagramIsTakenWhole(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Udp.at("127.0.0.1:0"));
        String text = "x".repeat(65_507 - "<13>t: ".length());
        sendDatagrams(port(group), "<13>t: " + text, "<13>t: next");
        awaitCount(2);
        assertThat(sink.texts()).containsExactly(text, "next");
        assertThat(metrics.get(Count.TRUNCATED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aDatagramOverTheLimitIsCutAndMarked(Transport transport) throws IOException {
        ListenerConfig.Udp config = new ListenerConfig.Udp("127.0.0.1:0", List.of(), 100, false, null, 1 << 20);
        ListenerGroup group = start(transport, config);
        sendDatagrams(
                port(group),
                "<13>t: " + "x".repeat(93),
                "<13>t: " + "x".repeat(93) + "\n",
                "<13>t: " + "x".repeat(94),
                "<13>t: " + "y".repeat(9_000));
        awaitCount(4);
        assertThat(sink.texts())
                .containsExactly("x".repeat(93), "x".repeat(93), "x".repeat(93) + " [cut]", "y".repeat(93) + " [cut]");
        assertThat(sink.messages().stream().map(Collected.Message::truncated))
                .containsExactly(false, false, true, true);
        assertThat(metrics.get(Count.TRUNCATED)).isEqualTo(2);
    }

    @Test
    void manyDatagramsKeepTheirOrder() throws IOException {
        ListenerGroup group = start(ListenerConfig.Udp.at("127.0.0.1:0"));
        List<String> texts =
                IntStream.range(0, 5_000).mapToObj(i -> "number " + i).toList();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < texts.size(); i++) {
                send(socket, port(group), "<13>t: " + texts.get(i));
                if (i % 200 == 0) {
                    int sent = i + 1;
                    await().atMost(SOON).until(() -> sink.count() >= sent);
                }
            }
        }
        awaitCount(texts.size());
        assertThat(sink.texts()).isEqualTo(texts);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatTheKernelDropsIsCounted(Transport transport) throws IOException {
        ListenerConfig.Udp config = new ListenerConfig.Udp("127.0.0.1:0", List.of(), 65_536, false, null, 16_384);
        ListenerGroup group = start(transport, config);
        sink.hold(); // nobody gives batches back: the listener stops reading, and the socket's buffer fills
        int sent = 0;
        try (DatagramSocket socket = new DatagramSocket()) {
            while (metrics.get(Count.LOST_KERNEL) == 0) {
                for (int i = 0; i < 100; i++, sent++) {
                    send(socket, port(group), "<13>t: " + "x".repeat(8_000));
                }
                assertThat(sent).as("datagrams sent without a loss counted").isLessThan(5_000_000);
            }
        }
        sink.letGo();
        group.stop();
        assertThat(metrics.get(Count.RECEIVED) + metrics.get(Count.LOST_KERNEL)).isEqualTo(sent);
        assertThat(sink.count()).isEqualTo((int) metrics.get(Count.RECEIVED));
        assertThat(notices.current())
                .anySatisfy(notice -> assertThat(notice.text()).contains("datagrams were lost at udp 127.0.0.1:0"));
    }

    @Test
    void theGrantedReceiveBufferIsTold() {
        ListenerGroup group = start(ListenerConfig.Udp.at("127.0.0.1:0"));
        OpenListener open = group.listeners().get(0);
        assertThat(open.receiveBufferAsked()).isEqualTo(64 * 1024 * 1024);
        assertThat(open.receiveBufferGranted()).isBetween(100_000, 64 * 1024 * 1024);
    }

    // ---- access

    @Test
    void aSenderThatIsNotAllowedIsCountedAndNamed() throws IOException {
        ListenerGroup group = start(
                new ListenerConfig.Udp("127.0.0.1:0", List.of("192.0.2.0/24"), 65_536, false, null, 1 << 20),
                new ListenerConfig.Tcp(
                        "127.0.0.1:0",
                        List.of("192.0.2.0/24"),
                        65_536,
                        false,
                        null,
                        10,
                        10,
                        Duration.ofSeconds(60),
                        Duration.ZERO));
        sendDatagrams(port(group), "<13>t: one", "<13>t: two");
        await().atMost(SOON).until(() -> metrics.get(Count.REFUSED_ADDRESS) == 2);
        try (Socket socket = connect(group, 1)) {
            assertThat(isClosedByPeer(socket)).isTrue();
        }
        await().atMost(SOON).until(() -> metrics.get(Count.REFUSED_ADDRESS) == 3);
        assertThat(notices.current())
                .extracting(Notice::text)
                .anyMatch(text -> text.contains("127.0.0.1") && text.contains("add its address or network to allow"));
        assertThat(sink.count()).isZero();
        assertThat(metrics.get(Count.RECEIVED)).isZero();
    }

    @Test
    void anAllowedNetworkMaySend() throws IOException {
        ListenerGroup group =
                start(new ListenerConfig.Udp("127.0.0.1:0", List.of("127.0.0.0/8"), 65_536, false, null, 1 << 20));
        sendDatagrams(port(group), "<13>t: one");
        awaitCount(1);
    }

    // ---- TCP

    @ParameterizedTest
    @EnumSource(Transport.class)
    void countedAndLineFramesOnOneConnection(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Tcp.at("127.0.0.1:0"));
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: one\n10 <13>t: two<13>t: three\n200 OK t: four\n<13>t: half");
        }
        awaitCount(5);
        assertThat(sink.texts()).containsExactly("one", "two", "three", "four", "half [cut]");
        await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == 1);
        assertThat(metrics.get(Count.CONNECTIONS_OPENED)).isEqualTo(1);
        assertThat(sink.messages().stream().map(Collected.Message::truncated))
                .containsExactly(false, false, false, false, true);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void messagesOf64KiB(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Tcp.at("127.0.0.1:0"));
        String text = "x".repeat(65_536 - "<13>t: ".length());
        try (Socket socket = connect(group, 0)) {
            for (int i = 0; i < 20; i++) {
                write(socket, "<13>t: " + text + "\n" + "65536 <13>t: " + text);
            }
            write(socket, "<13>t: " + text + "y\n<13>t: next\n");
        }
        awaitCount(42);
        assertThat(sink.texts().subList(0, 40)).allMatch(text::equals);
        assertThat(sink.texts().get(40)).isEqualTo(text + " [cut]");
        assertThat(sink.texts().get(41)).isEqualTo("next");
        assertThat(sink.messages().get(40).truncated()).isTrue();
        assertThat(metrics.get(Count.TRUNCATED)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void tlsOnThePlainPortIsNamedAndGivesNoMessage(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Tcp.at("127.0.0.1:0"));
        try (Socket socket = connect(group, 0)) {
            write(socket, "\u0016\3\1\2\0\1\0\1\u00fc\3\3\n<13>t: no\n");
            assertThat(isClosedByPeer(socket)).isTrue();
        }
        await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == 1);
        assertThat(sink.count()).isZero();
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .startsWith("TLS comes to tcp 127.0.0.1:0, which takes plain syslog: ")
                        .endsWith(": 127.0.0.1"));
    }

    @Test
    void httpIsNamedAndItsLinesAreKept() throws IOException {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        try (Socket socket = connect(group, 0)) {
            write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitCount(2);
        }
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .startsWith("HTTP comes to tcp 127.0.0.1:0")
                        .endsWith(": 127.0.0.1"));
    }

    @Test
    void skippedBytesAreCountedAsLostAndTheirSenderIsNamed() throws IOException {
        ListenerGroup group = start(new ListenerConfig.Tcp(
                "127.0.0.1:0", List.of(), 500, false, null, 10, 10, Duration.ofSeconds(60), Duration.ZERO));
        try (Socket socket = connect(group, 0)) {
            write(socket, "9999 <13>t: " + "x".repeat(2_000) + "10 <13>t: two");
            awaitCount(2);
            assertThat(sink.texts().get(1)).isEqualTo("two");
        }
        await().atMost(SOON).until(() -> metrics.get(Count.LOST_STREAM_BYTES) == 2_007 - 500);
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .startsWith("bytes of connections at tcp 127.0.0.1:0 were skipped")
                        .endsWith(": 127.0.0.1"));
    }

    @Test
    void aHalfLineAtAStopIsMarkedAsCut() throws IOException {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: ha");
            group.stop();
        }
        assertThat(sink.messages()).singleElement().matches(Collected.Message::truncated);
    }

    @Test
    void aHalfLineOfABrokenConnectionIsMarkedAsCutAndAnUndelimitedMessageIsNot() throws IOException {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: whole");
        }
        awaitCount(1);
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: line\n<13>t: ha");
            awaitCount(2);
        }
        awaitCount(3);
        assertThat(sink.messages().stream().map(Collected.Message::truncated)).containsExactly(false, false, true);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aCountBeforeADatagramIsNoText(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Udp.at("127.0.0.1:0"));
        sendDatagrams(port(group), "10 <13>t: one", "10 <13>t: two10 <13>t: six\n", "99 <13>t: far", "10 of <13>t: it");
        awaitCount(5);
        assertThat(sink.texts()).containsExactly("one", "two", "six", "far", "it");
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .startsWith("datagrams with a count come to udp 127.0.0.1:0")
                        .endsWith(": 127.0.0.1"));
    }

    @Test
    void aHalfFrameExpires() throws IOException {
        ListenerGroup group = start(new ListenerConfig.Tcp(
                "127.0.0.1:0", List.of(), 65_536, false, null, 10, 10, Duration.ofMillis(100), Duration.ZERO));
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: half");
            awaitCount(1);
            assertThat(sink.texts()).containsExactly("half");
            assertThat(metrics.get(Count.EXPIRED_FRAMES)).isEqualTo(1);
            write(socket, "<13>t: other half\n");
            awaitCount(2);
        }
    }

    @Test
    void anIdleConnectionIsClosedOnlyWhenThatIsAsked() throws IOException {
        ListenerGroup group = start(new ListenerConfig.Tcp(
                "127.0.0.1:0", List.of(), 65_536, false, null, 10, 10, Duration.ofSeconds(60), Duration.ofMillis(100)));
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: half");
            assertThat(isClosedByPeer(socket)).isTrue();
        }
        awaitCount(1);
    }

    @Test
    void connectionsBeyondTheLimitsAreRefusedAndTheOthersGoOn() throws IOException {
        ListenerGroup group = start(
                new ListenerConfig.Tcp(
                        "127.0.0.1:0", List.of(), 65_536, false, null, 3, 10, Duration.ofSeconds(60), Duration.ZERO),
                new ListenerConfig.Tcp(
                        "127.0.0.1:0", List.of(), 65_536, false, null, 10, 2, Duration.ofSeconds(60), Duration.ZERO));
        for (int listener = 0; listener < 2; listener++) {
            List<Socket> good = new ArrayList<>();
            for (int i = 0; i < 3 - listener; i++) {
                good.add(connect(group, listener));
            }
            int open = good.size() + (listener == 1 ? 3 : 0);
            await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_OPENED) == open);
            try (Socket refused = connect(group, listener)) {
                assertThat(isClosedByPeer(refused)).isTrue();
            }
            for (Socket socket : good) {
                write(socket, "<13>t: good\n");
                socket.close();
            }
            await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == open);
            try (Socket again = connect(group, listener)) {
                write(again, "<13>t: good\n");
            }
            await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == open + 1);
            if (listener == 0) {
                // the counts of the second listener start behind those of the first
                assertThat(metrics.get(Count.REFUSED_CONNECTIONS)).isEqualTo(1);
                good.clear();
                metrics.add(Count.CONNECTIONS_OPENED, -1);
                metrics.add(Count.CONNECTIONS_CLOSED, -1);
            }
        }
        assertThat(metrics.get(Count.REFUSED_SENDER_CONNECTIONS)).isEqualTo(1);
        awaitCount(7);
        assertThat(notices.current())
                .extracting(Notice::text)
                .anyMatch(text -> text.contains("raise max-connections)"))
                .anyMatch(text -> text.contains("raise max-connections-per-sender)"));
    }

    @Test
    void aThousandConnections() throws IOException {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sockets.add(connect(group, 0));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < sockets.size(); i++) {
                write(sockets.get(i), i % 2 == 0 ? "<13>t: a\n<13>t" : "8 <13>t: a");
                write(sockets.get(i), i % 2 == 0 ? ": b\n" : "8 <13>t: b");
            }
        }
        awaitCount(6_000);
        for (Socket socket : sockets) {
            socket.close();
        }
        await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == 1_000);
        assertThat(sink.batches()).as("trickling connections share batches").isLessThan(3_000);
    }

    @Test
    void connectionsThatComeAndGoLeaveNothingBehind() throws IOException {
        ListenerGroup group = start(new ListenerConfig.Tcp(
                "127.0.0.1:0", List.of(), 65_536, false, null, 50, 50, Duration.ofSeconds(60), Duration.ZERO));
        for (int i = 0; i < 2_000; i++) {
            if (i % 40 == 0) {
                int before = i;
                await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == before);
            }
            try (Socket socket = connect(group, 0)) {
                if (i % 3 == 0) {
                    socket.setSoLinger(true, 0); // a reset instead of an orderly end
                }
                write(socket, "<13>t: " + "x".repeat(2_000)); // half a frame
            }
        }
        await().atMost(SOON).until(() -> metrics.get(Count.CONNECTIONS_CLOSED) == 2_000);
        assertThat(metrics.get(Count.CONNECTIONS_OPENED)).isEqualTo(2_000);
        assertThat(metrics.get(Count.REFUSED_CONNECTIONS)).isZero();
    }

    // ---- back-pressure

    @ParameterizedTest
    @EnumSource(Transport.class)
    void withoutBatchesTheSenderHasToWaitAndNothingIsLost(Transport transport) throws Exception {
        ListenerGroup group = start(transport, ListenerConfig.Tcp.at("127.0.0.1:0"));
        sink.hold();
        AtomicLong written = new AtomicLong();
        int lines = 200_000; // 40 MB: far more than batches and socket buffers hold
        Thread sender = new Thread(() -> {
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(LOOPBACK, port(group)))) {
                for (int i = 0; i < lines; i++) {
                    ByteBuffer line =
                            ByteBuffer.wrap(("<13>t: " + i + " " + "x".repeat(190) + "\n").getBytes(ISO_8859_1));
                    while (line.hasRemaining()) {
                        written.addAndGet(channel.write(line));
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();
        await().atMost(SOON).during(Duration.ofMillis(700)).until(new java.util.concurrent.Callable<>() {
            private long last = -1;

            @Override
            public Boolean call() {
                long now = written.get();
                boolean stands = now > 0 && now == last;
                last = now;
                return stands;
            }
        });
        assertThat(sender.isAlive()).isTrue();
        assertThat(streamBatches.inFlight()).isEqualTo(4);
        sink.letGo();
        sender.join(30_000);
        await().atMost(Duration.ofSeconds(30)).until(() -> sink.count() == lines);
        List<String> texts = sink.texts();
        for (int i = 0; i < lines; i++) {
            assertThat(texts.get(i)).startsWith(i + " ");
        }
    }

    @Test
    void manyConnectionsResumeAfterBackPressure() throws Exception {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        sink.hold();
        int connections = 50;
        int lines = 4_000;
        CountDownLatch done = new CountDownLatch(connections);
        for (int c = 0; c < connections; c++) {
            new Thread(() -> {
                        try (Socket socket = connect(group, 0)) {
                            for (int i = 0; i < lines; i += 100) {
                                write(socket, ("<13>t: " + "x".repeat(90) + "\n").repeat(100));
                            }
                            done.countDown();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .start();
        }
        await().atMost(SOON).until(() -> streamBatches.inFlight() == 4);
        sink.letGo();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> sink.count() == connections * lines);
    }

    // ---- names

    @Test
    void linesThatWaitForANameKeepOrderAndReceiveTime() throws IOException {
        hosts.waitForNames = true;
        ListenerGroup group =
                start(options(Duration.ofSeconds(30)), Transport.best(), ListenerConfig.Tcp.at("127.0.0.1:0"));
        long before = System.currentTimeMillis();
        try (Socket socket = connect(group, 0)) {
            write(socket, "<13>t: one\n<13>t: two\n");
            await().atMost(SOON).until(() -> hosts.senders.size() == 1);
            write(socket, "<13>t: three\n");
            await().atMost(SOON).until(() -> metrics.get(Count.RECEIVED) == 3);
            assertThat(sink.count()).isZero();
            long named = System.currentTimeMillis();
            Sender sender = hosts.senders.values().iterator().next();
            hosts.name(sender, "goblin");
            write(socket, "<13>t: four\n");
            awaitCount(4);
            assertThat(sink.texts()).containsExactly("one", "two", "three", "four");
            assertThat(sink.messages()).allMatch(message -> message.host().equals("goblin"));
            assertThat(sink.messages().get(0).receivedMillis()).isBetween(before, named);
        }
    }

    @Test
    void aNameThatDoesNotComeIsTheAddress() throws IOException {
        hosts.waitForNames = true;
        ListenerGroup group =
                start(options(Duration.ofMillis(200)), Transport.best(), ListenerConfig.Udp.at("127.0.0.1:0"));
        sendDatagrams(port(group), "<13>t: one", "<13>t: two");
        awaitCount(2);
        assertThat(sink.texts()).containsExactly("one", "two");
        assertThat(sink.messages()).allMatch(message -> message.host().equals("127.0.0.1"));
    }

    @Test
    void aStopWritesWhatWaits() throws IOException {
        hosts.waitForNames = true;
        ListenerGroup group =
                start(options(Duration.ofSeconds(30)), Transport.best(), ListenerConfig.Udp.at("127.0.0.1:0"));
        sendDatagrams(port(group), "<13>t: one");
        await().atMost(SOON).until(() -> metrics.get(Count.RECEIVED) == 1);
        group.stop();
        assertThat(sink.texts()).containsExactly("one");
    }

    // ---- stop

    @Test
    void aStopDrainsWhatTheSocketsHold() throws Exception {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"), ListenerConfig.Udp.at("127.0.0.1:0"));
        int lines = 30_000;
        try (Socket socket = connect(group, 0);
                DatagramSocket datagrams = new DatagramSocket()) {
            write(socket, "<13>t: line\n".repeat(lines) + "<13>t: half");
            for (int i = 0; i < 100; i++) {
                send(datagrams, port(group, 1), "<13>t: datagram");
            }
            group.stop();
        }
        assertThat(sink.texts().stream().filter("line"::equals)).hasSize(lines);
        assertThat(sink.texts().stream().filter("half [cut]"::equals)).hasSize(1);
        assertThat(sink.texts().stream().filter("datagram"::equals)).hasSize(100);
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(lines + 101);
        group.stop(); // once more does nothing
    }

    @Test
    void aStopDrainsHoweverSlowlyItIsRead() throws Exception {
        ListenOptions patient = new ListenOptions(
                ZoneOffset.UTC, Duration.ofSeconds(1), Duration.ofSeconds(20), 1, 1 << 20, 4 << 20, 10_000);
        ListenerGroup group = start(patient, Transport.best(), ListenerConfig.Tcp.at("127.0.0.1:0"));
        sink.slow(Duration.ofMillis(60));
        int lines = 8_000;
        try (Socket socket = connect(group, 0)) {
            write(socket, ("<13>t: " + "x".repeat(180) + "\n").repeat(lines));
            group.stop();
        }
        assertThat(sink.count()).isEqualTo(lines);
    }

    @Test
    void aStopEndsThoughASenderNeverDoes() throws Exception {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        try (Socket socket = connect(group, 0)) {
            Thread endless = new Thread(() -> {
                try {
                    while (true) {
                        write(socket, "<13>t: line\n".repeat(100));
                    }
                } catch (IOException e) {
                    // the listener closed it, as it should
                }
            });
            endless.start();
            await().atMost(SOON).until(() -> sink.count() > 1_000);
            long begin = System.nanoTime();
            group.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            endless.join(5_000);
        }
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(sink.count());
    }

    @Test
    void aStopWithoutAnyBatchLeftHandsOnWhatWasRead() throws Exception {
        ListenerGroup group = start(ListenerConfig.Tcp.at("127.0.0.1:0"));
        sink.hold();
        try (Socket socket = connect(group, 0)) {
            Thread sender = new Thread(() -> {
                try {
                    write(socket, ("<13>t: " + "x".repeat(100) + "\n").repeat(200_000));
                } catch (IOException e) {
                    // closed in the middle, as it has to be
                }
            });
            sender.start();
            await().atMost(SOON).until(() -> streamBatches.inFlight() == 4);
            group.stop();
            sender.join(5_000);
        }
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(sink.count());
        assertThat(streamBatches.inFlight()).isEqualTo(4);
        sink.letGo(); // returning batches to listeners that are gone harms nobody
        assertThat(streamBatches.inFlight()).isZero();
    }

    // ---- binding

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anyAddressTakesIpv4AndIpv6(Transport transport) throws IOException {
        ListenerGroup group = start(transport, ListenerConfig.Udp.at("[::]:0"), ListenerConfig.Tcp.at("[::]:0"));
        sendDatagrams(port(group), "<13>t: v4");
        awaitCount(1);
        boolean ipv6 = Files.exists(Path.of("/proc/net/if_inet6"))
                && Files.size(Path.of("/proc/net/if_inet6")) >= 0
                && Files.readString(Path.of("/proc/net/if_inet6")).contains("00000000000000000000000000000001");
        if (ipv6) {
            try (DatagramSocket socket = new DatagramSocket()) {
                byte[] bytes = "<13>t: v6".getBytes(ISO_8859_1);
                socket.send(new DatagramPacket(bytes, bytes.length, LOOPBACK6, port(group)));
            }
            try (Socket socket = new Socket(LOOPBACK6, port(group, 1))) {
                write(socket, "<13>t: v6\n");
            }
        }
        try (Socket socket = connect(group, 1)) {
            write(socket, "<13>t: v4\n");
        }
        awaitCount(ipv6 ? 4 : 2);
        assertThat(sink.messages())
                .filteredOn(message -> message.line().endsWith("v4"))
                .hasSize(2)
                .allMatch(message -> message.sender().equals("127.0.0.1"));
        assertThat(sink.messages())
                .filteredOn(message -> message.line().endsWith("v6"))
                .hasSize(ipv6 ? 2 : 0)
                .allMatch(message -> message.sender().startsWith("::1"));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void allFaultsAreToldAtOnceAndNothingStaysOpen(Transport transport) throws IOException {
        try (ServerSocket tcp = new ServerSocket(0, 5, LOOPBACK);
                DatagramSocket udp = new DatagramSocket(0, LOOPBACK)) {
            ListenerGroup group = group(
                    options(Duration.ofSeconds(1)),
                    transport,
                    ListenerConfig.Tcp.at("127.0.0.1:" + tcp.getLocalPort()),
                    ListenerConfig.Udp.at("127.0.0.1:" + udp.getLocalPort()),
                    ListenerConfig.Udp.at("127.0.0.1:0"),
                    ListenerConfig.Udp.at("192.0.2.77:0"),
                    ListenerConfig.Tcp.at("nonsense"),
                    ListenerConfig.Tcp.at("127.0.0.1:0"));
            assertThatThrownBy(group::start)
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining(
                            "tcp 127.0.0.1:" + tcp.getLocalPort() + ": the port is in use (see by whom: ss -lntup")
                    .hasMessageContaining("udp 127.0.0.1:" + udp.getLocalPort() + ": the port is in use")
                    .hasMessageContaining("udp 192.0.2.77:0: this machine does not have that address")
                    .hasMessageContaining("tcp nonsense: bind: \"nonsense\" (expected: address and port");
            assertThat(group.boundAddresses()).isEmpty();
        }
        assertThat(datagramBatches.inFlight()).isZero();
        assertThat(streamBatches.inFlight()).isZero();
    }

    @Test
    void aPortThatNeedsARightSaysHowToGetIt() {
        BindFault fault = BindFault.of(
                "udp [::]:514",
                BindAddress.parse("[::]:514"),
                new IOException("bind(..) failed with error(-13): Permission denied"));
        assertThat(fault.permissionDenied()).isTrue();
        assertThat(fault)
                .hasMessageContaining("udp [::]:514: permission denied")
                .hasMessageContaining("AmbientCapabilities=CAP_NET_BIND_SERVICE")
                .hasMessageContaining("net.ipv4.ip_unprivileged_port_start=514")
                .hasMessageContaining("setcap");
    }

    // ---- Unix

    @Test
    void aUnixSocketTakesDatagramsAndGoesWithItsListener() throws Exception {
        Path path = folder.resolve("log");
        ListenerGroup group = start(ListenerConfig.Unix.at(path));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-rw-rw-");
        String large = "x".repeat(70_000);
        UnixDatagrams.send(path, "<13>t: one\nno second", "", "<13>t: " + large);
        awaitCount(2);
        assertThat(sink.texts().get(0)).startsWith("one");
        assertThat(sink.messages().get(0).sender()).isEqualTo("local");
        assertThat(sink.messages().get(1).truncated()).isTrue();
        assertThat(group.listeners().get(0).listener().kind()).isEqualTo(Listener.Kind.UNIX);
        group.stop();
        assertThat(path).doesNotExist();
    }

    @Test
    void aUnixSocketLeftOverIsReplacedAndOneInUseIsNot() throws Exception {
        Path path = folder.resolve("log");
        UnixDatagrams.leaveBehind(path);
        assertThat(path).exists();
        ListenerGroup group = start(ListenerConfig.Unix.at(path));
        UnixDatagrams.send(path, "<13>t: one");
        awaitCount(1);
        ListenerGroup second = group(options(Duration.ofSeconds(1)), Transport.EPOLL, ListenerConfig.Unix.at(path));
        assertThatThrownBy(second::start).hasMessageContaining("another program listens there");
        UnixDatagrams.send(path, "<13>t: two");
        awaitCount(2);
        group.stop();
        Files.writeString(path, "a file");
        assertThatThrownBy(second::start).hasMessageContaining("something else is there");
        assertThat(path).hasContent("a file");
    }

    @Test
    void withoutEpollAUnixSocketIsAFault() {
        ListenerGroup group =
                group(options(Duration.ofSeconds(1)), Transport.NIO, ListenerConfig.Unix.at(folder.resolve("log")));
        assertThatThrownBy(group::start)
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("Unix sockets are not available");
    }

    // ---- helpers

    private static ListenOptions options(Duration nameWait) {
        return new ListenOptions(ZoneOffset.UTC, nameWait, Duration.ofSeconds(1), 1, 1 << 20, 4 << 20, 10_000);
    }

    private ListenerGroup start(ListenerConfig... configs) {
        return start(Transport.best(), configs);
    }

    private ListenerGroup start(Transport transport, ListenerConfig... configs) {
        return start(options(Duration.ofSeconds(1)), transport, configs);
    }

    private ListenerGroup start(ListenOptions options, Transport transport, ListenerConfig... configs) {
        ListenerGroup group = group(options, transport, configs);
        group.start();
        return group;
    }

    private ListenerGroup group(ListenOptions options, Transport transport, ListenerConfig... configs) {
        Intake intake = new Intake(hosts, datagramBatches, streamBatches, sink, metrics, notices);
        ListenerGroup group = new ListenerGroup(List.of(configs), intake, options, transport);
        started.add(group);
        return group;
    }

    private static int port(ListenerGroup group) {
        return port(group, 0);
    }

    private static int port(ListenerGroup group, int index) {
        return ((InetSocketAddress) group.boundAddresses().get(index)).getPort();
    }

    private void awaitCount(int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(sink.count()).isGreaterThanOrEqualTo(count));
        assertThat(sink.count()).isEqualTo(count);
    }

    private static void sendDatagrams(int port, String... texts) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (String text : texts) {
                send(socket, port, text);
            }
        }
    }

    private static void send(DatagramSocket socket, int port, String text) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        socket.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
    }

    private static Socket connect(ListenerGroup group, int index) throws IOException {
        return new Socket(LOOPBACK, port(group, index));
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static boolean isClosedByPeer(Socket socket) {
        try {
            socket.setSoTimeout(10_000);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }
}
