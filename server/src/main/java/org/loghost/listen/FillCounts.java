package org.loghost.listen;

import org.loghost.message.MessageBatch;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;

/** Counts what one event loop takes in; added to the server's counts once per batch. For the event loop alone. */
final class FillCounts {
    private final ServerMetrics metrics;
    private long received;
    private long receivedBytes;
    private long empty;
    private long truncated;
    private long skippedBytes;
    private long lost;

    FillCounts(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    void received(int length, int flags) {
        received++;
        receivedBytes += length;
        if ((flags & MessageBatch.TRUNCATED) != 0) {
            truncated++;
        }
    }

    void empty() {
        empty++;
    }

    /** Bytes of a connection that belong to no message. */
    void skipped(long bytes) {
        skippedBytes += bytes;
    }

    /** A frame that was counted as received was empty. */
    void wasEmpty(int length) {
        received--;
        receivedBytes -= length;
        empty++;
    }

    /** At a stop alone. */
    void lost() {
        lost++;
    }

    /** Rare, and of connections alone. */
    void expired() {
        metrics.increment(Count.EXPIRED_FRAMES);
    }

    /** Adds what was counted, and what a batch that is handed on tells. */
    void add(MessageBatch full) {
        int malformed = 0;
        for (int i = 0; i < full.count(); i++) {
            if (full.has(i, MessageBatch.MALFORMED)) {
                malformed++;
            }
        }
        metrics.add(Count.MALFORMED, malformed);
        metrics.add(Count.RECEIVED, received);
        metrics.add(Count.LOST_WAITING, lost); // not before: a loss of what was never received would not add up
        metrics.add(Count.RECEIVED_BYTES, receivedBytes);
        metrics.add(Count.EMPTY, empty);
        metrics.add(Count.TRUNCATED, truncated);
        metrics.add(Count.LOST_STREAM_BYTES, skippedBytes);
        received = 0;
        receivedBytes = 0;
        empty = 0;
        truncated = 0;
        skippedBytes = 0;
        lost = 0;
    }
}
