package org.loghost.parse;

import org.loghost.message.MessageBatch;

/** Decodes frames that begin with a byte order mark of UTF-16 into UTF-8 behind the used bytes of the slab. Stateless. */
final class Utf16 {
    private static final int REPLACEMENT = 0xfffd;

    private Utf16() {}

    /** Whether {@code FF FE} or {@code FE FF} stands at {@code offset}. */
    static boolean isMarked(byte[] bytes, int offset, int length) {
        return length >= 2
                && ((bytes[offset] == (byte) 0xff && bytes[offset + 1] == (byte) 0xfe)
                        || (bytes[offset] == (byte) 0xfe && bytes[offset + 1] == (byte) 0xff));
    }

    /** Decodes a marked frame; the result lies from the slab's used bytes before the call to those after it. */
    static void decode(MessageBatch batch, int offset, int length) {
        // two bytes give at most three; a pair of surrogates, four bytes, gives four
        int out = batch.reserve(length / 2 * 3 + 3);
        int start = out;
        byte[] slab = batch.slab();
        int low = slab[offset] == (byte) 0xff ? 0 : 1;
        int end = offset + length;
        for (int i = offset + 2; i < end; i += 2) {
            int unit = unit(slab, i, end, low);
            if (Character.isSurrogate((char) unit)) {
                int next = i + 2 < end ? unit(slab, i + 2, end, low) : 0;
                boolean pair = Character.isSurrogatePair((char) unit, (char) next);
                out = encode(pair ? Character.toCodePoint((char) unit, (char) next) : REPLACEMENT, slab, out);
                i += pair ? 2 : 0;
            } else {
                out = encode(unit, slab, out);
            }
        }
        batch.advance(out - start);
    }

    /** The 16-bit unit at {@code i}; where the frame was cut inside it, its other half counts as 0. */
    private static int unit(byte[] bytes, int i, int end, int low) {
        int first = bytes[i] & 0xff;
        int second = i + 1 < end ? bytes[i + 1] & 0xff : 0;
        return low == 0 ? second << 8 | first : first << 8 | second;
    }

    private static int encode(int point, byte[] out, int at) {
        if (point < 0x80) {
            out[at] = (byte) point;
            return at + 1;
        }
        if (point < 0x800) {
            out[at] = (byte) (0xc0 | point >> 6);
            return continuation(point, 1, out, at);
        }
        if (point < 0x10000) {
            out[at] = (byte) (0xe0 | point >> 12);
            return continuation(point, 2, out, at);
        }
        out[at] = (byte) (0xf0 | point >> 18);
        return continuation(point, 3, out, at);
    }

    private static int continuation(int point, int count, byte[] out, int at) {
        for (int i = 1; i <= count; i++) {
            out[at + i] = (byte) (0x80 | (point >> (6 * (count - i)) & 0x3f));
        }
        return at + count + 1;
    }
}
