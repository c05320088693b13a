package org.loghost.parse;

/**
 * The header of network devices that put words with colons before the stamp:
 *
 * <pre>
 * 45: Nov 22 06:30:00: %SYS-5-CONFIG_I: …                      sequence number
 * 30: rtr1: 6340004: *Mar  4 11:45:20: %SEC-6-IPACCESSLOGP: …  origin-id; * and . say that the clock is not synchronised
 * : 2026 Nov 22 06:30:00 EDT: %L2FM-4-L2FM_MAC_MOVE: …         NX-OS; ASA without the blank
 * wlc1: *spamApTask1: May 26 18:52:01.958: %CAPWAP-4-…: …      task
 * 12345: RP/0/RSP0/CPU0:Nov 22 06:30:00.123 : config[65539]: … IOS-XR node
 * 12: 00:01:01: %SYS-5-RESTART: …                              uptime for a stamp
 * </pre>
 *
 * <p>Sequence numbers and clock marks are not kept; the task or node stays in the line, before the tag. One owner
 * thread: {@link #parse} fills the fields.
 */
final class CiscoHeader {
    private static final int MAX_WORDS = 5;

    private final HostWord hostWord = new HostWord();

    int hostOffset;
    int hostLength;
    int originOffset;
    int originLength;
    /** Where the text behind the header starts. */
    int textOffset;

    /** Whether such a header stands at {@code from}; if so the fields and the stamp are filled. */
    boolean parse(byte[] bytes, int from, int end, Stamp stamp) {
        hostLength = 0;
        originLength = 0;
        stamp.clear();
        int pos = from;
        boolean marked = false;
        if (Ascii.isAt(bytes, pos, end, ':')) {
            marked = true;
            pos = Ascii.skipBlanks(bytes, pos + 1, end);
        }
        for (int i = 0; i <= MAX_WORDS && pos < end; i++) {
            int after = stampEnd(bytes, pos, end, stamp);
            if (after != TimestampParser.NONE) {
                return finish(bytes, after, end, marked || i > 0 || !Ascii.isLetterOrDigit(bytes[pos]));
            }
            if (marked && bytes[pos] == '%') { // no stamp configured
                textOffset = pos;
                return hostLength == 0 || isMessageCode(bytes, pos, end);
            }
            int colon = colon(bytes, pos, end);
            if (colon < 0) {
                return false;
            }
            if (isUptime(bytes, pos, colon, end)) {
                return finish(bytes, uptimeEnd(bytes, pos, end), end, marked);
            }
            if (!take(bytes, pos, colon)) {
                return false;
            }
            marked |= Ascii.isDigit(bytes[pos]);
            pos = Ascii.skipBlanks(bytes, colon + 1, end);
        }
        return false;
    }

    private static int stampEnd(byte[] bytes, int pos, int end, Stamp stamp) {
        boolean mark = bytes[pos] == '*' || bytes[pos] == '.';
        return TimestampParser.parse(bytes, mark ? pos + 1 : pos, end, stamp);
    }

    /** A colon must follow the stamp; a host in front of it is believed only when a message code follows. */
    private boolean finish(byte[] bytes, int after, int end, boolean marked) {
        int colon = Ascii.skipBlanks(bytes, after, end);
        if (!Ascii.isAt(bytes, colon, end, ':')) {
            return false;
        }
        textOffset = Ascii.skipBlanks(bytes, colon + 1, end);
        return hostLength == 0 ? marked : isMessageCode(bytes, textOffset, end);
    }

    private boolean take(byte[] bytes, int from, int colon) {
        if (Ascii.allDigits(bytes, from, colon)) {
            return true;
        }
        if (originLength == 0 && (bytes[from] == '*' || isNode(bytes, from, colon))) {
            originOffset = bytes[from] == '*' ? from + 1 : from;
            originLength = colon + 1 - originOffset;
            return originLength > 1;
        }
        if (hostLength == 0 && hostWord.find(bytes, from, colon)) {
            hostOffset = hostWord.offset;
            hostLength = hostWord.length;
            return true;
        }
        return false;
    }

    /** {@code RP/0/RSP0/CPU0}. */
    private static boolean isNode(byte[] bytes, int from, int to) {
        int slashes = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '/') {
                slashes++;
            } else if (!Ascii.isLetterOrDigit(bytes[i])) {
                return false;
            }
        }
        return slashes == 3 && Ascii.isUpper(bytes[from]);
    }

    /** {@code %FACILITY-SEVERITY-MNEMONIC:}. */
    private static boolean isMessageCode(byte[] bytes, int pos, int end) {
        return Ascii.isAt(bytes, pos, end, '%') && TagParser.isTag(bytes, pos, end);
    }

    /** The colon that ends the word at {@code pos}, or -1. */
    private static int colon(byte[] bytes, int pos, int end) {
        int i = pos;
        while (i < end && Ascii.isVisible(bytes[i]) && bytes[i] != ':') {
            i++;
        }
        return i > pos && Ascii.isAt(bytes, i, end, ':') ? i : -1;
    }

    /** {@code 00:01:01:} or {@code 1w2d:}, {@code 3d04h:}, {@code 2y10w:}. */
    private static boolean isUptime(byte[] bytes, int pos, int colon, int end) {
        return isClock(bytes, pos, colon, end) || isUnits(bytes, pos, colon);
    }

    private static int uptimeEnd(byte[] bytes, int pos, int end) {
        int colon = colon(bytes, pos, end);
        return isUnits(bytes, pos, colon) ? colon : colon + 6;
    }

    private static boolean isClock(byte[] bytes, int pos, int colon, int end) {
        return Ascii.allDigits(bytes, pos, colon)
                && end - colon > 6
                && Ascii.twoDigits(bytes, colon + 1) >= 0
                && bytes[colon + 3] == ':'
                && Ascii.twoDigits(bytes, colon + 4) >= 0
                && bytes[colon + 6] == ':';
    }

    private static boolean isUnits(byte[] bytes, int pos, int colon) {
        int units = 0;
        int i = pos;
        while (i < colon) {
            int unit = Ascii.skipDigits(bytes, i, colon);
            if (unit == i || unit == colon || "ywdh".indexOf(bytes[unit]) < 0) {
                return false;
            }
            units++;
            i = unit + 1;
        }
        return units == 2;
    }
}
