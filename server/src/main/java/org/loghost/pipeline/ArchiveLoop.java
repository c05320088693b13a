package org.loghost.pipeline;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.ArchiveShard;
import org.loghost.message.MessageBatch;

/**
 * The thread of one archive shard: appends batches in their order, flushes by age in between, and closes the shard at a
 * stop. No other thread does any of it.
 */
final class ArchiveLoop implements Runnable {
    /** How long a stop may go unnoticed. */
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ArchiveShard shard;
    private final BlockingQueue<MessageBatch> queue;
    private final Runnable written;
    private final StopSign stop;

    /** Calls {@code written} after each round in which lines may have been written. */
    ArchiveLoop(ArchiveShard shard, BlockingQueue<MessageBatch> queue, Runnable written, StopSign stop) {
        this.shard = shard;
        this.queue = queue;
        this.written = written;
        this.stop = stop;
    }

    @Override
    public void run() {
        long wait = 0;
        while (true) {
            // Read before the queue: what was accepted before the stop is then seen by the poll that follows.
            boolean last = stop.isStopping();
            MessageBatch batch = poll(wait);
            if (batch != null) {
                take(batch);
            } else if (last) {
                break;
            }
            wait = stop.isOver() ? 0 : Math.min(shard.tick(System.nanoTime()), MAX_WAIT_NANOS);
            written.run();
        }
        shard.close(stop.deadline());
    }

    private void take(MessageBatch batch) {
        if (stop.isOver()) {
            shard.giveUp(batch);
        } else {
            shard.append(batch);
        }
        batch.release();
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
