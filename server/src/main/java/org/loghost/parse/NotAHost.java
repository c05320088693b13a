package org.loghost.parse;

import java.util.Arrays;
import java.util.List;

/**
 * Words that stand in the host's place when the sender left the host out, and that are no host's name: a closed list, and
 * severities ({@link SeverityWord}).
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
            "System");

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
        return SeverityWord.is(bytes, from, to);
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
