package org.loghost.hosts;

import java.util.Arrays;
import org.loghost.message.MessageBatch;

/** First and last seen, and how many, by {@code Host.id()}. Guarded by its own lock, taken once per batch. */
final class HostActivity {
    private long[] first = new long[256];
    private long[] last = new long[256];
    private long[] messages = new long[256];
    private long[] skew = new long[256];

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
            long device = batch.deviceMicros(i);
            if (device != MessageBatch.NO_TIME) {
                skew[id] = device - received * 1000;
            }
        }
    }

    /** Takes over what an earlier run knew of a host. */
    synchronized void known(int id, long firstMillis, long lastMillis, long count) {
        grow(id);
        first[id] = firstMillis;
        last[id] = Math.max(last[id], lastMillis);
        messages[id] += count;
    }

    synchronized HostInfo info(int id, String name, java.util.List<String> addresses) {
        grow(id);
        return new HostInfo(name, addresses, first[id], last[id], messages[id], skew[id]);
    }

    private void grow(int id) {
        if (id >= first.length) {
            int size = Math.max(id + 1, first.length * 2);
            first = Arrays.copyOf(first, size);
            last = Arrays.copyOf(last, size);
            messages = Arrays.copyOf(messages, size);
            skew = Arrays.copyOf(skew, size);
        }
    }
}
