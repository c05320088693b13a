package org.loghost.parse;

import java.util.Arrays;
import java.util.List;

/**
 * Words that stand in the host's place when the sender left the host out, and that are no host's name: a closed list,,
 * severities ({@link SeverityWord}) and dates.
 *
 * <p>Words of daemons count as written; words that begin a sentence count with their capital letter only, as a host may
 * well be called {@code user}.
 */
final class NotAHost {
    private static final List<String> WORDS = List.of(
            "syslogd",
            "klogd",
            "rsyslogd",
            "kernel",
            "last",
            "message",
            "exiting",
            "restart",
            "restarting",
            "started",
            "stopped",
            "CONFIG",
            "FINE",
            "FINER",
            "FINEST",
            "The",
            "This",
            "A",
            "An",
            "No",
            "Not",
            "New",
            "User",
            "Session",
            "Connection",
            "Connected",
            "Disconnected",
            "Failed",
            "Failure",
            "Accepted",
            "Received",
            "Authentication",
            "Login",
            "Logged",
            "Message",
            "From",
            "Unable",
            "Cannot",
            "Could",
            "Invalid",
            "Unknown",
            "Started",
            "Starting",
            "Stopped",
            "Stopping",
            "System",
            "AM",
            "PM",
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
            "Mon",
            "Tue",
            "Wed",
            "Thu",
            "Fri",
            "Sat",
            "Sun");

    /** The words by their first letter. */
    private static final byte[][][] BY_LETTER = byLetter();

    private NotAHost() {}

    /** Whether the word {@code [from, to)}, which is not empty, is one of them. */
    static boolean contains(byte[] bytes, int from, int to) {
        if (bytes[from] < 0) {
            return false;
        }
        for (byte[] word : BY_LETTER[bytes[from]]) {
            if (word.length == to - from && Arrays.equals(bytes, from, to, word, 0, word.length)) {
                return true;
            }
        }
        return SeverityWord.is(bytes, from, to) || (Ascii.isDigit(bytes[from]) && isDate(bytes, from, to));
    }

    /** {@code 2026-11-29}, {@code 29.11.2026}, {@code 20261129} and their like; a time may follow behind a {@code T}. */
    private static boolean isDate(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 8 || (length > 8 && bytes[from + 8] == 'T')) {
            return isDay(Ascii.twoDigits(bytes, from + 6))
                    && isMonth(Ascii.twoDigits(bytes, from + 4))
                    && Ascii.fourDigits(bytes, from) >= 1970;
        }
        if (length < 10) {
            return false;
        }
        if (Ascii.fourDigits(bytes, from) >= 0) {
            return bytes[from + 4] == bytes[from + 7]
                    && isBetweenNumbers(bytes[from + 4])
                    && isMonth(Ascii.twoDigits(bytes, from + 5))
                    && isDay(Ascii.twoDigits(bytes, from + 8))
                    && (length == 10 || bytes[from + 10] == 'T');
        }
        return length == 10
                && bytes[from + 2] == bytes[from + 5]
                && isBetweenNumbers(bytes[from + 2])
                && isDay(Ascii.twoDigits(bytes, from))
                && isDay(Ascii.twoDigits(bytes, from + 3))
                && Ascii.fourDigits(bytes, from + 6) >= 0;
    }

    private static boolean isBetweenNumbers(byte b) {
        return b == '-' || b == '.' || b == '/';
    }

    private static boolean isMonth(int number) {
        return number >= 1 && number <= 12;
    }

    private static boolean isDay(int number) {
        return number >= 1 && number <= 31;
    }

    private static byte[][][] byLetter() {
        byte[][][] table = new byte[128][0][];
        for (String word : WORDS) {
            byte[][] old = table[word.charAt(0)];
            byte[][] more = Arrays.copyOf(old, old.length + 1);
            more[old.length] = Ascii.bytes(word);
            table[word.charAt(0)] = more;
        }
        return table;
    }
}
