package org.loghost.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds what ends a line: LF, or NUL as some senders have it. */
final class LineEnd {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    /** Without the bits of LF, LF and NUL are both zero; so are two control bytes that text hardly ever holds. */
    private static final long NOT_LF_BITS = ~(ONES * '\n');

    private LineEnd() {}

    /** Whether a byte is CR, LF or NUL. */
    static boolean is(int b) {
        return b == '\n' || b == '\r' || b == 0;
    }

    /**
     * The first LF or NUL in {@code [from, to)}, or -1. Eight bytes at a time: every byte of a connection passes here,
     * and one by one was a sixth of reading a message.
     */
    static int indexOf(byte[] in, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long zeroWhereEnd = (long) WORD.get(in, i) & NOT_LF_BITS;
            long found = (zeroWhereEnd - ONES) & ~zeroWhereEnd & HIGHS;
            if (found != 0) { // only bytes above the first match may be marked wrongly, by the borrow
                int at = i + (Long.numberOfTrailingZeros(found) >>> 3);
                if (in[at] == '\n' || in[at] == 0) {
                    return at;
                }
                int other = oneByOne(in, at + 1, i + Long.BYTES);
                if (other >= 0) {
                    return other;
                }
            }
        }
        return oneByOne(in, i, to);
    }

    private static int oneByOne(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '\n' || in[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    /** The first LF in {@code [from, to)}, or -1; for text of two bytes a character, which is full of NUL. */
    static int indexOfLf(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
