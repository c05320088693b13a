package org.loghost.frame;

/**
 * Decides where a counted frame ends: at its count when a frame can start there, and where one starts otherwise.
 * Remembers whether the connection counts characters. One thread.
 */
final class FrameEnd {
    /** After so many frames that ended well by characters alone, the connection is known to count so. */
    private static final int KNOWN = 2;

    private final int maxMessage;
    private int hits;

    FrameEnd(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /** The length of the frame at the beginning of {@code here}, which goes on behind {@code count} bytes. */
    int of(JoinedBytes here, int count) {
        int evidence = here.evidence(count);
        if (evidence > JoinedBytes.NONE && hits < KNOWN) { // the common case
            hits = hits > 0 && here.hasWideCharacters(count) ? 0 : hits;
            return count;
        }
        if (evidence == JoinedBytes.NONE) {
            int inside = here.firstStart(1, count, JoinedBytes.NONE);
            if (inside > 0) {
                return inside;
            }
            if (here.mayBeCounted(count)) {
                return count; // the next count is wrong, not this one
            }
        }
        if (here.hasWideCharacters(count)) {
            int end = inCharacters(here, count, evidence);
            if (end > count) {
                hits = Math.min(KNOWN, hits + 1);
                return end;
            }
            hits = 0;
        }
        return evidence == JoinedBytes.NONE ? withRest(here, count) : count;
    }

    /** Where it ends if the count is of characters, of Unicode or of UTF-16, and no less speaks for that. */
    private int inCharacters(JoinedBytes here, int count, int evidence) {
        for (int wide = 1; wide <= 2; wide++) {
            int end = here.endInCharacters(0, count, wide);
            if (end > count
                    && end <= maxMessage
                    && !here.holdsStart(count, end)
                    && speaksFor(here, end, wide) >= Math.max(evidence, JoinedBytes.LIKELY)) {
                boolean byChance = end == here.length() || LineEnd.is(here.at(end));
                if (!byChance || evidence == JoinedBytes.NONE || here.textBehindCount(count) == JoinedBytes.OPEN) {
                    return end;
                }
            }
        }
        return JoinedBytes.NO;
    }

    private static int speaksFor(JoinedBytes here, int end, int wide) {
        if (end == here.length() || LineEnd.is(here.at(end))) {
            return JoinedBytes.LIKELY;
        }
        return Math.max(here.evidence(end), here.evidence(end, wide));
    }

    /** With the text up to the next start, which belongs to it most likely. */
    private int withRest(JoinedBytes here, int count) {
        int lineEnd = here.firstLineEnd(count);
        int next = here.firstStart(count, lineEnd, JoinedBytes.NONE);
        int end = next > 0 ? next : lineEnd < here.length() ? lineEnd : here.endBeforeOpenCount(count);
        return end <= maxMessage ? end : count;
    }
}
