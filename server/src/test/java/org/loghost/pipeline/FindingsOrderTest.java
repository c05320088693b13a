package org.loghost.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.classify.FindingsBuffer;
import org.loghost.classify.FindingsStore;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/** The gate of the archive: no line of a batch before the findings of that batch and of all before it. */
class FindingsOrderTest {
    private static final long SEED = 20261123;

    private final FindingsStore store;
    private final FindingsOrder order;

    FindingsOrderTest(@TempDir Path folder) throws IOException {
        Clock clock = Clock.systemUTC();
        store = FindingsStore.open(
                folder, FindingsStore.DEFAULT_BUDGET, new ServerMetrics(), new Notices(clock), clock);
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

    private void complete(long sequence) {
        order.complete(sequence, order.take());
    }
}
