package org.loghost.parse;

/**
 * What stands where a tag is looked for and can be no program's name: a number, a date, a time, an uptime, an address.
 *
 * <p>Stateless.
 */
final class NotAName {
    /** More digits are no number that a device counts to. */
    private static final int MAX_DIGITS = 20;
    /** The first group of an IPv6 address. */
    private static final int MAX_GROUP = 4;

    private NotAName() {}

    /** Whether the word {@code [pos, nameEnd)}, which is not empty, is no name; the byte behind it is a colon or bracket. */
    static boolean isAt(byte[] bytes, int pos, int nameEnd, int end) {
        if (Ascii.isDigit(bytes[pos])) {
            return isNumber(bytes, pos, nameEnd)
                    || TimestampParser.isDateAt(bytes, pos, end)
                    || CiscoStamp.unitsEnd(bytes, pos, nameEnd) == nameEnd
                    || isIpv6(bytes, pos, nameEnd, end);
        }
        return nameEnd - pos <= MAX_GROUP && Ascii.isHex(bytes[pos]) && isIpv6(bytes, pos, nameEnd, end);
    }

    /** Digits and what numbers, dates and IPv4 addresses have between them. */
    private static boolean isNumber(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!Ascii.isDigit(b) && b != '.' && b != ',' && b != '-' && b != '/') {
                return false;
            }
        }
        return to - from <= MAX_DIGITS;
    }

    private static boolean isIpv6(byte[] bytes, int pos, int nameEnd, int end) {
        int next = nameEnd + 1;
        if (bytes[nameEnd] != ':' || next >= end || (bytes[next] != ':' && !Ascii.isHex(bytes[next]))) {
            return false;
        }
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        return HostWord.isIpv6(bytes, pos, wordEnd)
                || (bytes[wordEnd - 1] == ':' && HostWord.isIpv6(bytes, pos, wordEnd - 1));
    }
}
