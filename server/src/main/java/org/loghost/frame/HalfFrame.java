package org.loghost.frame;

import java.util.Arrays;

/**
 * The bytes of one connection's frame whose end has not come yet, in memory of {@link PartialFrames}. The first
 * {@link PartialFrames#SMALL} always have room. One thread.
 */
final class HalfFrame {
    private static final byte[] NONE = new byte[0];

    private final PartialFrames partials;
    private final int most;
    private byte[] bytes = NONE;
    private int length;
    private long since;

    /** Keeps at most {@code most} bytes. */
    HalfFrame(PartialFrames partials, int most) {
        this.partials = partials;
        this.most = most;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** When the first of the bytes came. */
    long since() {
        return since;
    }

    /** Notes when the frame began, unless it had begun before. */
    void begin(long nowMillis) {
        if (length == 0) {
            since = nowMillis;
        }
    }

    /** Adds bytes as far as there is room, and returns how many. */
    int append(byte[] from, int offset, int wanted) {
        int room = bytes.length - length;
        if (room < wanted) {
            byte[] grown = partials.grow(bytes, length + wanted, most);
            if (grown != null) {
                bytes = grown;
                room = wanted;
            }
        }
        int copied = Math.min(room, wanted);
        System.arraycopy(from, offset, bytes, length, copied);
        length += copied;
        return copied;
    }

    /** Keeps no more than {@code newLength} bytes. */
    void shorten(int newLength) {
        length = newLength;
    }

    /** Keeps the bytes from {@code from} on, which are few. */
    void keepFrom(int from) {
        byte[] rest = Arrays.copyOfRange(bytes, from, length);
        clear();
        append(rest, 0, rest.length);
    }

    /** Whether all of it is blanks. */
    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != ' ') {
                return false;
            }
        }
        return true;
    }

    /** Forgets the bytes, and gives the memory back that counts. */
    void clear() {
        length = 0;
        if (bytes.length > PartialFrames.SMALL) {
            release();
        }
    }

    /** Forgets the bytes, and gives all memory back. */
    void release() {
        length = 0;
        partials.release(bytes);
        bytes = NONE;
    }
}
