package org.loghost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.loghost.archive.Archive;
import org.loghost.archive.ArchiveConfig;
import org.loghost.archive.ArchiveShard;
import org.loghost.classify.Classifier;
import org.loghost.classify.FindingsBuffer;
import org.loghost.frame.FrameReceiver;
import org.loghost.frame.PartialFrames;
import org.loghost.frame.StreamFramer;
import org.loghost.hosts.HostDirectory;
import org.loghost.hosts.HostsConfig;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.parse.MessageWriter;
import org.loghost.pattern.SampleLog;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RulesConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What each station of a message's path costs, in nanoseconds a message, on one thread and without a network: framing,
 * parsing, the look-up of the host, the archive's append (with its writes), classifying by 1,500 rules.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PathBenchmark {
    private static final int BATCH = 1_000;
    private static final int BATCHES = 32;
    private static final int RULES = 1_500;
    private static final long SEED = 42;

    @Param({"100", "10000"})
    public int hosts;

    private final Clock clock = Clock.systemUTC();
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(clock);
    private final Sender sender =
            new Sender(new Listener("tcp", Listener.Kind.TCP, false, ZoneOffset.UTC), InetAddress.getLoopbackAddress());
    private final List<byte[]> streams = new ArrayList<>();
    private final List<MessageBatch> batches = new ArrayList<>();
    private final StreamFramer framer = new StreamFramer(65_536, new PartialFrames(1 << 20));
    private final Frames frames = new Frames();
    private final Refill refill = new Refill();
    private final FindingsBuffer findings = new FindingsBuffer();
    private Path folder;
    private HostDirectory directory;
    private Classifier classifier;
    private Archive archive;
    private ArchiveShard shard;
    private long sequence;
    private int turn;

    /** Counts frames. */
    private static final class Frames implements FrameReceiver {
        int count;

        @Override
        public void frame(byte[] bytes, int offset, int length, int flags) {
            count++;
        }
    }

    /** Parses frames into a batch that is used again and again. */
    private final class Refill implements FrameReceiver {
        private final BatchPool pool = new BatchPool(1);
        MessageBatch batch;
        MessageWriter writer;

        @Override
        public void frame(byte[] bytes, int offset, int length, int flags) {
            writer.write(batch, offset, length, sender, 0, flags);
        }

        MessageBatch fill(byte[] stream) {
            if (batch != null) {
                batch.recycle();
            }
            batch = pool.poll();
            int at = batch.reserve(stream.length);
            System.arraycopy(stream, 0, batch.slab(), at, stream.length);
            batch.advance(stream.length);
            framer.read(batch.slab(), at, stream.length, 0, this);
            return batch;
        }
    }

    /** Makes rules, messages of so many hosts in turn, and the batches they become. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("loghost-path");
        SampleLog log = new SampleLog(RULES, SEED);
        Path rules = Files.createDirectory(folder.resolve("rules"));
        Files.write(rules.resolve("logcheck.ignore"), log.rules());
        classifier = new Classifier(RuleLoader.load(RulesConfig.of(List.of(rules))), new RuleHits(), metrics, clock);
        directory = new HostDirectory(
                new HostsConfig(
                        Map.of(), Map.of(), List.of(), false, List.of(), Duration.ofSeconds(1), 100_000, 100_000),
                folder.resolve("known"),
                metrics,
                notices,
                clock);
        List<String> lines =
                new String(log.lines(BATCH * BATCHES), US_ASCII).lines().toList();
        for (int batch = 0; batch < BATCHES; batch++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int i = batch * BATCH; i < (batch + 1) * BATCH; i++) {
                String line = lines.get(i);
                int host = 16;
                int end = line.indexOf(' ', host);
                stream.writeBytes(("<38>" + line.substring(0, host) + "host" + i % hosts + line.substring(end) + "\n")
                        .getBytes(US_ASCII));
            }
            streams.add(stream.toByteArray());
        }
        refill.writer = new MessageWriter(directory, ZoneOffset.UTC);
        BatchPool pool = new BatchPool(BATCHES);
        for (byte[] stream : streams) {
            Refill own = new Refill();
            own.writer = refill.writer;
            own.batch = pool.poll();
            int at = own.batch.reserve(stream.length);
            System.arraycopy(stream, 0, own.batch.slab(), at, stream.length);
            own.batch.advance(stream.length);
            framer.read(own.batch.slab(), at, stream.length, clock.millis(), own);
            batches.add(own.batch);
        }
    }

    /** A new archive for each second, so that it does not fill the disk. */
    @Setup(Level.Iteration)
    public void open() {
        archive = new Archive(
                ArchiveConfig.at(folder.resolve("hosts")),
                1,
                ZoneOffset.UTC,
                clock,
                metrics,
                notices,
                () -> Long.MAX_VALUE);
        archive.open();
        shard = archive.shard(0);
    }

    /** Closes and deletes the archive. */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        shard.close(System.nanoTime() + 10_000_000_000L);
        archive.close();
        delete(folder.resolve("hosts"));
    }

    /** Deletes what is left. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        delete(folder);
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private int next() {
        turn = (turn + 1) % BATCHES;
        return turn;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int frame() {
        byte[] stream = streams.get(next());
        framer.read(stream, 0, stream.length, 0, frames);
        return frames.count;
    }

    /** With the copy into the batch, as an event loop does it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public MessageBatch frameAndParse() {
        return refill.fill(streams.get(next()));
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Host findHost() {
        MessageBatch batch = batches.get(next());
        Host last = null;
        for (int i = 0; i < BATCH; i++) {
            last = directory.named(
                    sender,
                    batch.slab(),
                    batch.lineOffset(i) + 16,
                    batch.host(i).bytes().length);
        }
        return last;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long append() {
        MessageBatch batch = batches.get(next());
        batch.handOn(sequence++, 1);
        shard.append(batch);
        return shard.tick(System.nanoTime());
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public FindingsBuffer classify() {
        findings.clear();
        classifier.classify(batches.get(next()), findings);
        return findings;
    }
}
