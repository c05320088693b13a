package org.loghost.frame;

import org.jspecify.annotations.Nullable;
import org.loghost.message.MessageBatch;

/**
 * Cuts the byte stream of one connection into frames. Octet counting and line framing (RFC 6587 sections 3.4.1 and
 * 3.4.2) are told apart for every frame anew, because real senders mix them on one stream:
 *
 * <pre>
 * counted   1*7DIGIT SP "<" ...      the count is of the bytes behind the blank; they may hold LF and NUL
 * line      anything else            up to LF or NUL, which is not part of the frame; in UTF-16 with its mark, up to LF
 * between   *( CR / LF / NUL / SP )  passed over; blanks only where a frame or a line's end follows, else they are text
 * </pre>
 *
 * <h2>In step and out of step</h2>
 *
 * A connection is in step by lines, in step by counts, or {@linkplain Step out of step}: after a cut, an expiry, a wrong
 * count, or rubbish, which is text that does not begin with {@code <PRI>} and holds control bytes, or that comes where a
 * count is due. A <em>start</em> is {@code N <PRI>}, or {@code <PRI>} behind a line's end.
 *
 * <ul>
 *   <li>In step by lines, nothing but LF or NUL ends a line, whatever it holds. If it is cut for its length or the memory,
 *       or expires, it is read again, and ends before the first start inside whose count is right.
 *   <li>In step by counts, or out of step, {@code <PRI>} text ends before a start inside as well, if its count is right
 *       as far as can be seen; other text ends before any start.
 *   <li>A counted frame behind whose count no start is ends before the first start inside; without one, where the count
 *       is right in characters; else with the text up to the next start, LF, NUL or end of the read. After two counts of
 *       characters all of the connection are taken so, until one does not fit.
 *   <li>A counted frame that expires or exceeds the limit ends before the first start inside.
 *   <li>What is cut at the limit ends there; the rest is skipped up to the next start, also {@code <PRI>} behind a blank
 *       or, without delimiters or after as many bytes as the limit, anywhere; or up to where it would have ended.
 * </ul>
 *
 * A <em>point of resynchronisation</em> is therefore: behind LF or NUL; where a counted frame ends whose count is right
 * and that begins at such a point; and, behind a frame with a wrong count or rubbish that begins at one, each
 * {@code N <PRI>} whose count is right. A frame that begins at one, and is not longer than the limit, is a message, unless
 * what was read so far allows another reading: a wrong count ends where a frame may start or a read ends, or rubbish
 * follows a counted frame directly.
 *
 * <p>Every byte is part of a frame, or {@linkplain #between() between frames}, or {@linkplain #skipped() skipped}.
 *
 * <p>A half frame is kept in {@link PartialFrames} until its rest comes, {@link #expire} or {@link #end}. A connection
 * that begins with TLS gives no frame at all: see {@link #foreign()}.
 *
 * <p>One thread.
 */
public final class StreamFramer {
    private static final int SEAM = 2 * JoinedBytes.LONGEST_START + 2;

    private final int maxMessage;
    private final StreamWindow window;
    private final Step step = new Step();
    private final FrameBegin frameBegin;
    private final FrameEnd frameEnd;
    private final NextStart nextStart;

    private FramerState state = FramerState.FIRST;
    private int remaining;
    private Ending ending = Ending.NO;
    private long wrongCounts;
    private @Nullable ForeignProtocol foreign;

