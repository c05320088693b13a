package org.loghost.frame;

import org.jspecify.annotations.Nullable;
import org.loghost.message.MessageBatch;

/**
 * Cuts the byte stream of one connection into frames. Octet counting and line framing (RFC 6587 sections 3.4.1 and
 * 3.4.2) are told apart for every frame anew, because real senders mix them on one stream:
 *
 * <pre>
 * counted   1*7DIGIT SP "<" ...      the count is of the bytes behind the blank; they may hold LF and NUL
 * line      anything else            up to LF or NUL, which is not part of the frame
 * between   *( CR / LF / NUL / SP )  skipped; blanks only where a frame or a line's end follows, else they are text
 * </pre>
 *
 * A line such as {@code 200 OK} therefore never swallows 200 bytes. A line in UTF-16 with its mark ends at LF alone.
 *
 * <h2>Coming back into step</h2>
 *
 * No connection goes deaf: whatever a sender does, the framer finds the next frame. A <em>start</em> is
 * {@code N <PRI>}, or {@code <PRI>} behind a line's end or a blank. How each fault ends:
 *
 * <ul>
 *   <li><b>Count too small, or of characters instead of octets.</b> Where the count ends there is no start. If the
 *       frame ends well when the count is taken as characters (of Unicode, or of UTF-16), it ends there; after two such
 *       frames the connection is known to count so, until one does not end well. Else the text up to the next {@code N <PRI>}, LF,
 *       NUL or the end of the read is added to the frame. Nothing is skipped. What comes with a later read becomes a
 *       message of its own, up to the next {@code N <PRI>}, LF or NUL.
 *   <li><b>Count too large, within the limit.</b> Where the count ends there is no start, but there is an
 *       {@code N <PRI>} inside: the frame ends before it, and that one is next. Nothing is skipped.
 *   <li><b>Count beyond the limit.</b> The frame ends before the next start inside; without one it is cut at the
 *       limit, and the rest is skipped up to the next start or to where the count ends.
 *   <li><b>A line that is cut for its length, or for want of room.</b> Its rest is skipped up to LF, NUL or a start.
 *   <li><b>No delimiter.</b> Once a line is cut, every {@code <PRI>} is a start when the connection has never shown a
 *       delimiter, or when more bytes than the limit were skipped since.
 *   <li><b>NUL, CR, CRLF.</b> NUL ends a line as LF does. CR before them stays with the line, for the parser to trim.
 *       Between frames all of them are skipped.
 *   <li><b>A half frame that expired, or whose connection ended.</b> It is handed on as a message, with the frames
 *       found inside if its count was wrong. What comes behind is looked at afresh: a start, or text up to the next
 *       {@code N <PRI>}, LF or NUL. Nothing is skipped.
 *   <li><b>Rubbish</b> before the first frame or behind a counted one is text up to the next {@code N <PRI>}, LF or
 *       NUL; elsewhere up to LF or NUL.
 * </ul>
 *
 * What is skipped is counted in {@link #skipped()}. It is at most the rest of one line or count, and where a
 * {@code <PRI>} follows somewhere, at most the limit and the distance to it.
 *
 * <p>A half frame is kept in {@link PartialFrames} until its rest comes, {@link #expire} or {@link #end}. A connection
 * that begins with TLS gives no frame at all: see {@link #foreign()}.
 *
 * <p>One thread.
 */
public final class StreamFramer {
    private static final int MAX_BLANKS = 32;
    private static final int SEAM = 2 * JoinedBytes.LONGEST_START + 2;
    private static final int TO_A_LINE_END = -1;

    /** What is known of where frames start on the connection. */
    private enum Step {
        /** Nothing: no frame came to its end yet. */
        NEW,
        /** The last frame ended with LF or NUL, and it began at a start. */
        LINES,
        /** The last frame ended where its count said, or near. */
        COUNTS,
        /** No frame came to its end since a cut, an expiry or rubbish. */
        OUT
    }

    /** Whether the kept bytes are read once more, because their frame does not come to its end. */
    private enum Ending {
        NO,
        /** By time: what follows a start inside may still come to its end. */
        EXPIRED,
        /** By the end of the connection: nothing follows. */
        CLOSED
    }

    /** What the bytes at hand are. */
    private enum State {
        /** The connection's beginning, too little to tell the protocol. */
        FIRST,
        /** Between frames, or so few bytes of one that its kind is open. */
        START,
        /** Of a frame that ends with LF or NUL. */
        LINE,
        /** Of a frame that ends with LF. */
        WIDE_LINE,
        /** Of a frame that ends with LF or NUL, or before a count. */
        TEXT,
        /** Of a frame of which {@link #remaining} bytes are still to come. */
        COUNTED,
        /** The same, beyond the limit. */
        TOO_LONG,
        /** Behind what was cut: {@link #remaining} bytes, or up to a line's end; or to a start. */
        SEEK,
        /** No syslog. */
        FOREIGN
    }

