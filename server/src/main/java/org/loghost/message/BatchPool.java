package org.loghost.message;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of batches that circulate between one group of event loops and the pipeline: the bound, in bytes, on
 * what is in flight. Who finds the pool empty stops reading until {@link #onReturn} calls.
 *
 * <p>Any thread.
 */
public final class BatchPool {
    private final ArrayBlockingQueue<MessageBatch> free;
    private final CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();
    private final int size;

    /** A pool of {@code size} batches of about {@link MessageBatch#SLAB_BYTES} each. */
    public BatchPool(int size) {
        this.size = size;
        this.free = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            free.add(new MessageBatch(this));
        }
    }

    /** A free, empty batch, or null when all are in flight. */
    public @Nullable MessageBatch poll() {
        return free.poll();
    }

    /** A free, empty batch; waits for one. Not for event loops. */
    public MessageBatch take() throws InterruptedException {
        return free.take();
    }

    /** How many batches are in flight or being filled now. */
    public int inFlight() {
        return size - free.size();
    }

    /**
     * Asks for a call whenever a batch comes back, on the thread that returned it; keep it short (wake an event loop).
     * Register before {@link #poll()} is tried once more, or a return in between is missed.
     */
    public void onReturn(Runnable wake) {
        waiting.add(wake);
    }

    void put(MessageBatch batch) {
        free.add(batch);
        for (Runnable wake : waiting) {
            wake.run();
        }
    }
}
