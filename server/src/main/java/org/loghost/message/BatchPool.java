package org.loghost.message;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The batches that circulate between one group of event loops and the pipeline: at most a fixed number, and at most so
 * many bytes. Together the bound on what is in flight. Who finds the pool empty stops reading until {@link #onReturn}
 * calls.
 *
 * <p>A batch whose lines grow beyond its first size, as control bytes do that are escaped, holds more of the bytes until
 * it comes back; meanwhile fewer batches are given out. So that a loop can always go on, a batch is given out whatever the
 * others hold while no more than one for each filler is out.
 *
 * <p>The batch that came back last is given out first, and a new one is made only when none is free: while the pipeline
 * keeps pace, few batches are touched and they stay in the processor's cache.
 *
 * <p>Any thread.
 */
public final class BatchPool {
    private final CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();
    private final int size;
    private final long bytes;
    private final int fillers;
    private final @Nullable MessageBatch[] free;
    private int freeCount;
    private int made;
    private long grown;

    /** A pool of at most {@code size} batches of {@link MessageBatch#BYTES} each, however much they grow. */
    public BatchPool(int size) {
        this(size, Long.MAX_VALUE, size - 1);
    }

    /**
     * A pool for {@code fillers} event loops.
     *
     * @param size the most batches
     * @param bytes what they may hold together when the next one is given out; those being filled then may grow beyond
     */
    public BatchPool(int size, long bytes, int fillers) {
        this.size = size;
        this.bytes = bytes;
        this.fillers = fillers;
        this.free = new @Nullable MessageBatch[size];
    }

    /** A free, empty batch, or null when all are in flight. */
    public @Nullable MessageBatch poll() {
        synchronized (this) {
            if (!isThereOne()) {
                return null;
            }
            if (freeCount > 0) {
                return free[--freeCount];
            }
            made++;
        }
        return new MessageBatch(this); // outside the lock: it takes its time, and others give batches back
    }

    /** A free, empty batch; waits for one. Not for event loops. */
    public MessageBatch take() throws InterruptedException {
        MessageBatch batch = null;
        while (batch == null) {
            batch = take(Long.MAX_VALUE);
        }
        return batch;
    }

    /** As {@link #take()}, for so long at most; null when there is none then. */
    public @Nullable MessageBatch take(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        MessageBatch batch = poll();
        while (batch == null) {
            synchronized (this) {
                while (!isThereOne()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(nanos - (System.nanoTime() - start));
                    if (left <= 0) {
                        return null;
                    }
                    wait(left);
                }
            }
            batch = poll();
        }
        return batch;
    }

    private boolean isThereOne() {
        if (freeCount == 0 && made == size) {
            return false;
        }
        return made - freeCount <= fillers || made * MessageBatch.BYTES + grown <= bytes;
    }

    /** How many batches are in flight or being filled now. */
    public synchronized int inFlight() {
        return made - freeCount;
    }

    /** The bytes that all batches hold now, free ones too. */
    public synchronized long held() {
        return made * MessageBatch.BYTES + grown;
    }

    /**
     * Asks for a call whenever a batch comes back, on the thread that returned it; keep it short (wake an event loop).
     * Register before {@link #poll()} is tried once more, or a return in between is missed.
     */
    public void onReturn(Runnable wake) {
        waiting.add(wake);
    }

    /** A batch that is out holds so many bytes more, or less. */
    synchronized void grew(long more) {
        grown += more;
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