    private final int maxMessage;
    private final StreamWindow window;
    private final FrameEnd frameEnd;
    private final NextStart nextStart;

    private State state = State.FIRST;
    private Step step = Step.NEW;
    private int remaining;
    private boolean seenDelimiter;
    private boolean seenCount;
    private Ending ending = Ending.NO;
    private long wrongCounts;
    private @Nullable ForeignProtocol foreign;

    /** Frames of at most {@code maxMessage} bytes; half frames are kept in {@code partials}. */
    public StreamFramer(int maxMessage, PartialFrames partials) {
        this.maxMessage = maxMessage;
        this.window = new StreamWindow(maxMessage, partials);
        this.frameEnd = new FrameEnd(maxMessage);
        this.nextStart = new NextStart(maxMessage);
    }

    /**
     * Takes the next bytes of the stream and hands on each frame that ends in them.
     *
     * @param nowMillis when they were read, by any clock that only goes forward; for {@link #expire}
     */
    public void read(byte[] bytes, int offset, int length, long nowMillis, FrameReceiver receiver) {
        window.begin(bytes, offset, length);
        boolean goesOn = true;
        while (goesOn && window.left() > 0) {
            goesOn = step(nowMillis, receiver);
        }
        window.endRead();
    }

    /**
     * The connection is at its end: what is left of a frame is a frame, marked as cut unless it may well be whole.
     *
     * @param bySender whether the sender closed the connection in order; then what it sent last is whole if it never
     *     used a delimiter
     */
    public void end(boolean bySender, FrameReceiver receiver) {
        if (state != State.SEEK) {
            cutShort(Ending.CLOSED, bySender, 0, receiver);
        }
        if (state == State.SEEK) {
            window.skipKept();
        }
        state = State.START;
        window.release();
    }

    /**
     * Hands on a half frame that began before {@code beforeMillis}, marked as cut unless it may well be whole: from a
     * sender that uses no delimiters. If frames start inside it, it ends before the first of them, and they are read as
     * such. What still comes of it is a frame of its own.
     *
     * @return whether there was one
     */
    public boolean expire(long beforeMillis, FrameReceiver receiver) {
        if (pending() == 0 || window.keptSince() >= beforeMillis) {
            return false;
        }
        return cutShort(Ending.EXPIRED, true, beforeMillis, receiver);
    }

    /** How many bytes of a half frame are kept now. */
    public int pending() {
        return state == State.SEEK ? 0 : window.kept();
    }

    /** How many bytes belong to no frame and no delimiter, and are lost. Only grows. */
    public long skipped() {
        return window.skipped();
    }

    /** How many bytes were counts, line ends, and blanks between frames. Only grows. */
    public long between() {
        return window.between();
    }

    /** How many frames did not end where their count said. Only grows. */
    public long wrongCounts() {
        return wrongCounts;
    }

    /** What the connection began with instead of syslog, or null. Of TLS all bytes are skipped. */
    public @Nullable ForeignProtocol foreign() {
        return foreign;
    }

    /** One state's work; false when the read is used up. */
    private boolean step(long nowMillis, FrameReceiver receiver) {
        return switch (state) {
            case START -> start(nowMillis);
            case LINE -> line(window.toLineEnd(), nowMillis, receiver);
            case COUNTED -> counted(nowMillis, receiver);
            case TEXT -> text(nowMillis, receiver);
            case WIDE_LINE -> line(window.toLf(), nowMillis, receiver);
            case TOO_LONG -> tooLong(nowMillis, receiver);
            case SEEK -> seek();
            case FIRST -> first(nowMillis);
            case FOREIGN -> foreignBytes();
        };
    }

    private boolean first(long nowMillis) {
        JoinedBytes begin = window.join();
        foreign = ForeignProtocol.of(begin);
        if (foreign == ForeignProtocol.TLS) {
            window.skipKept();
            state = State.FOREIGN;
            return true;
        }
        if (ForeignProtocol.isOpen(begin)) {
            window.keep(nowMillis); // a few bytes, which always have room
            return false;
        }
        state = State.START;
        return true;
    }

    private boolean foreignBytes() {
        window.skip(window.left());
        return false;
    }

