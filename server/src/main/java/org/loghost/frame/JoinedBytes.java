package org.loghost.frame;

/**
 * The kept bytes of a half frame and the read behind them as one sequence, and what in it looks like the start of a
 * frame. Used off the common path only: after a count, and where a connection is out of step.
 *
 * <p>One thread.
 */
final class JoinedBytes {
    /** It is not so. */
    static final int NO = -1;
    /** The bytes end before it can be told. */
    static final int OPEN = 0;
    /** It is so. */
    static final int YES = 1;

    /** Nothing here looks like the start of a frame. */
    static final int NONE = 0;
    /** It looks like a start. */
    static final int LIKELY = 1;
    /** It looks like a start, and its count says that it ends with these bytes. */
    static final int FITTING = 2;
    /** It looks like a start, and where its count says it ends there is one again; or a line has ended here. */
    static final int SURE = 3;

    /** {@code 9999999 <191>}: no start is longer. */
    static final int LONGEST_START = 13;

    private static final int ESCAPE = 0x1b;
    private static final int MAX_COUNT_DIGITS = 7;
    private static final int MAX_PRI_DIGITS = 3;
    private static final int MAX_PRI = 191;

    private byte[] kept = new byte[0];
    private int keptLength;
    private byte[] read = kept;
    private int position;
    private int limit;
    private int count;

    /** Looks at {@code keptLength} kept bytes and those of the read in {@code [position, limit)}. */
    void wrap(byte[] newKept, int newKeptLength, byte[] newRead, int newPosition, int newLimit) {
        kept = newKept;
        keptLength = newKeptLength;
        read = newRead;
        position = newPosition;
        limit = newLimit;
    }

    int length() {
        return keptLength + limit - position;
    }

    int at(int i) {
        return i < keptLength ? kept[i] : read[position + i - keptLength];
    }

    /** Whether the sequence begins with {@code text}: {@link #YES}, {@link #NO} or {@link #OPEN}. */
    int startsWith(String text) {
        int most = Math.min(text.length(), length());
        for (int i = 0; i < most; i++) {
            if (at(i) != text.charAt(i)) {
                return NO;
            }
        }
        return most == text.length() ? YES : OPEN;
    }

    /** {@code 1*7DIGIT SP "<"} at {@code i}: the place of {@code <}, {@link #NO}, or {@link #OPEN}. */
    int textBehindCount(int i) {
        int length = length();
        int value = 0;
        int p = i;
        while (p < length && p - i < MAX_COUNT_DIGITS && isDigit(at(p))) {
            value = value * 10 + at(p) - '0';
            p++;
        }
        if (p == length) {
            return OPEN;
        }
        if (p == i || at(p) != ' ') {
            return NO;
        }
        if (p + 1 == length) {
            return OPEN;
        }
        count = value;
        return at(p + 1) == '<' ? p + 1 : NO;
    }

    /** The count that {@link #textBehindCount} read last. */
    int count() {
        return count;
    }

    /** How much speaks for a frame's start at {@code i}, which is before the end. */
    int evidence(int i) {
        return evidence(i, 0);
    }

    /**
     * The same where counts are of characters.
     *
     * @param wide as for {@link #endInCharacters}; 0 for counts of octets
     */
    int evidence(int i, int wide) {
        int b = at(i);
        if (LineEnd.is(b)) {
            return SURE;
        }
        if (b == '<') {
            boolean endsACount = i > 1 && at(i - 1) == ' ' && isDigit(at(i - 2));
            return mayBePri(i) && !endsACount ? LIKELY : NONE;
        }
        if (b == ' ') {
            return evidenceBehindBlanks(i);
        }
        int text = textBehindCount(i);
        if (text <= 0) {
            return text == OPEN ? LIKELY : NONE;
        }
        int next = wide == 0 ? text + count : endInCharacters(text, count, wide);
        if (count == 0) {
            return NONE;
        }
        if (next > length() || next == NO) {
            return LIKELY;
        }
        if (next == length()) {
            return FITTING;
        }
        return switch (start(next)) {
            case YES -> SURE;
            case OPEN -> LIKELY;
            default -> NONE;
        };
    }

    private int evidenceBehindBlanks(int i) {
        int p = i;
        while (p < length() && at(p) == ' ') {
            p++;
        }
        if (p == length()) {
            return LIKELY;
        }
        boolean endsACount = at(p) == '<' && i > 0 && isDigit(at(i - 1));
        return start(p) != NO && !endsACount ? LIKELY : NONE;
    }

    /** Whether a frame or a line's end is at {@code i}, which is before the end: {@link #YES}, {@link #NO} or {@link #OPEN}. */
    private int start(int i) {
        int b = at(i);
        if (b == ' ') {
            return evidenceBehindBlanks(i) == NONE ? NO : YES;
        }
        if (LineEnd.is(b)) {
            return YES;
        }
        return b == '<' ? pri(i) : Math.min(YES, textBehindCount(i));
    }

    /** Whether {@code "<" 1*3DIGIT ">"}, at most 191, stands at {@code i}, where {@code <} is. */
    boolean isPri(int i) {
        return pri(i) == YES;
    }

    /** Whether it stands there as far as can be seen. */
    boolean mayBePri(int i) {
        return pri(i) != NO;
    }

    /** Whether the sequence begins with it. */
    boolean beginsWithPri() {
        return length() > 0 && at(0) == '<' && isPri(0);
    }

