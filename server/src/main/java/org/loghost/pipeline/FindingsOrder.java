package org.loghost.pipeline;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.loghost.classify.FindingsBuffer;
import org.loghost.classify.FindingsStore;

/**
 * Stores findings in the order of their batches, whichever classifying thread is done first, and tells how far it got:
 * the archive's gate.
 *
 * <p>Any thread. Buffers are reused, and bounded in bytes.
 */
public final class FindingsOrder {
    /** Buffers kept for the next batches; one for each classifying thread is used as a rule. */
    private static final int MOST_FREE = 4;

    private final FindingsStore store;
    private final Map<Long, FindingsBuffer> early = new HashMap<>();
    private final ArrayDeque<FindingsBuffer> free = new ArrayDeque<>();
    private final long mostEarly;
    private long earlyBytes;
    private volatile long storedUpTo = -1;

    /**
     * Starts before the batch of sequence 0.
     *
     * @param mostEarly bytes of findings that may wait for those of an earlier batch; who brings more waits until it comes
     */
    public FindingsOrder(FindingsStore store, long mostEarly) {
        this.store = store;
        this.mostEarly = mostEarly;
    }

    /** The highest sequence whose findings, and all before them, are stored; -1 at first. */
    public long storedUpTo() {
        return storedUpTo;
    }

    /** An empty buffer for the findings of one batch; comes back by {@link #complete}. */
    synchronized FindingsBuffer take() {
        FindingsBuffer buffer = free.poll();
        return buffer == null ? new FindingsBuffer() : buffer;
    }

    /** The findings of a batch are known; stores them when all earlier ones are stored, else keeps them until then. */
    synchronized void complete(long sequence, FindingsBuffer findings) {
        awaitRoom(sequence, findings);
        if (sequence != storedUpTo + 1) {
            early.put(sequence, findings);
            earlyBytes += findings.capacity();
            return;
        }
        store(sequence, findings);
        for (long next = sequence + 1; !early.isEmpty(); next++) {
            FindingsBuffer waiting = early.remove(next);
            if (waiting == null) {
                break;
            }
            earlyBytes -= waiting.capacity();
            store(next, waiting);
        }
        notifyAll();
    }

    /** Waits until the findings of every batch up to {@code sequence} are stored. */
    synchronized void await(long sequence) throws InterruptedException {
        while (storedUpTo < sequence) {
            wait();
        }
    }

    /** Ends: batches are taken in order, so another thread has the one that is missing. */
    private void awaitRoom(long sequence, FindingsBuffer findings) {
        boolean interrupted = false;
        while (sequence != storedUpTo + 1 && earlyBytes > 0 && earlyBytes + findings.capacity() > mostEarly) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(long sequence, FindingsBuffer findings) {
        store.append(findings);
        findings.clear();
        if (free.size() < MOST_FREE) {
            free.push(findings);
        }
        storedUpTo = sequence;
    }
}
