package org.loghost.listen;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.loghost.message.Sender;

/**
 * Lines that name no host and whose sender's name is still being looked up. Bounded in bytes, in all and per sender, so
 * that one unknown sender cannot take the room of the others; lines of one sender keep their order.
 *
 * <p>For the event loop alone.
 */
final class WaitingRoom {
    /** A sender may take this part of the room. */
    private static final int SHARE = 4;

    /** The heap that a line costs beside its bytes, and a sender with lines beside them: an object, a queue, a place in the map. */
    private static final int OVERHEAD = 96;

    private static final int SENDER = 320;

    /** A waiting line as it was received. */
    static final class Line {
        private final Sender sender;
        private final byte[] bytes;
        private final int flags;
        private final long receivedMillis;
        private final long deadlineNanos;

        Line(Sender sender, byte[] bytes, int flags, long receivedMillis, long deadlineNanos) {
            this.sender = sender;
            this.bytes = bytes;
            this.flags = flags;
            this.receivedMillis = receivedMillis;
            this.deadlineNanos = deadlineNanos;
        }

        Sender sender() {
            return sender;
        }

        byte[] bytes() {
            return bytes;
        }

        int flags() {
            return flags;
        }

        long receivedMillis() {
            return receivedMillis;
        }
    }

    /** Writes a line, or tells that it has to wait on. */
    interface Attempt {
        boolean written(Line line, boolean now);
    }

    private static final class Lines {
        private final Queue<Line> queue = new ArrayDeque<>();
        private int bytes;
    }

    private final int capacity;
    private final Map<Sender, Lines> bySender = new LinkedHashMap<>();
    private int taken;

    WaitingRoom(int capacity) {
        this.capacity = capacity;
    }

    boolean isEmpty() {
        return bySender.isEmpty();
    }

    boolean holds(Sender sender) {
        return bySender.containsKey(sender);
    }

    /** Copies a line in, behind those of its sender; false when there is no room for it. */
    boolean add(
            Sender sender, byte[] from, int offset, int length, int flags, long receivedMillis, long deadlineNanos) {
        Lines known = bySender.get(sender);
        int cost = length + OVERHEAD;
        int ofSender = known == null ? SENDER : known.bytes;
        int more = known == null ? cost + SENDER : cost;
        if (taken + more > capacity || ofSender + cost > capacity / SHARE) {
            return false;
        }
        Lines lines = known == null ? begin(sender) : known;
        byte[] copy = Arrays.copyOfRange(from, offset, offset + length);
        lines.queue.add(new Line(sender, copy, flags, receivedMillis, deadlineNanos));
        lines.bytes += cost;
        taken += cost;
        return true;
    }

    private Lines begin(Sender sender) {
        Lines lines = new Lines();
        lines.bytes = SENDER;
        taken += SENDER;
        bySender.put(sender, lines);
        return lines;
    }

    private void end(Lines lines) {
        taken -= lines.bytes;
    }

    /** Tries each sender's lines, oldest first, until one has to wait on; those past their deadline are written now. */
    void retry(long nowNanos, Attempt attempt) {
        Iterator<Lines> all = bySender.values().iterator();
        while (all.hasNext()) {
            Lines lines = all.next();
            drain(lines, nowNanos, false, attempt);
            if (lines.queue.isEmpty()) {
                end(lines);
                all.remove();
            }
        }
    }

    /** Tries one sender's lines, oldest first, until one has to wait on. */
    void retry(Sender sender, long nowNanos, Attempt attempt) {
        Lines lines = bySender.get(sender);
        if (lines != null) {
            drain(lines, nowNanos, false, attempt);
            endIfEmpty(sender, lines);
        }
    }

    /** Writes a sender's oldest lines now, until there is room for so long a one behind the others. */
    void makeRoom(Sender sender, int length, Attempt attempt) {
        Lines lines = bySender.get(sender);
        if (lines == null) {
            return;
        }
        int cost = length + OVERHEAD;
        while (!lines.queue.isEmpty()
                && (taken + cost > capacity || lines.bytes + cost > capacity / SHARE)
                && writeFirst(lines, true, attempt)) {
            // one more is gone
        }
        endIfEmpty(sender, lines);
    }

    private void endIfEmpty(Sender sender, Lines lines) {
        if (lines.queue.isEmpty()) {
            end(lines);
            bySender.remove(sender);
        }
    }

    /** Writes every line now. */
    void flush(Attempt attempt) {
        for (Lines lines : bySender.values()) {
            drain(lines, 0, true, attempt);
        }
        bySender.clear();
        taken = 0;
    }

    private void drain(Lines lines, long nowNanos, boolean now, Attempt attempt) {
        while (!lines.queue.isEmpty()) {
            boolean due = now || nowNanos - lines.queue.element().deadlineNanos >= 0;
            if (!writeFirst(lines, due, attempt)) {
                return;
            }
        }
    }

    private boolean writeFirst(Lines lines, boolean now, Attempt attempt) {
        Line line = lines.queue.element();
        if (!attempt.written(line, now)) {
            return false;
        }
        lines.queue.remove();
        int cost = line.bytes().length + OVERHEAD;
        lines.bytes -= cost;
        taken -= cost;
        return true;
    }
}
