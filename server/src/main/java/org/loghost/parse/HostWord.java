package org.loghost.parse;

/**
 * Whether a word in the host's place can be a host: letters, digits, {@code . _ -}, ending in a letter or digit; an
 * IPv6 address; an IP address in brackets; {@code slot1/name}; the {@code model,mac,version:} of Ubiquiti. At most 255
 * bytes (RFC 5424 section 6).
 *
 * <p>Anything else, a path such as {@code ../../etc} above all, is text. One owner thread: {@link #find} fills the
 * fields.
 */
final class HostWord {
    private static final int MAX_LENGTH = 255;
    private static final int MAC_DIGITS = 12;
    private static final byte[] SLOT = Ascii.bytes("slot");

    /** Where the name starts, without brackets. */
    int offset;

    int length;

    /** Looks at the word {@code [from, to)}; fills the fields when it can be a host. */
    boolean find(byte[] bytes, int from, int to) {
        if (to <= from || to - from > MAX_LENGTH) {
            return false;
        }
        if (isName(bytes, from, to)) {
            return accept(from, to);
        }
        return findRare(bytes, from, to);
    }

    private boolean findRare(byte[] bytes, int from, int to) {
        if (bytes[from] == '[') {
            boolean address =
                    bytes[to - 1] == ']' && (isIpv4(bytes, from + 1, to - 1) || isIpv6(bytes, from + 1, to - 1));
            return address && accept(from + 1, to - 1);
        }
        if (isIpv6(bytes, from, to)) {
            return accept(from, to);
        }
        if (isSlot(bytes, from, to)) {
            return accept(from, to);
        }
        int end = bytes[to - 1] == ':' ? to - 1 : to;
        return isModelMacVersion(bytes, from, end) && accept(from, end);
    }

    private boolean accept(int from, int to) {
        offset = from;
        length = to - from;
        return true;
    }

    private static boolean isName(byte[] bytes, int from, int to) {
        byte first = bytes[from];
        if (first == '.' || first == '-' || !Ascii.isLetterOrDigit(bytes[to - 1])) {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!Ascii.isLetterOrDigit(b) && b != '.' && b != '-' && b != '_') {
                return false;
            }
        }
        return true;
    }

    /** F5 puts {@code slot1/} in front of the name. */
    private static boolean isSlot(byte[] bytes, int from, int to) {
        if (!Ascii.isAt(bytes, from, to, SLOT)) {
            return false;
        }
        int slash = Ascii.skipDigits(bytes, from + SLOT.length, to);
        return slash > from + SLOT.length
                && Ascii.isAt(bytes, slash, to, '/')
                && slash + 1 < to
                && isName(bytes, slash + 1, to);
    }

    private static boolean isModelMacVersion(byte[] bytes, int from, int to) {
        int mac = from;
        while (mac < to && Ascii.isLetterOrDigit(bytes[mac])) {
            mac++;
        }
        int version = mac + 1 + MAC_DIGITS + 1;
        if (mac == from || version >= to || bytes[mac] != ',' || bytes[version - 1] != ',') {
            return false;
        }
        for (int i = mac + 1; i < version - 1; i++) {
            if (!Ascii.isHex(bytes[i])) {
                return false;
            }
        }
        return isName(bytes, version, to);
    }

    /** Four numbers of up to three digits. */
    static boolean isIpv4(byte[] bytes, int from, int to) {
        int pos = from;
        for (int part = 0; part < 4; part++) {
            int digits = Ascii.skipDigits(bytes, pos, to);
            if (digits == pos || digits - pos > 3) {
                return false;
            }
            pos = digits;
            if (part < 3) {
                if (!Ascii.isAt(bytes, pos, to, '.')) {
                    return false;
                }
                pos++;
            }
        }
        return pos == to;
    }

    /** Groups of up to four hex digits, eight of them or one {@code ::}; a dotted tail and a zone are understood. */
    static boolean isIpv6(byte[] bytes, int from, int to) {
        if (to - from < 3 || (bytes[from] == ':' && bytes[from + 1] != ':')) {
            return false;
        }
        int groups = 0;
        boolean gap = false;
        int pos = from;
        while (pos < to) {
            int group = pos;
            while (pos < to && Ascii.isHex(bytes[pos])) {
                pos++;
            }
            if (Ascii.isAt(bytes, pos, to, '.')) { // the last two groups as in IPv4; "::" at the start counts as one
                return (gap ? groups <= 6 : groups == 6) && isIpv4(bytes, group, to);
            }
            if (pos - group > 4 || (pos == group && groups > 0)) {
                return false;
            }
            groups++;
            if (pos == to || (bytes[pos] == '%' && pos + 1 < to && isName(bytes, pos + 1, to))) {
                break;
            }
            if (bytes[pos] != ':' || pos + 1 == to) {
                return false;
            }
            pos++;
            if (bytes[pos] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                pos++;
            }
        }
        return gap ? groups <= 8 : groups == 8;
    }
}