    private boolean start(long nowMillis) {
        if (window.kept() == 0) {
            int b = window.next();
            if (b == '<' && step == Step.LINES) { // the common case
                state = State.LINE;
                return true;
            }
            if (LineEnd.is(b)) {
                window.passOne();
                return true;
            }
        }
        return begin(nowMillis);
    }

    /** Blanks, then a count or text. Kept bytes, if any, are the beginning of such, a few, which always have room. */
    private boolean begin(long nowMillis) {
        JoinedBytes here = window.join();
        int i = 0;
        while (i < here.length() && i <= MAX_BLANKS && here.at(i) == ' ') {
            i++;
        }
        if (i == here.length()) {
            window.keep(nowMillis);
            return false;
        }
        int b = here.at(i);
        if (LineEnd.is(b)) {
            window.pass(i);
            return true;
        }
        if (b == '<') {
            state = here.mayBePri(i) ? beginLine() : beginText();
            window.pass(i);
            return true;
        }
        boolean mark = b == (byte) 0xff || b == (byte) 0xfe;
        int text = mark && i + 1 == here.length() ? JoinedBytes.OPEN : here.textBehindCount(i);
        if (text == JoinedBytes.OPEN) {
            window.keep(nowMillis);
            return false;
        }
        if (text > 0) {
            remaining = here.count();
            window.pass(text);
            seenCount = true;
            state = remaining > maxMessage + 1 ? State.TOO_LONG : State.COUNTED;
        } else {
            state = mark && (b ^ here.at(i + 1)) == 1 ? State.WIDE_LINE : beginText();
        }
        return true;
    }

    /** {@code <PRI>} where a frame was expected: in step, unless counts were expected. */
    private State beginLine() {
        return step == Step.NEW || step == Step.LINES ? State.LINE : State.TEXT;
    }

    /** Text where a frame was expected: a sender of lines may well send it, a sender of counts does not. */
    private State beginText() {
        if (step == Step.COUNTS) {
            step = Step.OUT;
        }
        return State.TEXT;
    }

    private boolean line(int end, long nowMillis, FrameReceiver receiver) {
        if (end < 0) {
            return lineWithoutEnd(nowMillis, receiver);
        }
        seenDelimiter = true;
        if (end > maxMessage && losesText(end)) {
            return cutLine(receiver);
        }
        if (step != Step.OUT || window.join().beginsWithPri()) {
            step = Step.LINES;
        }
        handOn(end, 0, receiver);
        window.passOne();
        return true;
    }

    private boolean losesText(int end) {
        return end > maxMessage + 1 || !LineEnd.is(window.join().at(end - 1));
    }

    private boolean lineWithoutEnd(long nowMillis, FrameReceiver receiver) {
        if (ending != Ending.NO && splitLine(window.left(), receiver)) {
            return true;
        }
        return !window.keep(nowMillis) && cutLine(receiver);
    }

    private boolean cutLine(FrameReceiver receiver) {
        int length = Math.min(window.join().length(), maxMessage);
        if (splitLine(length, receiver)) {
            return true;
        }
        remaining = TO_A_LINE_END;
        return cut(receiver);
    }

    /** A line that will not come to its end in order: it ends before a count inside that is right, if there is one. */
    private boolean splitLine(int length, FrameReceiver receiver) {
        int inside = state == State.LINE || state == State.TEXT
                ? window.join().firstStart(1, length, JoinedBytes.FITTING)
                : JoinedBytes.NO;
        if (inside < 0) {
            return false;
        }
        splitBefore(inside, receiver);
        return true;
    }

    private boolean text(long nowMillis, FrameReceiver receiver) {
        int end = window.toLineEnd();
        JoinedBytes here = window.join();
        int to = end < 0 ? here.length() : end;
        int from = Math.max(1, window.kept() - SEAM);
        if (step != Step.OUT && here.hasRubbish(window.kept(), to)) {
            step = Step.OUT;
            from = 1;
        }
        int next = step == Step.LINES ? JoinedBytes.NO : here.firstStart(from, to, leastEvidence(here));
        if (next < 0 || next > maxMessage) {
            return line(end, nowMillis, receiver);
        }
        splitBefore(next, receiver);
        return true;
    }

    /** Text that may be a line in order is not split for less than a count that is right as far as can be seen. */
    private int leastEvidence(JoinedBytes here) {
        return step == Step.OUT && here.at(0) != '<' ? JoinedBytes.NONE : JoinedBytes.LIKELY;
    }

    private boolean counted(long nowMillis, FrameReceiver receiver) {
        int left = window.left();
        if (left < remaining) {
            return keepCounted(nowMillis, receiver);
        }
        int count = window.kept() + remaining;
        int end = left == remaining || count == 0 ? count : frameEnd.of(window.join(), count);
        finishCounted(end, end == count, receiver);
        return true;
    }

