package org.loghost.frame;

/** Looks for the next start of a frame in what is skipped. One thread. */
final class NextStart {
    private final int maxMessage;
    private int skipped;

    NextStart(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /** A frame was cut; what is behind it is looked at now. */
    void begin() {
        skipped = 0;
    }

    /** So many bytes were looked at in vain. */
    void skipped(int bytes) {
        skipped = (int) Math.min(Integer.MAX_VALUE, (long) skipped + bytes);
    }

    /**
     * The first start in {@code [0, to)}, or -1: {@code N <PRI>}, or {@code <PRI>} behind a line's end or a blank, or
     * behind anything once more bytes than the limit were skipped.
     *
     * @param lineEnds whether a line's end is one too, so that the start is behind it
     * @param counts whether the connection is known to send counts
     * @param anyPri whether {@code <PRI>} is a start wherever it stands
     */
    int in(JoinedBytes here, int to, boolean lineEnds, boolean counts, boolean anyPri) {
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
