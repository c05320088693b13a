package org.loghost.archive;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/** An archive, mostly with one shard, a clock to turn, and batches made of plain strings. */
final class ArchiveRig implements AutoCloseable {
    static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    /** 23:59:50 of 2026-11-22 in Berlin. */
    static final Instant BEFORE_MIDNIGHT = Instant.parse("2026-11-22T22:59:50Z");

    static final String DAY = "2026-11-22";
    static final String NEXT_DAY = "2026-11-23";

    final MutableClock clock = new MutableClock(BEFORE_MIDNIGHT);
    final ServerMetrics metrics = new ServerMetrics();
    final Notices notices = new Notices(clock);
    final AtomicLong stored = new AtomicLong(Long.MAX_VALUE);
    volatile LongSupplier gate = stored::get;
    final Archive archive;
    final ArchiveShard shard;
    final Path path;

    private final BatchPool pool = new BatchPool(2);
    private final Map<String, Host> hosts = new HashMap<>();
    private final Sender sender;
    private final int shards;
    private long sequence;

    ArchiveRig(ArchiveConfig config) {
        this(config, new ArchiveLimits(1000, 16 << 20));
    }

    ArchiveRig(ArchiveConfig config, ArchiveLimits limits) {
        this(config, limits, 1);
    }

    ArchiveRig(ArchiveConfig config, ArchiveLimits limits, int shards) {
        this.shards = shards;
        path = config.path();
        archive = new Archive(config, shards, ZONE, clock, metrics, notices, () -> gate.getAsLong(), limits);
        archive.open();
        shard = archive.shard(0);
        sender = new Sender(new Listener("udp", Listener.Kind.UDP, false, ZONE), InetAddress.getLoopbackAddress());
    }

    static ArchiveConfig config(Path path) {
        return config(path, ArchiveConfig.Format.CLASSIC);
    }

    static ArchiveConfig config(Path path, ArchiveConfig.Format format) {
        ArchiveConfig plain = ArchiveConfig.at(path);
        return new ArchiveConfig(
                path, format, plain.keep(), plain.keepMin(), 0, 0, 0, Duration.ofSeconds(1), true, null, null);
    }

    Host host(String name) {
        return hosts.computeIfAbsent(name, n -> new Host(hosts.size(), n));
    }

    /** Appends one batch, {@code host line} each, received now; returns its sequence. */
    long append(String... hostsAndLines) {
        MessageBatch batch = batch();
        for (String text : hostsAndLines) {
            int blank = text.indexOf(' ');
            add(batch, text.substring(0, blank), text.substring(blank + 1), clock.millis());
        }
        return append(batch);
    }

    long append(MessageBatch batch) {
        batch.handOn(++sequence, 1);
        shard.append(batch);
        batch.release();
        return sequence;
    }

    MessageBatch batch() {
        MessageBatch batch = pool.poll();
        if (batch == null) {
            throw new AssertionError("no batch");
        }
        return batch;
    }

    int add(MessageBatch batch, String host, String line, long millis) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        int at = batch.reserve(bytes.length);
        System.arraycopy(bytes, 0, batch.slab(), at, bytes.length);
        batch.advance(bytes.length);
        return batch.add(at, bytes.length, 38, host(host), sender, millis);
    }

    /** Ticks as if so many milliseconds had passed, until nothing more is due. */
    void tickAfter(long millis) {
        long now = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (int i = 0; i < 10_000 && shard.tick(now) == 0; i++) {
            // more is due
        }
    }

    String read(String file) throws IOException {
        return Files.readString(path.resolve(file), StandardCharsets.ISO_8859_1);
    }

    boolean exists(String file) {
        return Files.exists(path.resolve(file), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    long count(Count count) {
        return metrics.get(count);
    }

    String noticesText() {
        StringBuilder text = new StringBuilder();
        for (Notice notice : notices.current()) {
            text.append(notice.text()).append('\n');
        }
        return text.toString();
    }

    /** As a stop does: the shards by their owner, then the archive. */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    /** The same with so much time for each shard. */
    void close(Duration time) {
        for (int i = 0; i < shards; i++) {
            archive.shard(i).close(System.nanoTime() + time.toNanos());
        }
        archive.close();
    }

    /** A clock that stands still until it is turned. */
    static final class MutableClock extends Clock {
        private volatile Instant now;

        MutableClock(Instant now) {
            this.now = now;
        }

        void turn(Duration by) {
            now = now.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZONE;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
