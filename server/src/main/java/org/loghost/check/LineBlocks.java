package org.loghost.check;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into blocks of lines, each a slice of one array, so that rules can be asked about many at once. A line
 * ends with LF, which does not belong to it; every other byte is an ordinary one. One thread; whoever opened the stream
 * closes it.
 *
 * <p>A line beyond the limit is a fault, or, for {@link #cutting}, comes in pieces: blocks of one line each, of which all
 * but the first are {@link #isContinuation}.
 */
public final class LineBlocks {
    private static final int MAX_LINES = 4_096;
    private static final int MAX_LINE = 1 << 26;
    private static final int MAX_PIECE = 1 << 18;

    private final InputStream in;
    private final int maxLine;
    private final boolean cutting;
    private final int[] offsets = new int[MAX_LINES];
    private final int[] lengths = new int[MAX_LINES];
    private byte[] bytes = new byte[1 << 18];
    private int start;
    private int end;
    private int scanned;
    private int count;
    private boolean ended;
    private long consumed;
    private boolean unfinished;
    private boolean cut;
    private boolean inLongLine;
    private boolean continuation;

    /** Reads from where the stream stands. */
    public LineBlocks(InputStream in) {
        this(in, MAX_LINE, false);
    }

    private LineBlocks(InputStream in, int maxLine, boolean cutting) {
        this.in = in;
        this.maxLine = maxLine;
        this.cutting = cutting;
    }

    /** Hands a line of more than 256 KiB out in pieces. */
    static LineBlocks cutting(InputStream in) {
        return new LineBlocks(in, MAX_PIECE, true);
    }

    /**
     * Reads the next block; false when there are no more. The last line counts also without its LF.
     *
     * @throws IOException when the stream cannot be read, or a line is longer than 64 MiB
     */
    public boolean next() throws IOException {
        count = 0;
        cut = false;
        continuation = inLongLine;
        if (inLongLine) {
            return nextPiece();
        }
        split();
        while (count == 0 && !ended && !isTooLong()) {
            fill();
            split();
        }
        if (count == 0 && start < end) {
            unfinished = ended;
            cut = !ended;
            inLongLine = cut;
            add(end);
            start = end;
        }
        return count > 0;
    }

    /** Up to the end of the long line, or of what can be read at once. */
    private boolean nextPiece() throws IOException {
        if (start == end && !ended) {
            fill();
        }
        int newline = newline();
        inLongLine = newline < 0 && !ended;
        if (newline >= 0) {
            add(newline);
            start = newline + 1;
            consumed++;
        } else if (start < end) {
            cut = true;
            add(end);
            start = end;
        }
        return count > 0;
    }

    private boolean isTooLong() throws IOException {
        boolean tooLong = end - start >= maxLine;
        if (tooLong && !cutting) {
            throw new EOFException("a line longer than " + MAX_LINE + " bytes (expected: text with line ends)");
        }
        return tooLong;
    }

    private void split() {
        while (count < MAX_LINES) {
            int newline = newline();
            if (newline < 0) {
                return;
            }
            add(newline);
            start = newline + 1;
            consumed++;
        }
    }

    private void add(int lineEnd) {
        offsets[count] = start;
        lengths[count] = lineEnd - start;
        consumed += lineEnd - start;
        count++;
    }

    /** Where the line at {@code start} ends, or -1; looks at each byte once, however often it is asked. */
    private int newline() {
        int from = scanned;
        for (int i = from; i < end; i++) {
            if (bytes[i] == '\n') {
                scanned = i + 1;
                return i;
            }
        }
        scanned = end;
        return -1;
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            scanned -= start;
            start = 0;
        }
        if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int read = in.read(bytes, end, bytes.length - end);
        ended = read < 0;
        end += Math.max(read, 0);
    }

    /** Holds the lines of the block; valid until the next one is read. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where each line begins. */
    public int[] offsets() {
        return offsets;
    }

    /** How long each line is. */
    public int[] lengths() {
        return lengths;
    }

    /** How many lines the block has. */
    public int count() {
        return count;
    }

    /** How many bytes of the stream belong to the lines handed out so far, with their line ends. */
    public long consumed() {
        return consumed;
    }

    /** Whether the block is a piece of a line whose end is still to come. */
    boolean isCut() {
        return cut;
    }

    /** Whether the block is a piece of the line that the block before it belongs to. */
    boolean isContinuation() {
        return continuation;
    }

    /** Whether the last line of the last block has no LF. */
    public boolean isUnfinished() {
        return unfinished;
    }
}
