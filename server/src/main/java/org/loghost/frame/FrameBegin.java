package org.loghost.frame;

import org.jspecify.annotations.Nullable;

/** Tells by its first bytes what kind a frame is of. One thread. */
final class FrameBegin {
    private static final int MAX_BLANKS = 32;

    private final int maxMessage;
    private final Step step;
    private int length;
    private int count;

    FrameBegin(int maxMessage, Step step) {
        this.maxMessage = maxMessage;
        this.step = step;
    }

    /** The state in which to read it; {@link FramerState#START} when nothing begins yet; null when it takes more bytes. */
    @Nullable
    FramerState of(JoinedBytes here) {
        int i = 0;
        while (i < here.length() && i <= MAX_BLANKS && here.at(i) == ' ') {
            i++;
        }
        if (i == here.length()) {
            return null;
        }
        length = i;
        int b = here.at(i);
        if (LineEnd.is(b)) {
            return FramerState.START;
        }
        if (b == '<') {
            return here.mayBePri(i) ? line() : text();
        }
        length = 0; // blanks before text are text
        boolean mark = b == (byte) 0xff || b == (byte) 0xfe;
        int behind = mark && i + 1 == here.length() ? JoinedBytes.OPEN : here.textBehindCount(i);
        if (behind == JoinedBytes.OPEN) {
            return null;
        }
        if (behind > 0) {
            length = behind;
            count = here.count();
            step.countBegan();
            return count > maxMessage + 1 ? FramerState.TOO_LONG : FramerState.COUNTED;
        }
        return mark && (b ^ here.at(i + 1)) == 1 ? FramerState.WIDE_LINE : text();
    }

    /** How many bytes of blanks and count stand before the frame. */
    int length() {
        return length;
    }

    /** The count, if it is counted. */
    int count() {
        return count;
    }

    /** {@code <PRI>} where a frame was expected: in step, unless counts were expected. */
    private FramerState line() {
        return step.expectsLines() ? FramerState.LINE : FramerState.TEXT;
    }

    private FramerState text() {
        step.textBegan();
        return FramerState.TEXT;
    }
}
