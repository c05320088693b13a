package org.loghost.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.loghost.message.MessageBatch;

/**
 * Cuts the byte stream of one connection into frames. Octet counting and LF framing (RFC 6587 sections 3.4.1 and 3.4.2)
 * are told apart for every frame anew, because real senders mix them on one stream:
 *
 * <pre>
 * counted   1*7DIGIT SP "<" ...      the count is of the bytes behind the blank
 * LF        anything else            up to LF, which is not part of the frame
 * </pre>
 *
 * A line such as {@code 200 OK} therefore never swallows 200 bytes, and the count is at most 9,999,999 before it is
 * stored. The text of a counted frame may hold LF.
 *
 * <p>A frame beyond the limit becomes one frame flagged as truncated; its rest is skipped up to the frame's end and
 * never looked at as new frames. The same happens to a half frame that finds no room in {@link PartialFrames}. A half
 * frame is kept until its rest comes, {@link #expire} or {@link #end}; every byte is looked at once.
 *
 * <p>One thread.
 */
public final class StreamFramer {
    private static final int MAX_COUNT_DIGITS = 7;
    private static final byte[] NONE = new byte[0];

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long LFS = ONES * '\n';

    private enum State {
        /** Between frames, or so few bytes of one that its kind is open: up to seven digits and a blank. */
        START,
        /** In a frame that ends with LF. */
        LINE,
        /** In a frame of which {@link #remaining} bytes are still to come. */
        COUNTED,
        /** In the unwanted rest of a frame that ends with LF. */
        SKIP_LINE,
        /** In the unwanted rest, {@link #remaining} bytes, of a counted frame. */
        SKIP_COUNTED
    }

    private final int maxMessage;
    private final PartialFrames partials;

    private State state = State.START;
    private int remaining;
    private byte[] partial = NONE;
    private int partialLength;
    private long partialSince;

    // The read that is being cut; plain fields, so that the small methods below share it.
    private byte[] bytes = NONE;
    private int position;
    private int limit;

    /** Frames of at most {@code maxMessage} bytes; half frames are kept in {@code partials}. */
    public StreamFramer(int maxMessage, PartialFrames partials) {
        this.maxMessage = maxMessage;
        this.partials = partials;
    }

    /**
     * Takes the next bytes of the stream and hands on each frame that ends in them.
     *
     * @param nowMillis when they were read; for {@link #expire}
     */
    public void read(byte[] newBytes, int offset, int length, long nowMillis, FrameReceiver receiver) {
        bytes = newBytes;
        position = offset;
        limit = offset + length;
        while (position < limit) {
            if (!step(nowMillis, receiver)) {
                break;
            }
        }
        bytes = NONE;
    }

    /** The connection is at its end: what is left of a frame is a frame. */
    public void end(FrameReceiver receiver) {
        cutShort(receiver);
        state = State.START;
        release();
    }

    /**
     * Hands on a half frame that began before {@code beforeMillis}; what still comes of it becomes a frame of its own.
     *
     * @return whether there was one
     */
    public boolean expire(long beforeMillis, FrameReceiver receiver) {
        if (partialLength == 0 || partialSince >= beforeMillis) {
            return false;
        }
        cutShort(receiver);
        return true;
    }

    /** How many bytes of a half frame are kept now. */
    public int pending() {
        return partialLength;
    }

    /** One state's work; false when the read is used up. */
    private boolean step(long nowMillis, FrameReceiver receiver) {
        return switch (state) {
            case START -> start(nowMillis);
            case LINE -> line(nowMillis, receiver);
            case COUNTED -> counted(nowMillis, receiver);
            case SKIP_LINE -> skipLine();
            case SKIP_COUNTED -> skipCounted();
        };
    }

    /** {@code 1*7DIGIT SP "<"} or not. Kept bytes, if any, are the beginning of such a count. */
    private boolean start(long nowMillis) {
        int first = partialLength > 0 ? partial[0] : bytes[position];
        if (!isDigit(first)) { // the common case: '<'
            state = State.LINE;
            return true;
        }
        return countOrLine(nowMillis);
    }

    private boolean countOrLine(long nowMillis) {
        int available = partialLength + limit - position;
        int count = 0;
        int i = 0;
        while (i < available && i < MAX_COUNT_DIGITS && isDigit(at(i))) {
            count = count * 10 + at(i) - '0';
            i++;
        }
        if (i == available || (i + 1 == available && at(i) == ' ')) {
            keep(nowMillis); // at most 8 bytes, which always have room
            return false;
        }
        if (at(i) != ' ' || at(i + 1) != '<') {
            state = State.LINE;
            return true;
        }
        position += i + 1 - partialLength;
        partialLength = 0;
        remaining = count;
        state = State.COUNTED;
        return true;
    }

