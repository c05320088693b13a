package org.loghost.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.loghost.frame.PartialFrames;
import org.loghost.frame.StreamFramer;
import org.loghost.message.BatchPool;
import org.loghost.message.BatchSink;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;
import org.loghost.parse.MessageWriter;

class BatchFillerTest {
    private static final long NOW = 1_763_800_000_000L;
    private static final Listener LISTENER = new Listener("tcp test", Listener.Kind.TCP, false, ZoneOffset.UTC);

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final FakeHosts hosts = new FakeHosts();
    private final Collected sink = new Collected();
    private final ServerMetrics metrics = new ServerMetrics();
    private final BatchPool pool = new BatchPool(3);
    private final StreamFramer framer = new StreamFramer(65_536, new PartialFrames(1 << 20));

    @AfterEach
    void stopLoop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void everyMessageIsCountedOnceAndTheLastBatchComesAtTheEnd() throws Exception {
        BatchFiller filler = filler(sink, Duration.ofSeconds(1), 1 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        inLoop(() -> {
            filler.open();
            filler.stream(framer, bytes("<13>t: one\n\n0 <13>t: tw"), sender, NOW, 0);
            filler.stream(framer, bytes("o\n<13>t: half"), sender, NOW + 1, 0);
            filler.end(framer, sender, true, NOW + 2);
            filler.finish();
            filler.finish();
        });
        assertThat(sink.texts()).containsExactly("one", "two", "half [cut]");
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(3);
        assertThat(metrics.get(Count.RECEIVED_BYTES)).isEqualTo("<13>t: one<13>t: two<13>t: half".length());
        assertThat(metrics.get(Count.EMPTY)).isEqualTo(1);
        assertThat(pool.inFlight()).isZero();
    }

    @Test
    void whatNeverEndsItsFrameFillsNoBatch() throws Exception {
        BatchFiller filler = filler(sink, Duration.ofSeconds(1), 1 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        inLoop(() -> {
            filler.open();
            for (int i = 0; i < 10_000; i++) {
                filler.stream(framer, bytes("x".repeat(1_000)), sender, NOW, 0);
            }
            filler.stream(framer, bytes("\n<13>t: next\n"), sender, NOW, 0);
            filler.finish();
        });
        assertThat(sink.count()).isEqualTo(2);
        assertThat(sink.messages().get(0).truncated()).isTrue();
        assertThat(sink.texts().get(1)).isEqualTo("next");
    }

    @Test
    void aFullWaitingRoomLetsTheSendersLinesGoByAddressInOrder() throws Exception {
        hosts.waitForNames = true;
        BatchFiller filler = filler(sink, Duration.ofSeconds(30), 4_000);
        Sender sender = hosts.sender(LISTENER, null);
        Sender other = hosts.sender(new Listener("tcp other", Listener.Kind.TCP, false, ZoneOffset.UTC), null);
        inLoop(() -> {
            filler.open();
            filler.datagram(bytes("<13>t: other"), other, NOW, 1_000);
            for (int i = 0; i < 100; i++) {
                filler.datagram(bytes("<13>t: " + i), sender, NOW, 1_000);
            }
        });
        inLoop(() -> {
            hosts.name(other, "goblin");
            filler.datagram(bytes("<13>t: last"), other, NOW, 1_000);
            filler.finish();
        });
        assertThat(sink.messages().stream()
                        .filter(message -> message.host().equals("goblin"))
                        .map(message -> message.line().substring(message.line().indexOf("t: ") + 3)))
                .containsExactly("other", "last");
        assertThat(sink.messages().stream()
                        .filter(message -> message.host().equals("local"))
                        .map(message -> Integer.valueOf(
                                message.line().substring(message.line().indexOf("t: ") + 3))))
                .hasSize(100)
                .isSorted();
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(102);
    }

    @Test
    void aFullBatchWithoutAnotherPausesUntilOneComesBack() throws Exception {
        BatchFiller filler = filler(sink, Duration.ofSeconds(1), 1 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        sink.hold();
        String read = ("<13>t: " + "x".repeat(992) + "\n").repeat(64);
        inLoop(() -> {
            filler.open();
            int reads = 0;
            while (!filler.isPaused()) {
                filler.stream(framer, bytes(read), sender, NOW, 0);
                reads++;
            }
            assertThat(reads).isBetween(6, 16); // three batches of 256 KiB; 64 KiB a read, and as much rendered
            ByteBuf more = bytes("<13>t: one more read\n");
            filler.stream(framer, more, sender, NOW, 0);
            assertThat(more.isReadable()).as("kept by who read it").isTrue();
            filler.park(() -> filler.stream(framer, more, sender, NOW, 0));
        });
        assertThat(pool.inFlight()).isEqualTo(3);
        sink.letGo();
        inLoop(() -> {});
        inLoop(() -> {
            assertThat(filler.isPaused()).isFalse();
            filler.finish();
        });
        assertThat(sink.texts()).last().isEqualTo("one more read");
        assertThat(pool.inFlight()).isZero();
    }

    @Test
    void linesThatGrowDoNotMakeABatchGrowBeyondWhatIsSaid() throws Exception {
        BatchFiller filler = filler(sink, Duration.ofSeconds(1), 1 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        hosts.name(sender, "h".repeat(200));
        String ones = "x\n".repeat(32 * 1024);
        String controls = "\1".repeat(64 * 1024) + "\n";
        long most = MessageBatch.BYTES + BatchFiller.mostGrowth(65_536);
        sink.hold();
        inLoop(() -> {
            filler.open();
            for (int i = 0; i < 100 && !filler.isPaused(); i++) {
                filler.stream(framer, bytes(i % 2 == 0 ? ones : controls), sender, NOW, 0);
            }
            assertThat(filler.isPaused()).isTrue();
        });
        assertThat(pool.held()).isLessThanOrEqualTo(3 * most);
        sink.letGo();
        inLoop(() -> {});
        inLoop(filler::finish);
        assertThat(pool.held()).as("nothing stays grown").isEqualTo(3 * MessageBatch.BYTES);
    }

    @Test
    void framesInsideAHalfLineDoNotMakeABatchGrowBeyondWhatIsSaid() throws Exception {
        BatchFiller filler = filler(sink, Duration.ofSeconds(1), 1 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        hosts.name(sender, "h".repeat(200));
        String half = "<13>no end" + "4 <1>x".repeat(10_000);
        long most = MessageBatch.BYTES + BatchFiller.mostGrowth(65_536);
        sink.hold();
        inLoop(() -> {
            filler.open();
            for (int i = 0; i < 100 && !filler.isPaused(); i++) {
                StreamFramer one = new StreamFramer(65_536, new PartialFrames(1 << 20));
                filler.stream(one, bytes(half), sender, NOW, 0);
                filler.expire(one, sender, NOW, 1);
            }
            assertThat(filler.isPaused()).isTrue();
        });
        assertThat(pool.held()).isLessThanOrEqualTo(3 * most);
        sink.letGo();
        inLoop(() -> {});
        inLoop(filler::finish);
        assertThat(metrics.get(Count.RECEIVED)).isGreaterThan(10_000);
    }

    @Test
    void aStopThatGetsNoBatchCountsWhatItGivesUp() throws Exception {
        hosts.waitForNames = true;
        BatchFiller filler = filler(sink, Duration.ofSeconds(30), 64 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        sink.hold();
        inLoop(() -> {
            filler.open();
            for (int i = 0; i < 200; i++) {
                filler.datagram(bytes("\1".repeat(64_000)), sender, NOW, 65_536);
            }
            filler.stopPausing(System.nanoTime());
            filler.finish();
        });
        assertThat(metrics.get(Count.RECEIVED)).isEqualTo(200);
        assertThat(metrics.get(Count.LOST_WAITING)).isPositive();
        assertThat(sink.count() + metrics.get(Count.LOST_WAITING)).isEqualTo(200);
        sink.letGo();
    }

    @Test
    void knownSendersAndWholeLinesAllocateNothingPerMessage() throws Exception {
        BatchSink release = batch -> {
            batch.handOn(0, 1);
            batch.release();
        };
        BatchFiller filler = filler(release, Duration.ofSeconds(1), 1 << 20);
        Sender sender = hosts.sender(LISTENER, null);
        hosts.name(sender, "goblin");
        String line = "<38>Nov 22 06:55:58 sshd[4711]: Accepted publickey for root from 10.0.0.1 port 4711 ssh2\n";
        ByteBuf read = bytes(line.repeat(600) + line.substring(0, 40) + line.substring(40));
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long messages = 601L * 200;
        inLoop(() -> {
            filler.open();
            feed(filler, read, sender, 400); // compiled, and arrays grown to their size
            long before = threads.getCurrentThreadAllocatedBytes();
            feed(filler, read, sender, 200);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat((double) allocated / messages)
                    .as("bytes allocated per message")
                    .isLessThan(2.0);
            filler.finish();
        });
    }

    private void feed(BatchFiller filler, ByteBuf read, Sender sender, int times) {
        for (int i = 0; i < times; i++) {
            read.readerIndex(0);
            filler.stream(framer, read, sender, NOW, 0);
        }
    }

    private BatchFiller filler(BatchSink to, Duration nameWait, int waitingBytes) {
        MessageWriter writer = new MessageWriter(hosts, ZoneOffset.UTC);
        return new BatchFiller(loop, pool, to, writer, metrics, nameWait, waitingBytes);
    }

    private void inLoop(Runnable work) throws Exception {
        loop.submit(work).get(30, TimeUnit.SECONDS);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    }
}
