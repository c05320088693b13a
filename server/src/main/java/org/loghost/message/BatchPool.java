package org.loghost.message;

import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * At most a fixed number of batches that circulate between one group of event loops and the pipeline: the bound, in
 * bytes, on what is in flight. Who finds the pool empty stops reading until {@link #onReturn} calls.
 *
 * <p>The batch that came back last is given out first, and a new one is made only when none is free: while the pipeline
 * keeps pace, few batches are touched and they stay in the processor's cache.
 *
 * <p>Any thread.
 */
public final class BatchPool {
    private final CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();
    private final int size;
    private final @Nullable MessageBatch[] free;
    private int freeCount;
    private int made;

    /** A pool of at most {@code size} batches of about {@link MessageBatch#SLAB_BYTES} each. */
    public BatchPool(int size) {
        this.size = size;
        this.free = new @Nullable MessageBatch[size];
    }

    /** A free, empty batch, or null when all are in flight. */
    public @Nullable MessageBatch poll() {
        synchronized (this) {
            if (freeCount > 0) {
                return free[--freeCount];
            }
            if (made == size) {
                return null;
            }
            made++;
        }
        return new MessageBatch(this); // outside the lock: it takes its time, and others give batches back
    }

    /** A free, empty batch; waits for one. Not for event loops. */
    public MessageBatch take() throws InterruptedException {
        MessageBatch batch = poll();
        while (batch == null) {
            synchronized (this) {
                while (freeCount == 0 && made == size) {
                    wait();
                }
            }
            batch = poll();
        }
        return batch;
    }

    /** How many batches are in flight or being filled now. */
    public synchronized int inFlight() {
        return made - freeCount;
    }

    /**
     * Asks for a call whenever a batch comes back, on the thread that returned it; keep it short (wake an event loop).
     * Register before {@link #poll()} is tried once more, or a return in between is missed.
     */
    public void onReturn(Runnable wake) {
        waiting.add(wake);
    }

    void put(MessageBatch batch) {
        synchronized (this) {
            free[freeCount++] = batch;
            notifyAll();
        }
        for (Runnable wake : waiting) {
            wake.run();
        }
    }
}
