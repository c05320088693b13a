package org.loghost.parse;

import java.util.List;

/**
 * Recognises the words that name a severity, alone or with a facility in front, in any case and in brackets or without:
 * {@code INFO}, {@code warn}, {@code [ERROR]}, {@code <debug>}, {@code user.info}, {@code auth|security:info}. Log
 * libraries put them where the host belongs; a host is never called so.
 *
 * <p>Stateless.
 */
final class SeverityWord {
    private static final byte[][][] SEVERITIES = byLetter(List.of(
            "emerg",
            "emergency",
            "panic",
            "alert",
            "crit",
            "critical",
            "err",
            "error",
            "severe",
            "fatal",
            "warn",
            "warning",
            "notice",
            "info",
            "information",
            "informational",
            "debug",
            "trace",
            "verbose"));

    private static final byte[][][] FACILITIES = byLetter(List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "security",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "ntp",
            "audit",
            "console",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7"));

    private SeverityWord() {}

    /** Whether the word {@code [from, to)}, which is not empty, is a severity in any of these forms. */
    static boolean is(byte[] bytes, int from, int to) {
        int start = from;
        int end = bytes[to - 1] == ':' ? to - 1 : to;
        if (end - start > 2 && isClosedBy(bytes[start], bytes[end - 1])) {
            start++;
            end--;
        }
        return isIn(SEVERITIES, bytes, start, end) || hasFacility(bytes, start, end);
    }

    /** Whether the word is {@code facility.severity}; the point may be a colon, a slash or a bar, and AIX joins two facilities. */
    static boolean hasFacility(byte[] bytes, int from, int to) {
        int severity = from;
        for (int parts = 0; parts < 2; parts++) {
            int facilityEnd = severity;
            while (facilityEnd < to && !isSeparator(bytes[facilityEnd])) {
                facilityEnd++;
            }
            if (facilityEnd == to || !isIn(FACILITIES, bytes, severity, facilityEnd)) {
                return false;
            }
            severity = facilityEnd + 1;
            if (isIn(SEVERITIES, bytes, severity, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSeparator(byte b) {
        return b == '.' || b == ':' || b == '/' || b == '|';
    }

    private static boolean isClosedBy(byte open, byte close) {
        return (open == '[' && close == ']') || (open == '<' && close == '>') || (open == '(' && close == ')');
    }

    private static boolean isIn(byte[][][] table, byte[] bytes, int from, int to) {
        int letter = from < to ? (bytes[from] | 0x20) - 'a' : -1;
        if (letter < 0 || letter >= table.length) {
            return false;
        }
        for (byte[] word : table[letter]) {
            if (word.length == to - from && isSame(bytes, from, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(byte[] bytes, int from, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            // bit 5 makes ASCII letters lower-case; digits have it already
            if ((bytes[from + i] | 0x20) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[][][] byLetter(List<String> words) {
        byte[][][] table = new byte[26][][];
        for (int letter = 0; letter < table.length; letter++) {
            char first = (char) ('a' + letter);
            table[letter] = words.stream()
                    .filter(word -> word.charAt(0) == first)
                    .map(Ascii::bytes)
                    .toArray(byte[][]::new);
        }
        return table;
    }
}
