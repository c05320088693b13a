package org.loghost.pipeline;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.ArchiveShard;
import org.loghost.message.MessageBatch;

/** The thread of one archive shard: appends batches in their order and flushes by age in between. */
final class ArchiveLoop implements Runnable {
    /** How long a stop may go unnoticed. */
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ArchiveShard shard;
    private final BlockingQueue<MessageBatch> queue;
    private final Runnable written;
    private final BooleanSupplier stopping;

    /** Calls {@code written} after each round in which lines may have been written. */
    ArchiveLoop(ArchiveShard shard, BlockingQueue<MessageBatch> queue, Runnable written, BooleanSupplier stopping) {
        this.shard = shard;
        this.queue = queue;
        this.written = written;
        this.stopping = stopping;
    }

    @Override
    public void run() {
        long wait = 0;
        while (true) {
            // Read before the queue: what was accepted before the stop is then seen by the poll that follows.
            boolean last = stopping.getAsBoolean();
            MessageBatch batch = poll(wait);
            if (batch != null) {
                shard.append(batch);
                batch.release();
            } else if (last) {
                break;
            }
            wait = Math.min(shard.tick(System.nanoTime()), MAX_WAIT_NANOS);
            written.run();
        }
        shard.flushAll();
    }

    private @Nullable MessageBatch poll(long nanos) {
        try {
            return queue.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose; the stop flag ends it with everything written.
            return null;
        }
    }
}
