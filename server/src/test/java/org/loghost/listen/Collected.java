package org.loghost.listen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.loghost.message.BatchSink;
import org.loghost.message.MessageBatch;

/** A sink that keeps what it gets as text, and gives batches back at once, or only when the test says so. */
final class Collected implements BatchSink {
    record Message(
            String line, String host, String sender, boolean truncated, boolean malformed, long receivedMillis) {}

    private final List<Message> messages = new ArrayList<>();
    private final List<MessageBatch> held = new ArrayList<>();
    private boolean holding;
    private int batches;
    private long slowNanos;

    @Override
    public synchronized void accept(MessageBatch batch) {
        batches++;
        LockSupport.parkNanos(slowNanos);
        for (int i = 0; i < batch.count(); i++) {
            messages.add(new Message(
                    batch.line(i),
                    batch.host(i).name(),
                    batch.sender(i).addressText(),
                    batch.has(i, MessageBatch.TRUNCATED),
                    batch.has(i, MessageBatch.MALFORMED),
                    batch.receivedMillis(i)));
        }
        batch.handOn(batches, 1);
        if (holding) {
            held.add(batch);
        } else {
            batch.release();
        }
    }

    /** Takes so long for each batch, as on a machine that is busy with something else. */
    synchronized void slow(Duration duration) {
        slowNanos = duration.toNanos();
    }

    synchronized void hold() {
        holding = true;
    }

    /** Gives all held batches back, and the later ones at once. */
    void letGo() {
        List<MessageBatch> all;
        synchronized (this) {
            holding = false;
            all = List.copyOf(held);
            held.clear();
        }
        all.forEach(MessageBatch::release);
    }

    synchronized int batches() {
        return batches;
    }

    synchronized int count() {
        return messages.size();
    }

    synchronized List<Message> messages() {
        return List.copyOf(messages);
    }

    /** What stands behind {@code t: } in each line, whatever header the writer put before it. */
    List<String> texts() {
        return messages().stream()
                .map(Message::line)
                .map(line -> line.substring(line.indexOf("t: ") + 3))
                .toList();
    }
}
