package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MergedRunsTest {
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    private final MergedRuns runs = new MergedRuns(() -> {
        begun.incrementAndGet();
        mayEnd.acquireUninterruptibly();
        ended.incrementAndGet();
    });

    @Test
    void aThousandThatAskDuringARunGetOneMore() throws Exception {
        Thread first = new Thread(runs::ask);
        first.start();
        await().until(() -> begun.get() == 1);
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Thread other = new Thread(runs::ask);
            other.start();
            others.add(other);
        }
        for (Thread other : others) {
            other.join(); // none of them waits for the run
        }
        assertThat(begun).hasValue(1);
        mayEnd.release(10);
        first.join();
        assertThat(ended).hasValue(2);
    }

    @Test
    void whoAsksAfterARunGetsOneOfHisOwn() {
        mayEnd.release(10);
        runs.ask();
        runs.ask();
        assertThat(ended).hasValue(2);
    }
}
