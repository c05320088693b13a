package org.loghost.pattern;

/**
 * Reads the numbers of <code>{n,m}</code> as {@code fetch_number} of glibc's regcomp.c does: a number goes on to the
 * next comma or closing brace, whatever stands between, and a character may be written with a backslash.
 */
final class BoundReader {
    /** No digit before the delimiter. */
    static final int NONE = -1;
    /** Something that is no digit, or the pattern's end: the opening brace was literal. */
    static final int INVALID = -2;

    private static final int END = -1;

    private final byte[] pattern;
    private int at;
    private int delimiter = END;

    BoundReader(byte[] pattern, int from) {
        this.pattern = pattern;
        this.at = from;
    }

    int read() {
        int number = NONE;
        while (at < pattern.length) {
            boolean escaped = pattern[at] == '\\' && at + 1 < pattern.length;
            at += escaped ? 1 : 0;
            int c = pattern[at++] & 0xff;
            if (c == ',' || (c == '}' && !escaped)) {
                delimiter = c;
                return number;
            }
            // Behind a backslash the digits 1 to 9 are back-references, not digits.
            boolean digit = c >= '0' && c <= (escaped ? '0' : '9');
            number = digit && number != INVALID ? Parser.decimal(number, c) : INVALID;
        }
        delimiter = END;
        return INVALID;
    }

    /** The comma or closing brace that ended the last number, or -1 at the pattern's end. */
    int delimiter() {
        return delimiter;
    }

    /** The offset behind the delimiter. */
    int position() {
        return at;
    }
}