    /** Whether a control byte stands in {@code [from, to)} that no sender of text writes: not TAB, ESC or the like. */
    boolean hasRubbish(int from, int to) {
        for (int i = from; i < to; i++) {
            int b = at(i);
            if (b >= 0 && b < ' ' && (b < 7 || b > '\r') && b != ESCAPE) {
                return true;
            }
        }
        return false;
    }

    private int pri(int i) {
        int length = length();
        int value = 0;
        int p = i + 1;
        while (p < length && p - i <= MAX_PRI_DIGITS && isDigit(at(p))) {
            value = value * 10 + at(p) - '0';
            p++;
        }
        if (value > MAX_PRI) {
            return NO;
        }
        if (p == length) {
            return OPEN;
        }
        return p > i + 1 && at(p) == '>' ? YES : NO;
    }

    /**
     * The first {@code 1*7DIGIT SP <PRI>}, or {@code <PRI>} behind a line's end, that begins in {@code [from, to)}, or
     * {@link #NO}. Text that ends in digits may stand before the count: of the digits those count from which on the
     * count is right.
     *
     * @param from above 0
     * @param least how much must speak for a count: {@link #NONE} or more
     */
    int firstStart(int from, int to, int least) {
        int most = Math.min(length(), to + LONGEST_START);
        for (int i = from; i < most; i++) {
            if (at(i) == '<' && isPri(i)) {
                int start = startAtPri(i, from);
                if (start >= from && start < to && (least == NONE || at(start) == '<' || evidence(start) >= least)) {
                    return start;
                }
            }
        }
        return NO;
    }

    /** Whether a start lies in {@code [from, to)} with the {@code <} of its PRI. */
    boolean holdsStart(int from, int to) {
        int start = firstStart(from, to, NONE);
        return start >= 0 && (at(start) == '<' || textBehindCount(start) < to);
    }

    private int startAtPri(int pri, int from) {
        int before = at(pri - 1);
        if (before == ' ' && pri - 2 >= from && isDigit(at(pri - 2))) {
            return countBefore(pri - 1, from);
        }
        int i = pri - 1;
        while (i >= from && at(i) == ' ') {
            i--;
        }
        return LineEnd.is(at(i)) ? pri : NO;
    }

    /**
     * Where the digits before {@code end} begin as far as they are a count, or {@link #NO}; not before {@code from}. If
     * text that ends in digits stands before the count, only from its true beginning on it is right.
     */
    int countBefore(int end, int from) {
        int first = end;
        while (first > from && isDigit(at(first - 1)) && end - first < 2 * MAX_COUNT_DIGITS) {
            first--;
        }
        boolean few = end - first <= MAX_COUNT_DIGITS;
        if (few && evidence(first) != NONE) {
            return first; // the common case
        }
        for (int start = Math.max(first, end - MAX_COUNT_DIGITS); start < end; start++) {
            if (at(start) != '0' && leadsToAStart(start)) {
                return start;
            }
        }
        return few ? first : NO;
    }

    /** Whether a frame starts where the count at {@code i} says, or behind the line ends there. */
    private boolean leadsToAStart(int i) {
        int next = textBehindCount(i) + count;
        while (next < length() && LineEnd.is(at(next))) {
            next++;
        }
        return next < length() && (at(next) == '<' ? isPri(next) : textBehindCount(next) > 0);
    }

    /**
     * Where a frame at {@code from} ends if its count is of characters, or {@link #NO} when that is not in these bytes.
     *
     * @param wide what a character of four bytes counts: 1, or 2 where strings are of UTF-16
     */
    int endInCharacters(int from, int characterCount, int wide) {
        int characters = 0;
        int i = from;
        for (; i < length(); i++) {
            int b = at(i);
            if ((b & 0xC0) == 0x80) {
                continue;
            }
            if (characters >= characterCount) {
                return i;
            }
            characters += (b & 0xF8) == 0xF0 ? wide : 1;
        }
        return characters >= characterCount ? i : NO;
    }

    /** Whether one of the first {@code length} bytes is not ASCII. */
    boolean hasWideCharacters(int length) {
        for (int i = 0; i < length; i++) {
            if (at(i) < 0) {
                return true;
            }
        }
        return false;
    }

    /** The first LF or NUL from {@code from} on, or the length. */
    int firstLineEnd(int from) {
        int i = from;
        while (i < length() && at(i) != '\n' && at(i) != 0) {
            i++;
        }
        return i;
    }

    /** Whether {@code 1*7DIGIT SP <PRI>} stands at {@code i}, as far as can be seen. */
    boolean mayBeCounted(int i) {
        int text = textBehindCount(i);
        return text == OPEN || (text > 0 && mayBePri(text));
    }

    /** The end, or where before it, at {@code from} or behind, digits begin that may become {@code 1*7DIGIT SP <PRI>}. */
    int endBeforeOpenCount(int from) {
        for (int i = Math.max(from, length() - LONGEST_START); i < length(); i++) {
            if (isDigit(at(i)) && mayBeCounted(i)) {
                return i;
            }
        }
        return length();
    }

    /** Copies {@code [from, length)}. */
    byte[] copyFrom(int from) {
        byte[] copy = new byte[length() - from];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (byte) at(from + i);
        }
        return copy;
    }

    static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }
}
