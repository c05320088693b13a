package org.loghost.parse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds and escapes the bytes that a terminal would interpret: below 32, 127, the C1 controls of UTF-8 (C2 80 to C2
 * 9F), and bare bytes 80 to 9F, which an 8-bit terminal takes for C1 controls. Everything else stays as sent, valid
 * UTF-8 or not.
 *
 * <p>An escaped byte is {@code #ooo}, three octal digits, as rsyslog writes it. Stateless.
 */
final class ControlBytes {
    /** How many times longer escaping makes a text at worst. */
    static final int GROWTH = 4;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private ControlBytes() {}

    /**
     * The first byte in {@code [from, to)} that must be escaped, or {@code to}.
     *
     * <p>Eight bytes at a time while they are plain ASCII: every line passes here, and on lines of 135 bytes the plain
     * loop was measured to cost two to four times as much.
     */
    static int find(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES && isPlain((long) WORD.get(bytes, i))) {
            i += Long.BYTES;
        }
        boolean onlyRest = i > to - Long.BYTES && i > from;
        if (onlyRest && isPlain((long) WORD.get(bytes, to - Long.BYTES))) { // the rest, with some bytes once more
            return to;
        }
        return findNear(bytes, i, to);
    }

    /** As {@link #find}, where the next bytes are not all plain. */
    private static int findNear(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            int stop = Math.min(to, i + Long.BYTES);
            while (i < stop) {
                int keep = kept(bytes, i, to);
                if (keep == 0) {
                    return i;
                }
                i += keep;
            }
            while (to - i >= Long.BYTES && isPlain((long) WORD.get(bytes, i))) {
                i += Long.BYTES;
            }
        }
        return to;
    }

    /** Copies {@code [from, to)} to {@code out[at…]}, escaped; returns where the copy ends. */
    static int escape(byte[] bytes, int from, int to, byte[] out, int at) {
        int i = from;
        int o = at;
        while (i < to) {
            int bad = find(bytes, i, to);
            System.arraycopy(bytes, i, out, o, bad - i);
            o += bad - i;
            i = bad;
            if (i < to) {
                int length = controlLength(bytes, i, to);
                for (int k = 0; k < length; k++) {
                    o = octal(bytes[i + k], out, o);
                }
                i += length;
            }
        }
        return o;
    }

    /** How many bytes from {@code i} on are harmless together, 1 to 4; 0 when the byte must be escaped. */
    private static int kept(byte[] bytes, int i, int to) {
        byte b = bytes[i];
        if (b >= 0) {
            return b >= ' ' && b != 0x7f ? 1 : 0;
        }
        int length = utf8Length(bytes, i, to);
        if (length == 0) {
            return (b & 0xff) >= 0xa0 ? 1 : 0;
        }
        return isC1(bytes, i) ? 0 : length;
    }

    private static int controlLength(byte[] bytes, int i, int to) {
        return utf8Length(bytes, i, to) == 2 ? 2 : 1;
    }

    private static boolean isC1(byte[] bytes, int i) {
        return (bytes[i] & 0xff) == 0xc2 && (bytes[i + 1] & 0xff) < 0xa0;
    }

    /** The length of the valid UTF-8 sequence of several bytes at {@code i} (RFC 3629 section 4), or 0. */
    static int utf8Length(byte[] bytes, int i, int to) {
        int lead = bytes[i] & 0xff;
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (to - i < length) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /**
     * Whether none of eight bytes is below 32, is 127 or has its high bit set. Exact: the lowest byte that is none of
     * them gets neither borrow nor carry, and what it does to those above it changes the answer no more.
     */
    private static boolean isPlain(long word) {
        return ((word | (word - ONES * ' ') | (word + ONES)) & HIGHS) == 0;
    }

    private static int octal(byte b, byte[] out, int at) {
        int value = b & 0xff;
        out[at] = '#';
        out[at + 1] = (byte) ('0' + (value >>> 6));
        out[at + 2] = (byte) ('0' + (value >>> 3 & 7));
        out[at + 3] = (byte) ('0' + (value & 7));
        return at + 4;
    }
}
