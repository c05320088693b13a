package org.loghost.frame;

/**
 * Whether a connection is in step, and by what its frames end; so, what text that a frame was not expected to hold means.
 * One thread.
 */
final class Step {
    private enum By {
        /** No frame came to its end yet. */
        NOTHING,
        /** The last frame ended with LF or NUL, and it began at a start. */
        LINES,
        /** The last frame ended where its count said, or near. */
        COUNTS,
        /** Out of step: no frame came to its end since a cut, an expiry or rubbish. */
        OUT
    }

    private By by = By.NOTHING;
    private boolean seenDelimiter;
    private boolean seenCount;

    /** The frame at the beginning of {@code here} ended with LF or NUL. */
    void lineEnded(JoinedBytes here) {
        seenDelimiter = true;
        if (by != By.OUT || here.beginsWithPri()) {
            by = By.LINES;
        }
    }

    /** A line's end was found in what is skipped. */
    void lineEndSkipped() {
        seenDelimiter = true;
    }

    /** A count was read. */
    void countBegan() {
        seenCount = true;
    }

    /** A counted frame ended. */
    void countEnded() {
        by = By.COUNTS;
    }

    /** Nothing tells where the next frame starts. */
    void lost() {
        by = By.OUT;
    }

    /** Text is where a frame was expected: a sender of lines may well send it, a sender of counts does not. */
    void textBegan() {
        if (by == By.COUNTS) {
            by = By.OUT;
        }
    }

    boolean isByLines() {
        return by == By.LINES;
    }

    boolean isOut() {
        return by == By.OUT;
    }

    /** Whether {@code <PRI>} where a frame was expected is a line in order, which nothing but its end ends. */
    boolean expectsLines() {
        return by == By.NOTHING || by == By.LINES;
    }

    /** How much must speak for a count inside text; what may be a line in order is not split for one that is wrong. */
    int leastEvidence(boolean mayBeALine) {
        return by == By.OUT && !mayBeALine ? JoinedBytes.NONE : JoinedBytes.LIKELY;
    }

    boolean hasSeenCount() {
        return seenCount;
    }

    /** Whether the sender has shown any means to end a frame. */
    boolean hasSeenEnds() {
        return seenDelimiter || seenCount;
    }
}