    private boolean keepCounted(long nowMillis, FrameReceiver receiver) {
        if (ending != Ending.NO) {
            return splitHalf(receiver);
        }
        int left = window.left();
        boolean goesOn = !window.keep(nowMillis) && cut(receiver);
        remaining -= left - window.left();
        return goesOn;
    }

    private boolean tooLong(long nowMillis, FrameReceiver receiver) {
        JoinedBytes here = window.join();
        int end = (int) Math.min(here.length(), (long) window.kept() + remaining);
        int next = here.firstStart(Math.max(1, window.kept() - SEAM), end, JoinedBytes.NONE);
        if (next > 0 && next <= maxMessage) {
            finishCounted(next, false, receiver);
            return true;
        }
        if (ending == Ending.NO && window.left() >= remaining) {
            int left = window.left();
            cut(receiver);
            remaining -= left - window.left();
            return true;
        }
        return keepCounted(nowMillis, receiver);
    }

    private void finishCounted(int end, boolean rightly, FrameReceiver receiver) {
        if (!rightly) {
            wrongCounts++;
            moreMayCome();
        }
        step = Step.COUNTS;
        handOn(end, rightly ? 0 : MessageBatch.MALFORMED, receiver);
    }

    /** Skips up to the next start, or to where what was cut would have ended. */
    private boolean seek() {
        JoinedBytes here = window.join();
        boolean line = remaining == TO_A_LINE_END;
        int to = line ? here.length() : (int) Math.min(here.length(), (long) window.kept() + remaining);
        int start = nextStart.in(here, to, line, seenCount, !seenCount && !seenDelimiter);
        if (start < 0 && !line && window.left() >= remaining) {
            start = to;
        }
        if (start < 0) {
            if (!line) {
                remaining -= window.left();
            }
            nextStart.skipped(window.skipAllBut(JoinedBytes.LONGEST_START + 1));
            return false;
        }
        seenDelimiter |= line && start > 0 && LineEnd.is(here.at(start - 1));
        state = State.START;
        window.skip(start);
        return true;
    }

    private void handOn(int length, int flags, FrameReceiver receiver) {
        state = State.START;
        window.handOn(length, flags, receiver);
    }

    /** Hands on as much of a frame as the limit and the memory allow, and seeks on behind it. */
    private boolean cut(FrameReceiver receiver) {
        state = State.SEEK;
        step = Step.OUT;
        nextStart.begin();
        window.handOnCut(receiver);
        return true;
    }

    /** Hands on the kept bytes although the frame is not at its end; false when they are blanks or none. */
    private boolean cutShort(Ending how, boolean mayBeWhole, long nowMillis, FrameReceiver receiver) {
        if (window.keptIsBlank() && (state == State.START || state == State.FIRST)) {
            window.passKept();
            return false;
        }
        if (state != State.START && state != State.FIRST && readKeptAgain(how, nowMillis, receiver)) {
            return true;
        }
        if (pending() > 0) {
            boolean whole = mayBeWhole && !seenDelimiter && !seenCount;
            window.handOnKept(whole ? 0 : MessageBatch.TRUNCATED, receiver);
            state = State.START;
        }
        step = Step.OUT;
        return true;
    }

    /** Whether frames were found inside, the last of which may still come to its end. */
    private boolean readKeptAgain(Ending how, long nowMillis, FrameReceiver receiver) {
        byte[] again = window.takeKept();
        remaining += again.length;
        ending = how;
        read(again, 0, again.length, nowMillis, receiver);
        boolean found = ending == Ending.NO;
        ending = Ending.NO;
        return found;
    }

    /** A frame was found to start inside one that does not come to its end. */
    private void splitBefore(int inside, FrameReceiver receiver) {
        moreMayCome();
        step = Step.OUT;
        handOn(inside, MessageBatch.MALFORMED, receiver);
    }

    private void moreMayCome() {
        if (ending == Ending.EXPIRED) {
            ending = Ending.NO;
        }
    }

    /** A counted frame that will not be complete: it ends before a count inside, or where the bytes end. */
    private boolean splitHalf(FrameReceiver receiver) {
        int inside = window.join().firstStart(1, window.left(), JoinedBytes.NONE);
        if (inside > 0) {
            splitBefore(inside, receiver);
        } else {
            handOn(window.left(), MessageBatch.MALFORMED | MessageBatch.TRUNCATED, receiver);
        }
        return true;
    }
}
