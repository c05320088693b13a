package org.loghost.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.classify.Classifier;
import org.loghost.classify.Finding;
import org.loghost.classify.FindingsBuffer;
import org.loghost.classify.FindingsStore;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;

/** The gate of the archive: no line of a batch before the findings of that batch and of all before it. */
class FindingsOrderTest {
    private static final long SEED = 20261123;

    private final Path folder;
    private final ServerMetrics metrics = new ServerMetrics();
    private final FindingsStore store;
    private final FindingsOrder order;

    FindingsOrderTest(@TempDir Path folder) throws IOException {
        Clock clock = Clock.systemUTC();
        this.folder = folder;
        store = FindingsStore.open(
                folder.resolve("findings"), FindingsStore.DEFAULT_BUDGET, metrics, new Notices(clock), clock);
        order = new FindingsOrder(store, 64L << 20);
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    @Test
    void opensUpToTheLastBatchBeforeWhichNoneIsMissing() {
        complete(1);
        complete(2);
        assertThat(order.storedUpTo()).isEqualTo(-1);
        complete(0);
        assertThat(order.storedUpTo()).isEqualTo(2);
        complete(4);
        assertThat(order.storedUpTo()).isEqualTo(2);
    }

    @Test
    void opensWholeWhateverTheOrderOfTheBatches() {
        List<Integer> batches = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            batches.add(i);
        }
        Collections.shuffle(batches, new Random(SEED));
        batches.forEach(this::complete);
        assertThat(order.storedUpTo()).as("seed %d", SEED).isEqualTo(199);
    }

    @Test
    void whoWaitsForABatchGoesOnWhenItAndAllBeforeItAreStored() throws Exception {
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                order.await(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        complete(1);
        assertThat(waiting).isNotDone();
        complete(0);
        waiting.get(10, TimeUnit.SECONDS);
    }

    @Test
    void theBuffersOfStoredBatchesAreTakenAgain() {
        FindingsBuffer first = order.take();
        FindingsBuffer second = order.take();
        assertThat(second).isNotSameAs(first);
        order.complete(1, second);
        assertThat(order.take()).isNotSameAs(second);
        order.complete(0, first);
        assertThat(List.of(order.take(), order.take())).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void whoIsTooFarAheadWaitsForTheBatchThatIsMissing() throws Exception {
        FindingsOrder narrow = new FindingsOrder(store, 1);
        narrow.complete(2, narrow.take());
        CompletableFuture<Void> ahead = CompletableFuture.runAsync(() -> narrow.complete(1, narrow.take()));
        assertThat(ahead).isNotDone();
        narrow.complete(0, narrow.take());
        ahead.get(10, TimeUnit.SECONDS);
        assertThat(narrow.storedUpTo()).isEqualTo(2);
    }

    @Test
    void findingsBehindAGapAreStoredAtTheEndThoughTheStoreIsBusyThen() throws Exception {
        order.complete(2, oneFinding());
        FindingsBuffer first = oneFinding();
        Thread storing = new Thread(() -> order.complete(0, first));
        synchronized (store) {
            storing.start();
            await().until(() -> storing.getState() == Thread.State.BLOCKED);
            order.end();
        }
        storing.join(10_000);
        assertThat(store.seal()).hasSize(1);
        List<Finding> found = new ArrayList<>();
        store.read(1, found::add);
        assertThat(found).hasSize(2);
    }

    private FindingsBuffer oneFinding() {
        try {
            byte[] line = "Nov 22 06:55:58 goblin one".getBytes(StandardCharsets.US_ASCII);
            MessageBatch batch = new BatchPool(1).poll();
            int at = batch.reserve(line.length);
            System.arraycopy(line, 0, batch.slab(), at, line.length);
            batch.advance(line.length);
            Listener listener = new Listener("udp", Listener.Kind.UDP, false, ZoneOffset.UTC);
            Sender sender = new Sender(listener, InetAddress.getLoopbackAddress());
            batch.add(at, line.length, 38, new Host(0, "goblin"), sender, System.currentTimeMillis());
            FindingsBuffer findings = new FindingsBuffer();
            RuleSet rules = RuleLoader.load(RulesConfig.of(List.of()));
            new Classifier(rules, RuleHits.load(folder.resolve("hits")), metrics, Clock.systemUTC())
                    .classify(batch, findings);
            return findings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void complete(long sequence) {
        order.complete(sequence, order.take());
    }
}
