package org.loghost.frame;

/** Skips what is behind a frame that was cut, up to the next start. One thread. */
final class NextStart {
    private static final int TO_A_LINE_END = -1;

    private final int maxMessage;
    private final StreamWindow window;
    private final Step step;
    private int remaining;
    private int skipped;

    NextStart(int maxMessage, StreamWindow window, Step step) {
        this.maxMessage = maxMessage;
        this.window = window;
        this.step = step;
    }

    /** A line was cut: its rest is skipped up to its end, or a start. */
    void seekLineEnd() {
        remaining = TO_A_LINE_END;
        skipped = 0;
    }

    /** A counted frame was cut, of which {@code count} bytes are to come: they are skipped, or up to a start. */
    void seekBehind(int count) {
        remaining = count;
        skipped = 0;
    }

    /** Goes on skipping; whether the window is at a start now. False when the read is used up. */
    boolean find() {
        JoinedBytes here = window.join();
        boolean line = remaining == TO_A_LINE_END;
        int to = line ? here.length() : (int) Math.min(here.length(), (long) window.kept() + remaining);
        int start = in(here, to, line, step.hasSeenCount(), !step.hasSeenEnds());
        if (start < 0 && !line && window.left() >= remaining) {
            start = to;
        }
        if (start < 0) {
            if (!line) {
                remaining -= window.left();
            }
            int more = window.skipAllBut(JoinedBytes.LONGEST_START + 1);
            skipped = (int) Math.min(Integer.MAX_VALUE, (long) skipped + more);
            return false;
        }
        if (line && start > 0 && LineEnd.is(here.at(start - 1))) {
            step.lineEndSkipped();
        }
        window.skip(start);
        return true;
    }

    /**
     * The first start in {@code [0, to)}, or -1: {@code N <PRI>}, or {@code <PRI>} behind a line's end or a blank, or
     * behind anything once more bytes than the limit were skipped.
     *
     * @param lineEnds whether a line's end is one too, so that the start is behind it
     * @param counts whether the connection is known to send counts
     * @param anyPri whether {@code <PRI>} is a start wherever it stands
     */
    private int in(JoinedBytes here, int to, boolean lineEnds, boolean counts, boolean anyPri) {
        for (int i = 0; i < to; i++) {
            int b = here.at(i);
            if (lineEnds && (b == '\n' || b == 0)) {
                return i + 1;
            }
            if (b == '<' && here.isPri(i)) {
                int start = atPri(here, i, counts, anyPri || skipped + i > maxMessage);
                if (start >= 0) {
                    return start;
                }
            }
        }
        return -1;
    }

    private static int atPri(JoinedBytes here, int pri, boolean counts, boolean anywhere) {
        boolean behindBlank = pri > 0 && here.at(pri - 1) == ' ';
        if (behindBlank && pri > 1 && JoinedBytes.isDigit(here.at(pri - 2))) {
            int start = here.countBefore(pri - 1, 0);
            if (start >= 0 && (counts || here.evidence(start) >= JoinedBytes.FITTING)) {
                return start;
            }
        }
        boolean startsHere = anywhere || behindBlank || (pri > 0 && LineEnd.is(here.at(pri - 1)));
        return startsHere ? pri : -1;
    }
}
