package org.loghost.pattern;

/** An immutable set of byte values, 0 to 255. */
record ByteSet(long w0, long w1, long w2, long w3) {
    static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
    static final ByteSet ALL = NONE.negate();
    static final ByteSet WORD =
            NONE.withRange('a', 'z').withRange('A', 'Z').withRange('0', '9').with('_');
    /** What {@code isspace} accepts in the C locale. */
    static final ByteSet SPACE = NONE.withRange('\t', '\r').with(' ');

    static ByteSet of(int value) {
        return NONE.with(value);
    }

    static ByteSet range(int from, int to) {
        return NONE.withRange(from, to);
    }

    boolean has(int value) {
        return ((word(value >> 6) >>> value) & 1) != 0;
    }

    ByteSet with(int value) {
        long bit = 1L << value;
        return switch (value >> 6) {
            case 0 -> new ByteSet(w0 | bit, w1, w2, w3);
            case 1 -> new ByteSet(w0, w1 | bit, w2, w3);
            case 2 -> new ByteSet(w0, w1, w2 | bit, w3);
            default -> new ByteSet(w0, w1, w2, w3 | bit);
        };
    }

    /** Both bounds belong to the range; a reversed range adds nothing. */
    ByteSet withRange(int from, int to) {
        ByteSet set = this;
        for (int value = from; value <= to; value++) {
            set = set.with(value);
        }
        return set;
    }

    ByteSet or(ByteSet other) {
        return new ByteSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
    }

    ByteSet and(ByteSet other) {
        return new ByteSet(w0 & other.w0, w1 & other.w1, w2 & other.w2, w3 & other.w3);
    }

    ByteSet negate() {
        return new ByteSet(~w0, ~w1, ~w2, ~w3);
    }

    boolean isEmpty() {
        return (w0 | w1 | w2 | w3) == 0;
    }

    boolean intersects(ByteSet other) {
        return !and(other).isEmpty();
    }

    int size() {
        return Long.bitCount(w0) + Long.bitCount(w1) + Long.bitCount(w2) + Long.bitCount(w3);
    }

    /** The smallest member; the set must have one. */
    int first() {
        int value = 0;
        while (!has(value)) {
            value++;
        }
        return value;
    }

    /** The members and the other case of each ASCII letter among them. */
    ByteSet foldCase() {
        // 'A' is bit 1 and 'a' is bit 33 of the same word.
        long letters = ((1L << 26) - 1) << 1;
        long upper = w1 & letters;
        long lower = (w1 >>> 32) & letters;
        return new ByteSet(w0, w1 | (upper << 32) | lower, w2, w3);
    }

    /** The bytes that are in this set once they are turned into upper case. */
    ByteSet thatUpperCaseInto() {
        ByteSet set = this;
        for (int c = 'a'; c <= 'z'; c++) {
            set = has(c - 32) ? set.with(c) : set.without(c);
        }
        return set;
    }

    private ByteSet without(int value) {
        return and(of(value).negate());
    }

    private long word(int index) {
        return switch (index) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            default -> w3;
        };
    }
}
