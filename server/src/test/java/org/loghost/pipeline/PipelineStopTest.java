package org.loghost.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.archive.Archive;
import org.loghost.archive.ArchiveConfig;
import org.loghost.archive.ArchiveLimits;
import org.loghost.classify.Classifier;
import org.loghost.classify.FindingsStore;
import org.loghost.hosts.HostDirectory;
import org.loghost.hosts.HostsConfig;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RulesConfig;

/** A stop while lines wait: with time enough, with too little, and with threads that do not end. */
class PipelineStopTest {
    private static final int SHARDS = 2;
    private static final int HOSTS = 2_000;

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(clock);
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void letThreadsEnd() {
        never.countDown();
    }

    @Test
    void withTimeEnoughTheLinesOfThousandsOfNewHostsAreAllOnFile() throws Exception {
        Station station = new Station(null, 0);
        station.accept(HOSTS);
        station.stop(60);
        assertThat(linesOnFile()).isEqualTo(HOSTS).isEqualTo(metrics.get(Count.ARCHIVED));
        assertThat(lost()).isZero();
        assertThat(folder.resolve("hosts/.clean")).exists();
    }

    @Test
    void withTooLittleTimeEachLineIsOnFileOrCounted() throws Exception {
        for (int i = 0; i < 5; i++) {
            Station station = new Station(null, 0);
            station.accept(HOSTS);
            long archived = metrics.get(Count.ARCHIVED);
            await().until(() -> metrics.get(Count.ARCHIVED) > archived);
            station.stop(0);
            assertThat(station.pipeline.unsettled()).isZero();
        }
        assertThat(metrics.get(Count.ARCHIVED)).isEqualTo(linesOnFile());
        assertThat(metrics.get(Count.ARCHIVED) + metrics.get(Count.LOST_STOP)).isEqualTo(5L * HOSTS);
        assertThat(metrics.get(Count.LOST_STOP)).isPositive();
        assertThat(folder.resolve("hosts/.clean")).doesNotExist();
    }

    @Test
    void aThreadThatDoesNotEndIsLeftAloneAndItsLinesAreCounted() throws Exception {
        Station station = new Station(() -> waitFor(never), 0);
        station.accept(HOSTS);
        station.stop(0);
        assertThat(metrics.get(Count.LOST_STOP)).isEqualTo(HOSTS);
        assertThat(folder.resolve("hosts/.clean")).doesNotExist();
    }

    @Test
    void whatIsNotClassifiedInTimeIsOnFileAndCounted() throws Exception {
        Station station = new Station(null, 1);
        station.accept(20);
        station.stop(6);
        assertThat(linesOnFile()).isEqualTo(20).isEqualTo(metrics.get(Count.ARCHIVED));
        assertThat(metrics.get(Count.LOST_UNCLASSIFIED)).isEqualTo(20);
        assertThat(lost()).isZero();
    }

    @Test
    void whatComesAfterTheStopIsCountedAndItsMemoryGivenBack() throws Exception {
        Station station = new Station(null, 0);
        station.stop(60);
        for (int i = 0; i < 20; i++) {
            station.accept(3);
        }
        assertThat(metrics.get(Count.LOST_STOP)).isEqualTo(60);
        assertThat(station.pipeline.unsettled()).isZero();
    }

    @Test
    void whereNothingIsClassifiedNothingCountsAsUnclassified() throws Exception {
        Station station = new Station(null, 0);
        station.accept(HOSTS);
        station.stop(0);
        assertThat(metrics.get(Count.LOST_UNCLASSIFIED)).isZero();
    }

    private long lost() {
        return Count.LOST_LINES.stream().mapToLong(metrics::get).sum();
    }

    private long linesOnFile() throws IOException {
        long lines = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("hosts"))) {
            for (Path file : files.filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                lines += Files.readAllLines(file).size();
            }
        }
        return lines;
    }

    private static long waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Long.MAX_VALUE;
    }

    /** One run of archive and pipeline. */
    private final class Station {
        private final Archive archive;
        private final FindingsStore findings;
        private final Pipeline pipeline;
        private final BatchPool pool = new BatchPool(8);

        /** With a gate that is asked instead of the true one, and classifiers whose rules are never loaded. */
        Station(@org.jspecify.annotations.Nullable LongSupplier gate, int classifiers) throws IOException {
            findings = FindingsStore.open(
                    folder.resolve("findings"), FindingsStore.DEFAULT_BUDGET, metrics, notices, clock);
            FindingsOrder order = new FindingsOrder(findings, 1 << 20);
            ArchiveConfig standard = ArchiveConfig.at(folder.resolve("hosts"));
            ArchiveConfig config = new ArchiveConfig(
                    standard.path(),
                    standard.format(),
                    standard.keep(),
                    standard.keepMin(),
                    0,
                    0,
                    0,
                    standard.flush(),
                    true,
                    null,
                    null);
            archive = new Archive(
                    config,
                    SHARDS,
                    ZoneOffset.UTC,
                    clock,
                    metrics,
                    notices,
                    gate == null ? order::storedUpTo : gate,
                    new ArchiveLimits(100, 16 << 20));
            HostDirectory hosts = new HostDirectory(
                    HostsConfig.defaults(List.of()), folder.resolve("hosts-known"), metrics, notices, clock);
            pipeline = new Pipeline(
                    archive,
                    SHARDS,
                    this::classifierThatNeverComes,
                    classifiers,
                    order,
                    hosts,
                    metrics,
                    notices,
                    () -> {});
            archive.open();
            pipeline.start();
        }

        /** Comes when the test is over, so that its thread ends. */
        private Classifier classifierThatNeverComes() {
            waitFor(never);
            try {
                return new Classifier(
                        RuleLoader.load(RulesConfig.of(List.of())),
                        RuleHits.load(folder.resolve("hits")),
                        metrics,
                        clock);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** One line of each of so many hosts. */
        void accept(int hosts) {
            Sender sender = new Sender(
                    new Listener("udp", Listener.Kind.UDP, false, ZoneOffset.UTC), InetAddress.getLoopbackAddress());
            MessageBatch batch = pool.poll();
            for (int i = 0; i < hosts; i++) {
                byte[] line = ("line of " + i).getBytes(StandardCharsets.US_ASCII);
                int at = batch.reserve(line.length);
                System.arraycopy(line, 0, batch.slab(), at, line.length);
                batch.advance(line.length);
                batch.add(at, line.length, 38, new Host(i, "host" + i), sender, clock.millis());
            }
            pipeline.accept(batch);
        }

        void stop(int seconds) throws IOException {
            pipeline.stop(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
            archive.close();
            findings.close();
        }
    }
}
