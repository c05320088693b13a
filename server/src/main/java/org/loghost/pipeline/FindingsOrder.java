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
 * <p>Any thread. Buffers are reused; there are never more of them than batches in flight.
 */
public final class FindingsOrder {
    private final FindingsStore store;
    private final Map<Long, FindingsBuffer> early = new HashMap<>();
    private final ArrayDeque<FindingsBuffer> free = new ArrayDeque<>();
    private volatile long storedUpTo = -1;

    /** Starts before the batch of sequence 0. */
    public FindingsOrder(FindingsStore store) {
        this.store = store;
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
        if (sequence != storedUpTo + 1) {
            early.put(sequence, findings);
            return;
        }
        store(sequence, findings);
        for (long next = sequence + 1; !early.isEmpty(); next++) {
            FindingsBuffer waiting = early.remove(next);
            if (waiting == null) {
                break;
            }
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

    private void store(long sequence, FindingsBuffer findings) {
        store.append(findings);
        findings.clear();
        free.push(findings);
        storedUpTo = sequence;
    }
}
