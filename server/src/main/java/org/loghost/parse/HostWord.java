package org.loghost.parse;

/**
 * Whether a word in the host's place can be a host: letters, digits, {@code . _ -}, ending in a letter or digit; the same
 * with the final dot of DNS; an IPv6 address; a name or an IP address in brackets; names that relays have chained with
 * {@code /} or {@code @} (syslog-ng), {@code slot1/name} of F5 among them; the {@code model,mac,version:} of Ubiquiti. At
 * most 255 bytes (RFC 5424 section 6).
 *
 * <p>Anything else, a path such as {@code ../../etc} above all, is text. One owner thread: {@link #find} fills the
 * fields.
 */
final class HostWord {
    private static final int MAX_LENGTH = 255;
    private static final int MAC_DIGITS = 12;
    private static final byte[] SLOT = Ascii.bytes("slot");
    private static final byte[] LOCALHOST = Ascii.bytes("localhost");
    private static final byte[] QUOTED_OPEN = Ascii.bytes("(\"");
    private static final byte[] QUOTED_CLOSE = Ascii.bytes("\")");

    /** How sure it is that a word of this form is a host, when it stands where a host may be left out. */
    enum Doubt {
        /** A word that a text may begin with as well, or an address. */
        NONE,
        /** Texts begin so: a tag must follow. */
        NEEDS_TAG,
        /** Log libraries put such words there: a tag with an ID must follow. */
        NEEDS_ID
    }

    /** Where the name starts, without brackets. */
    int offset;

    int length;
    Doubt doubt = Doubt.NONE;

    /** Looks at the word {@code [from, to)}; fills the fields when it can be a host. */
    boolean find(byte[] bytes, int from, int to) {
        if (to <= from || to - from > MAX_LENGTH) {
            return false;
        }
        doubt = Doubt.NONE;
        if (isName(bytes, from, to)) {
            return accept(from, to);
        }
        return findRare(bytes, from, to);
    }

    private boolean findRare(byte[] bytes, int from, int to) {
        if (bytes[from] == '[') {
            return bytes[to - 1] == ']' && findInBrackets(bytes, from + 1, to - 1);
        }
        if (isIpv6(bytes, from, to)) {
            return accept(from, to);
        }
        if (isChain(bytes, from, to)) {
            doubt = isSlot(bytes, from, to) ? Doubt.NONE : Doubt.NEEDS_TAG;
            return accept(from, to);
        }
        if (bytes[to - 1] == '.' && to - 1 > from && isName(bytes, from, to - 1)) {
            doubt = hasDot(bytes, from, to - 1) ? Doubt.NONE : Doubt.NEEDS_ID; // "Done." of a text has no other dot
            return accept(from, to - 1);
        }
        if (Ascii.isAt(bytes, from, to, QUOTED_OPEN)) {
            int close = to - QUOTED_CLOSE.length;
            return Ascii.isAt(bytes, close, to, QUOTED_CLOSE)
                    && isModelMacVersion(bytes, from + QUOTED_OPEN.length, close)
                    && accept(from + QUOTED_OPEN.length, close);
        }
        int end = bytes[to - 1] == ':' ? to - 1 : to;
        return isModelMacVersion(bytes, from, end) && accept(from, end);
    }

    private boolean findInBrackets(byte[] bytes, int from, int to) {
        if (from >= to) {
            return false;
        }
        if (isIpv4(bytes, from, to) || isIpv6(bytes, from, to)) {
            return accept(from, to);
        }
        doubt = Ascii.isAt(bytes, from, to, LOCALHOST) ? Doubt.NEEDS_TAG : Doubt.NEEDS_ID;
        return isName(bytes, from, to) && accept(from, to);
    }

    private static boolean hasDot(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '.') {
                return true;
            }
        }
        return false;
    }

    /** Names or addresses joined by {@code /} or {@code @}; a path has an empty one, or one of dots, a port one of digits. */
    private static boolean isChain(byte[] bytes, int from, int to) {
        int part = from;
        for (int i = from; i <= to; i++) {
            if (i < to && bytes[i] != '/' && bytes[i] != '@') {
                continue;
            }
            boolean name = i > part && isName(bytes, part, i) && !Ascii.allDigits(bytes, part, i);
            if (!name && !isIpv6(bytes, part, i)) {
                return false;
            }
            part = i + 1;
        }
        return true;
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

    /** {@code 0011b21628d1,} stands at {@code at}. */
    static boolean isMacAndComma(byte[] bytes, int at, int end) {
        if (!Ascii.isAt(bytes, at + MAC_DIGITS, end, ',')) {
            return false;
        }
        for (int i = at; i < at + MAC_DIGITS; i++) {
            if (!Ascii.isHex(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isModelMacVersion(byte[] bytes, int from, int to) {
        int mac = from;
        while (mac < to && (Ascii.isLetterOrDigit(bytes[mac]) || bytes[mac] == '-')) {
            mac++;
        }
        int version = mac + 1 + MAC_DIGITS + 1;
        if (mac == from || version >= to || bytes[mac] != ',' || !isMacAndComma(bytes, mac + 1, to)) {
            return false;
        }
        for (int i = version; i < to; i++) {
            if (!Ascii.isLetterOrDigit(bytes[i]) && "._-+".indexOf(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
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
