package org.loghost.hosts;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;

/**
 * First and last seen, how many, by whom and with which clock, by {@code Host.id()}. Guarded by its own lock, taken once
 * per batch.
 */
final class HostActivity {
    /** Batches come out of order by much less; a message that is older came after a clock was set back. */
    private static final long SET_BACK_MILLIS = 60_000;

    private long[] first = new long[256];
    private long[] last = new long[256];
    private long[] messages = new long[256];
    private long[] skew = new long[256];
    private @Nullable Sender[] sender = new @Nullable Sender[256];
    /** Whether {@link #first} is of an earlier run. */
    private boolean[] earlier = new boolean[256];

    /** One host's figures at one moment. */
    record Seen(long firstMillis, long lastMillis, long messages, long skewMicros, String lastSender) {}

    synchronized void seen(MessageBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            int id = batch.host(i).id();
            grow(id);
            long received = batch.receivedMillis(i);
            if (first[id] == 0) {
                first[id] = received;
            }
            if (received > last[id] || last[id] - received > SET_BACK_MILLIS) {
                last[id] = received;
            }
            messages[id] += batch.repeat(i);
            sender[id] = batch.sender(i);
            long device = batch.deviceMicros(i);
            if (device != MessageBatch.NO_TIME) {
                skew[id] = device - received * 1000;
            }
        }
    }

    /**
     * The clock was set: what was seen in this run is as long ago as before. What came since then has the new time already.
     *
     * @param stepMillis how far the clock went, forwards or back
     */
    synchronized void clockSet(long stepMillis, long nowMillis) {
        for (int id = 0; id < last.length; id++) {
            if (sender[id] != null) {
                last[id] += isOfNow(last[id], nowMillis) ? 0 : stepMillis;
                first[id] += earlier[id] || isOfNow(first[id], nowMillis) ? 0 : stepMillis;
            }
        }
    }

    private static boolean isOfNow(long millis, long nowMillis) {
        return Math.abs(millis - nowMillis) <= 2 * SET_BACK_MILLIS;
    }

    /** Takes over what an earlier run knew of a host; it was there before whatever this run has seen. */
    synchronized void known(int id, long firstMillis, long lastMillis, long count) {
        grow(id);
        first[id] = firstMillis;
        earlier[id] = true;
        last[id] = last[id] == 0 ? lastMillis : last[id];
        messages[id] += count;
    }

    synchronized Seen of(int id) {
        grow(id);
        Sender latest = sender[id];
        return new Seen(first[id], last[id], messages[id], skew[id], latest == null ? "" : latest.addressText());
    }

    private void grow(int id) {
        if (id >= first.length) {
            int size = Math.max(id + 1, first.length * 2);
            first = Arrays.copyOf(first, size);
            last = Arrays.copyOf(last, size);
            messages = Arrays.copyOf(messages, size);
            skew = Arrays.copyOf(skew, size);
            sender = Arrays.copyOf(sender, size);
            earlier = Arrays.copyOf(earlier, size);
        }
    }
}