    /** Frames of at most {@code maxMessage} bytes; half frames are kept in {@code partials}. */
    public StreamFramer(int maxMessage, PartialFrames partials) {
        this.maxMessage = maxMessage;
        this.window = new StreamWindow(maxMessage, partials);
        this.frameBegin = new FrameBegin(maxMessage, step);
        this.frameEnd = new FrameEnd(maxMessage);
        this.nextStart = new NextStart(maxMessage, window, step);
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
        if (state != FramerState.SEEK) {
            cutShort(Ending.CLOSED, bySender, 0, receiver);
        }
        if (state == FramerState.SEEK) {
            window.skipKept();
        }
        state = FramerState.START;
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
        return state == FramerState.SEEK ? 0 : window.kept();
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
            state = FramerState.FOREIGN;
            return true;
        }
        if (ForeignProtocol.isOpen(begin)) {
            window.keep(nowMillis); // a few bytes, which always have room
            return false;
        }
        state = FramerState.START;
        return true;
    }

    private boolean foreignBytes() {
        window.skip(window.left());
        return false;
    }

    private boolean start(long nowMillis) {
        if (window.kept() == 0) {
            int b = window.next();
            if (b == '<' && step.isByLines()) { // the common case
                state = FramerState.LINE;
                return true;
            }
            if (LineEnd.is(b)) {
                window.passOne();
                return true;
            }
        }
        return begin(nowMillis);
    }

    /** Kept bytes, if any, are the beginning of a count or the like: a few, which always have room. */
    private boolean begin(long nowMillis) {
        FramerState begun = frameBegin.of(window.join());
        if (begun == null) {
            window.keep(nowMillis);
            return false;
        }
        state = begun;
        remaining = frameBegin.count();
        if (frameBegin.length() > 0) {
            window.pass(frameBegin.length());
        }
        return true;
    }

    private boolean line(int end, long nowMillis, FrameReceiver receiver) {
        if (end < 0) {
            return lineWithoutEnd(nowMillis, receiver);
        }
        if (window.losesText(end)) {
            return cutLine(receiver);
        }
        if (!step.isByLines()) {
            step.lineEnded(window.join());
        }
        handOn(end, 0, receiver);
        window.passOne();
        return true;
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
        cut(receiver);
        nextStart.seekLineEnd();
        return true;
    }

    /** A line that will not come to its end in order: it ends before a count inside that is right, if there is one. */
    private boolean splitLine(int length, FrameReceiver receiver) {
        int inside = state == FramerState.LINE || state == FramerState.TEXT
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
        if (!step.isOut() && here.hasRubbish(window.kept(), to)) {
            step.lost();
            from = 1;
        }
        int least = step.leastEvidence(here.at(0) == '<');
        int next = step.isByLines() ? JoinedBytes.NO : here.firstStart(from, to, least);
        if (next < 0 || next > maxMessage) {
            return line(end, nowMillis, receiver);
        }
        splitBefore(next, receiver);
        return true;
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
        if (window.keep(nowMillis)) {
            remaining -= left;
            return false;
        }
        cutCounted(receiver);
        return true;
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
            cutCounted(receiver);
            return true;
        }
        return keepCounted(nowMillis, receiver);
    }

    private void finishCounted(int end, boolean rightly, FrameReceiver receiver) {
        if (!rightly) {
            wrongCounts++;
            moreMayCome();
        }
        step.countEnded();
        handOn(end, rightly ? 0 : MessageBatch.MALFORMED, receiver);
    }

    private boolean seek() {
        if (!nextStart.find()) {
            return false;
        }
        state = FramerState.START;
        return true;
    }

    private void handOn(int length, int flags, FrameReceiver receiver) {
        state = FramerState.START;
        window.handOn(length, flags, receiver);
    }

    private void cutCounted(FrameReceiver receiver) {
        nextStart.seekBehind(remaining - cut(receiver));
    }

    /** Hands on as much of a frame as the limit and the memory allow; returns how far the read has moved. */
    private int cut(FrameReceiver receiver) {
        state = FramerState.SEEK;
        step.lost();
        return window.handOnCut(receiver);
    }

    /** Hands on the kept bytes although the frame is not at its end; false when they are blanks or none. */
    private boolean cutShort(Ending how, boolean mayBeWhole, long nowMillis, FrameReceiver receiver) {
        if (window.keptIsBlank() && (state == FramerState.START || state == FramerState.FIRST)) {
            window.passKept();
            return false;
        }
        if (state != FramerState.START && state != FramerState.FIRST && readKeptAgain(how, nowMillis, receiver)) {
            return true;
        }
        if (pending() > 0) {
            boolean whole = mayBeWhole && !step.hasSeenEnds();
            window.handOnKept(whole ? 0 : MessageBatch.TRUNCATED, receiver);
            state = FramerState.START;
        }
        step.lost();
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
        step.lost();
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
