package org.loghost.frame;

import java.util.Arrays;
import org.loghost.message.MessageBatch;

/**
 * What is at hand of one connection's stream: the kept bytes of a half frame, and the read behind them. Hands frames on
 * from its beginning, and accounts for every byte that goes: into a frame, between frames, or skipped.
 *
 * <p>One thread.
 */
final class StreamWindow {
    /** How many bytes beyond the limit are kept before a frame is cut, so that a start is not cut in two. */
    static final int SLACK = JoinedBytes.LONGEST_START + 2;

    private static final byte[] NONE = new byte[0];

    private final int maxMessage;
    private final HalfFrame half;
    private final JoinedBytes joined = new JoinedBytes();
    private long skipped;
    private long between;

    // The read that is being cut; plain fields, so that the small methods below share it.
    private byte[] bytes = NONE;
    private int position;
    private int limit;

    StreamWindow(int maxMessage, PartialFrames partials) {
        this.maxMessage = maxMessage;
        this.half = new HalfFrame(partials, maxMessage + SLACK);
    }

    /** Begins a read; the read before is used up. */
    void begin(byte[] newBytes, int offset, int length) {
        bytes = newBytes;
        position = offset;
        limit = offset + length;
    }

    /** Forgets the read. */
    void endRead() {
        begin(NONE, 0, 0);
    }

    /** How many bytes of the read are left. */
    int left() {
        return limit - position;
    }

    /** The read's next byte. */
    int next() {
        return bytes[position];
    }

    /** How many bytes are kept. */
    int kept() {
        return half.length();
    }

    /** Whether what is kept is blanks alone. */
    boolean keptIsBlank() {
        return half.isBlank();
    }

    /** When the first of the kept bytes came. */
    long keptSince() {
        return half.since();
    }

    /** Bytes that belong to no frame and no delimiter. */
    long skipped() {
        return skipped;
    }

    /** Bytes of counts, line ends, and blanks between frames. */
    long between() {
        return between;
    }

    /** All that is at hand as one sequence; valid until the next call of a method that changes anything. */
    JoinedBytes join() {
        joined.wrap(half.bytes(), half.length(), bytes, position, limit);
        return joined;
    }

    /** The length up to the next LF or NUL, or -1. Kept bytes hold neither. */
    int toLineEnd() {
        int end = LineEnd.indexOf(bytes, position, limit);
        return end < 0 ? end : half.length() + end - position;
    }

    /** The length up to the next LF, or -1. Kept bytes hold none. */
    int toLf() {
        int end = LineEnd.indexOfLf(bytes, position, limit);
        return end < 0 ? end : half.length() + end - position;
    }

    /** Whether a frame of {@code length} bytes, which ends in the read, loses more than a line's end at the limit. */
    boolean losesText(int length) {
        return length > maxMessage && (length > maxMessage + 1 || !LineEnd.is(join().at(length - 1)));
    }

    /** Passes over one byte between frames. */
    void passOne() {
        between++;
        position++;
    }

    /** Passes over the first {@code length} bytes, which lie between frames and reach into the read. */
    void pass(int length) {
        between += length;
        position += length - half.length();
        half.shorten(0);
    }

    /** Passes over all that is kept. */
    void passKept() {
        between += half.length();
        half.clear();
    }

    /** Skips all but the last {@code seam} bytes, and keeps those; returns how many are skipped. */
    int skipAllBut(int seam) {
        JoinedBytes here = join();
        int from = Math.max(0, here.length() - seam);
        byte[] rest = here.copyFrom(from);
        skipped += from;
        position = limit;
        half.clear();
        half.append(rest, 0, rest.length);
        return from;
    }

    /** Skips the first {@code length} bytes. */
    void skip(int length) {
        skipped += length;
        goOnAt(length);
    }

    /** Skips all that is kept. */
    void skipKept() {
        skipped += half.length();
        half.clear();
    }

    /** Keeps the rest of the read; false when there is no room for all of it, and then nothing has changed. */
    boolean keep(long nowMillis) {
        int before = half.length();
        int wanted = limit - position;
        if (before + wanted > maxMessage + SLACK) {
            return false;
        }
        half.begin(nowMillis);
        int copied = half.append(bytes, position, wanted);
        if (copied < wanted) {
            half.shorten(before);
            return false;
        }
        position = limit;
        return true;
    }

    /** Hands on the first {@code length} bytes as a frame. */
    void handOn(int length, int flags, FrameReceiver receiver) {
        if (half.isEmpty()) {
            emit(bytes, position, length, flags, receiver);
            position += length;
        } else if (length < half.length()) {
            emit(half.bytes(), 0, length, flags, receiver);
            goOnAt(length);
        } else {
            int wanted = length - half.length();
            int copied = half.append(bytes, position, wanted);
            int lost = wanted - copied;
            emit(half.bytes(), 0, half.length(), lost > 0 ? flags | MessageBatch.TRUNCATED : flags, receiver);
            skipped += lost;
            position += wanted;
            half.clear();
        }
    }

    /** Hands on what is kept as a frame. */
    void handOnKept(int flags, FrameReceiver receiver) {
        emit(half.bytes(), 0, half.length(), flags, receiver);
        half.clear();
    }

    /** Hands on as much as the limit and the memory allow as a cut frame; returns how far the read has moved. */
    int handOnCut(FrameReceiver receiver) {
        int from = position;
        int wanted = Math.min(limit - position, Math.max(0, maxMessage - half.length()));
        if (half.isEmpty()) {
            receiver.frame(bytes, position, wanted, MessageBatch.TRUNCATED);
            position += wanted;
        } else {
            position += half.append(bytes, position, wanted);
            int length = Math.min(half.length(), maxMessage);
            receiver.frame(half.bytes(), 0, length, MessageBatch.TRUNCATED);
            half.keepFrom(length);
        }
        return position - from;
    }

    /** Takes the kept bytes out, so that they can be read again. */
    byte[] takeKept() {
        byte[] again = Arrays.copyOf(half.bytes(), half.length());
        half.clear();
        return again;
    }

    /** Gives all memory back. */
    void release() {
        half.release();
    }

    /** Goes on at {@code i} of kept bytes and read, whichever it is in. */
    private void goOnAt(int i) {
        if (i >= half.length()) {
            position += i - half.length();
        } else {
            byte[] rest = join().copyFrom(i);
            begin(rest, 0, rest.length);
        }
        half.clear();
    }

    private void emit(byte[] from, int offset, int length, int flags, FrameReceiver receiver) {
        if (length <= maxMessage) {
            receiver.frame(from, offset, length, flags);
        } else {
            emitLong(from, offset, length, flags, receiver);
        }
    }

    private void emitLong(byte[] from, int offset, int length, int flags, FrameReceiver receiver) {
        boolean cut = MessageLimit.losesText(from, offset, length, maxMessage);
        if (cut) {
            skipped += length - maxMessage;
        } else {
            between += length - maxMessage;
        }
        receiver.frame(from, offset, maxMessage, cut ? flags | MessageBatch.TRUNCATED : flags);
    }
}
