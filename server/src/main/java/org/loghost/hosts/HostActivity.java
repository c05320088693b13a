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
    private long[] first = new long[256];
    private long[] last = new long[256];
    private long[] messages = new long[256];
    private long[] skew = new long[256];
    private @Nullable Sender[] sender = new @Nullable Sender[256];

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
            if (received > last[id]) {
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

    /** Takes over what an earlier run knew of a host; it was there before whatever this run has seen. */
    synchronized void known(int id, long firstMillis, long lastMillis, long count) {
        grow(id);
        first[id] = firstMillis;
        last[id] = Math.max(last[id], lastMillis);
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
        }
    }
}
