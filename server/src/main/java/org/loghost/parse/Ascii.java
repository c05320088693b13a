package org.loghost.parse;

import java.nio.charset.StandardCharsets;

/** The character classes and small scans that the parsers share; bytes are taken as ASCII. Stateless. */
final class Ascii {
    private Ascii() {}

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isLower(byte b) {
        return b >= 'a' && b <= 'z';
    }

    static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    static boolean isLetterOrDigit(byte b) {
        return isLower(b) || isDigit(b) || isUpper(b);
    }

    static boolean isHex(byte b) {
        return isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
    }

    /** Whether the byte is visible ASCII, without the blank. */
    static boolean isVisible(byte b) {
        return b > ' ' && b < 0x7f;
    }

    static boolean allDigits(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(bytes[i])) {
                return false;
            }
        }
        return from < to;
    }

    /** The end of the word that starts at {@code from}: the next blank, or {@code end}. */
    static int wordEnd(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != ' ') {
            i++;
        }
        return i;
    }

    /** The first byte from {@code from} on that is not visible ASCII, or {@code end}. */
    static int visibleEnd(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && isVisible(bytes[i])) {
            i++;
        }
        return i;
    }

    static int skipBlanks(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] == ' ') {
            i++;
        }
        return i;
    }

    static int skipDigits(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && isDigit(bytes[i])) {
            i++;
        }
        return i;
    }

    static boolean isAt(byte[] bytes, int from, int end, byte[] word) {
        if (end - from < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (bytes[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean isAt(byte[] bytes, int from, int end, char c) {
        return from < end && bytes[from] == c;
    }

    /** The two decimal digits at {@code i}, or -1. */
    static int twoDigits(byte[] bytes, int i) {
        int tens = bytes[i] - '0';
        int ones = bytes[i + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    /** The four decimal digits at {@code i}, or -1. */
    static int fourDigits(byte[] bytes, int i) {
        int high = twoDigits(bytes, i);
        int low = twoDigits(bytes, i + 2);
        return high < 0 || low < 0 ? -1 : high * 100 + low;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
