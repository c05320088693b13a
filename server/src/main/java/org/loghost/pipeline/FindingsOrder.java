package org.loghost.pipeline;

import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.loghost.classify.FindingsBuffer;
import org.loghost.classify.FindingsStore;

/**
 * Stores findings in the order of their batches, whichever classifying thread is done first, and tells how far it got:
 * the archive's gate.
 *
 * <p>Any thread. Buffers are reused, and bounded in bytes.
 */
public final class FindingsOrder {
    private static final long END_MILLIS = 200;
    /** Buffers kept for the next batches; one for each classifying thread is used as a rule. */
    private static final int MOST_FREE = 4;

    private final FindingsStore store;
    private final SortedMap<Long, FindingsBuffer> early = new TreeMap<>();
    private final ArrayDeque<FindingsBuffer> free = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final long mostEarly;
    private long earlyBytes;
    private volatile long storedUpTo = -1;
    private volatile boolean ended;

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
    FindingsBuffer take() {
        lock.lock();
        try {
            FindingsBuffer buffer = free.poll();
            return buffer == null ? new FindingsBuffer() : buffer;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The findings of a batch are known; stores them when all earlier ones are stored, else keeps them until then.
     *
     * @return false when it is too late for them, as the server has stopped
     */
    boolean complete(long sequence, FindingsBuffer findings) {
        lock.lock();
        try {
            awaitRoom(sequence, findings);
            if (ended) {
                return false;
            }
            if (sequence != storedUpTo + 1) {
                early.put(sequence, findings);
                earlyBytes += findings.capacity();
                storeEarlyWhenEnded();
                return true;
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
            storeEarlyWhenEnded();
            progress.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the findings of every batch up to {@code sequence} are stored, or none will be any more. */
    void await(long sequence) throws InterruptedException {
        lock.lock();
        try {
            while (storedUpTo < sequence && !ended) {
                progress.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends it all: findings that wait for those of an earlier batch are stored without them, and nothing is taken any
     * more. Waits a little when something is being stored, but not for ever.
     */
    void end() throws InterruptedException {
        boolean locked = lock.tryLock(END_MILLIS, TimeUnit.MILLISECONDS);
        ended = true;
        if (!locked && !lock.tryLock()) {
            return; // who has the lock does the rest
        }
        try {
            storeEarlyWhenEnded();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void storeEarlyWhenEnded() {
        if (ended) {
            early.values().forEach(store::append);
            early.clear();
            earlyBytes = 0;
        }
    }

    /** Ends: batches are taken in order, so another thread has the one that is missing. */
    private void awaitRoom(long sequence, FindingsBuffer findings) {
        while (!ended && sequence != storedUpTo + 1 && earlyBytes > 0 && earlyBytes + findings.capacity() > mostEarly) {
            progress.awaitUninterruptibly();
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