    private int at(int i) {
        return i < partialLength ? partial[i] : bytes[position + i - partialLength];
    }

    private boolean line(long nowMillis, FrameReceiver receiver) {
        int end = indexOfLf();
        if (end < 0) {
            keepOrCut(State.SKIP_LINE, nowMillis, receiver);
            return false;
        }
        finish(end, receiver);
        position = end + 1;
        return true;
    }

    private boolean counted(long nowMillis, FrameReceiver receiver) {
        int here = limit - position;
        if (here < remaining) {
            remaining -= here;
            keepOrCut(State.SKIP_COUNTED, nowMillis, receiver);
            return false;
        }
        int end = position + remaining;
        finish(end, receiver);
        position = end;
        return true;
    }

    private boolean skipLine() {
        int end = indexOfLf();
        if (end < 0) {
            return false;
        }
        position = end + 1;
        state = State.START;
        return true;
    }

    private boolean skipCounted() {
        int skipped = Math.min(remaining, limit - position);
        position += skipped;
        remaining -= skipped;
        if (remaining == 0) {
            state = State.START;
        }
        return true;
    }

    /** The frame that ends before {@code end} is complete: kept bytes, if any, and those from the position on. */
    private void finish(int end, FrameReceiver receiver) {
        state = State.START;
        int length = end - position;
        if (partialLength == 0) {
            emit(bytes, position, length, 0, receiver);
            return;
        }
        if (append(length)) {
            emit(partial, 0, partialLength, 0, receiver);
        } else {
            emit(partial, 0, partialLength, MessageBatch.TRUNCATED, receiver);
        }
        forget();
    }

    /** The frame does not end in this read: keeps what is there, or cuts it and skips the rest. */
    private void keepOrCut(State skipping, long nowMillis, FrameReceiver receiver) {
        boolean withinLimit = partialLength + limit - position <= maxMessage + 1;
        if (partialLength == 0) {
            if (withinLimit && keep(nowMillis)) {
                return;
            }
            emit(bytes, position, limit - position, MessageBatch.TRUNCATED, receiver);
        } else {
            if (append(limit - position) && withinLimit) {
                return;
            }
            emit(partial, 0, partialLength, MessageBatch.TRUNCATED, receiver);
        }
        forget();
        state = skipping;
    }

    private boolean keep(long nowMillis) {
        if (partialLength == 0) {
            partialSince = nowMillis;
        }
        return append(limit - position);
    }

    /** Puts the next bytes behind the kept ones, as many as the limit wants; false when there is no room for them. */
    private boolean append(int length) {
        int wanted = Math.min(length, maxMessage + 2 - partialLength);
        if (partial.length - partialLength < wanted) {
            byte[] grown = partials.grow(partial, partialLength + wanted, maxMessage + 2);
            if (grown == null) {
                int fits = partial.length - partialLength;
                System.arraycopy(bytes, position, partial, partialLength, fits);
                partialLength += fits;
                return false;
            }
            partial = grown;
        }
        System.arraycopy(bytes, position, partial, partialLength, wanted);
        partialLength += wanted;
        return true;
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
        receiver.frame(from, offset, maxMessage, cut ? flags | MessageBatch.TRUNCATED : flags);
    }

    /** Hands on the kept bytes although the frame is not at its end. */
    private void cutShort(FrameReceiver receiver) {
        if (partialLength > 0) {
            emit(partial, 0, partialLength, state == State.COUNTED ? MessageBatch.MALFORMED : 0, receiver);
            forget();
        }
    }

    private void forget() {
        partialLength = 0;
        if (partial.length > PartialFrames.SMALL) {
            release();
        }
    }

    private void release() {
        partials.release(partial);
        partial = NONE;
    }

    /** Eight bytes at a time: every byte of a connection passes here, and one by one was a sixth of reading a message. */
    private int indexOfLf() {
        byte[] in = bytes;
        int end = limit;
        int i = position;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long zeroWhereLf = (long) WORD.get(in, i) ^ LFS;
            long found = (zeroWhereLf - ONES) & ~zeroWhereLf & HIGHS;
            if (found != 0) { // only bytes above the first match may be marked wrongly, by the borrow
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < end; i++) {
            if (in[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }
}
