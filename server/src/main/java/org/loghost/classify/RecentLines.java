package org.loghost.classify;

import java.util.concurrent.locks.ReentrantLock;
import org.loghost.message.MessageBatch;
import org.loghost.rules.RuleSet;
import org.loghost.rules.Verdicts;

/**
 * Some lines of the last seconds, by which new rules are warmed before they judge: their automata make the states that
 * this traffic needs while the old rules still work. Any thread; taking note never waits and allocates nothing.
 */
final class RecentLines {
    private static final int MAX_LINES = 512;
    private static final int MAX_BYTES = 1 << 16;
    private static final long PAUSE_MILLIS = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] bytes = new byte[MAX_BYTES];
    private final int[] offsets = new int[MAX_LINES];
    private final int[] lengths = new int[MAX_LINES];
    private int count;
    private volatile long next;

    /** Keeps the first lines of a batch, once a second. */
    void note(MessageBatch batch, Scratch taken, long nowMillis) {
        if (nowMillis >= next && lock.tryLock()) {
            try {
                next = nowMillis + PAUSE_MILLIS;
                copy(batch, taken);
            } finally {
                lock.unlock();
            }
        }
    }

    private void copy(MessageBatch batch, Scratch taken) {
        int used = 0;
        count = 0;
        for (int i = 0; i < batch.count() && count < MAX_LINES; i++) {
            int length = taken.lengths()[i];
            if (length > MAX_BYTES - used) {
                return;
            }
            System.arraycopy(batch.slab(), taken.offsets()[i], bytes, used, length);
            offsets[count] = used;
            lengths[count] = length;
            used += length;
            count++;
        }
    }

    /** Lets rules judge these lines, for the sake of their states alone. */
    void warm(RuleSet rules) {
        lock.lock();
        try {
            rules.classify(bytes, offsets, lengths, count, new Verdicts());
        } finally {
            lock.unlock();
        }
    }
}
