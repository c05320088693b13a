package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.loghost.message.MessageBatch;

/** What holds of the canonical line of any frame whatever. */
final class Lines {
    private static final Pattern FORM = Pattern.compile(
            "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 123]\\d \\d\\d:\\d\\d:\\d\\d [a-z0-9._-]+( .*)?",
            Pattern.DOTALL);

    private Lines() {}

    /** Writes the frame and checks the invariants of whatever comes out. */
    static void check(Frames frames, byte[] frame) {
        MessageWriter.Result result = frames.write(frame, Frames.NOW, 0);
        if (result == MessageWriter.Result.EMPTY) {
            assertThat(frames.batch.count()).isZero();
            return;
        }
        assertThat(result).isEqualTo(MessageWriter.Result.WRITTEN);
        assertThat(frames.batch.count()).isEqualTo(1);
        MessageBatch batch = frames.batch;
        assertThat(batch.pri(0)).isBetween(0, 191);
        assertThat(batch.repeat(0)).isBetween(1, RuleText.MAX_REPEAT);
        isLine(batch.slab(), batch.lineOffset(0), batch.lineLength(0), batch.used());
        isLine(batch.slab(), batch.ruleOffset(0), batch.ruleLength(0), batch.used());
        isHarmless(batch.slab(), batch.msgIdOffset(0), batch.msgIdLength(0), batch.used());
        isHarmless(batch.slab(), batch.structuredDataOffset(0), batch.structuredDataLength(0), batch.used());
    }

    private static void isLine(byte[] slab, int offset, int length, int used) {
        isHarmless(slab, offset, length, used);
        String line = new String(slab, offset, length, StandardCharsets.ISO_8859_1);
        assertThat(FORM.matcher(line).matches()).as(line).isTrue();
    }

    private static void isHarmless(byte[] slab, int offset, int length, int used) {
        if (length == 0) {
            return;
        }
        assertThat(offset).isBetween(0, used - length);
        assertThat(slowFind(slab, offset, offset + length)).isEqualTo(-1);
    }

    /** The first byte that a terminal would interpret, found by other means than the code under test; or -1. */
    static int slowFind(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            int b = bytes[i] & 0xff;
            int length = b < 0x80 ? 1 : validLength(bytes, i, to);
            boolean bad = length == 0 ? b < 0xa0 : Character.isISOControl(codePoint(bytes, i, length));
            if (bad) {
                return i;
            }
            i += Math.max(1, length);
        }
        return -1;
    }

    private static int codePoint(byte[] bytes, int i, int length) {
        return new String(bytes, i, length, StandardCharsets.UTF_8).codePointAt(0);
    }

    private static int validLength(byte[] bytes, int i, int to) {
        for (int length = 2; length <= 4 && i + length <= to; length++) {
            String text = new String(bytes, i, length, StandardCharsets.UTF_8);
            boolean one = text.codePointCount(0, text.length()) == 1 && text.codePointAt(0) != 0xfffd;
            boolean replacement = length == 3
                    && bytes[i] == (byte) 0xef
                    && bytes[i + 1] == (byte) 0xbf
                    && bytes[i + 2] == (byte) 0xbd;
            if (one || replacement) {
                return length;
            }
        }
        return 0;
    }
}
