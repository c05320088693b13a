package org.loghost.parse;

/**
 * The header of network devices that put words with colons before the stamp:
 *
 * <pre>
 * 45: Nov 22 06:30:00: %SYS-5-CONFIG_I: …                      sequence number
 * 30: rtr1: 6340004: *Mar  4 11:45:20: %SEC-6-IPACCESSLOGP: …  origin-id: a name, an IPv4 or an IPv6 address
 * : 2026 Nov 22 06:30:00 EDT: %L2FM-4-L2FM_MAC_MOVE: …         NX-OS; ASA without the blank
 * wlc1: *SISF BT Process: May 26 18:52:01.958: %SISF-6-…: …    task
 * 12345: RP/0/RSP0/CPU0:Nov 22 06:30:00.123 : config[65539]: … IOS XR node; a name may stand before it
 * 91: *Oct 07 03:10:04: rtr1.example.com %CRYPTO-4-…: …        host behind the stamp
 * 12: 00:01:01: %SYS-5-RESTART: …                              uptime for a stamp
 * fw01: %ASA-6-302021: …                                       no stamp
 * </pre>
 *
 * <p>A name becomes the host only with proof that the header is a device's: a number or a colon, a task, a node, the
 * mark of a clock, or a {@link MessageCode} behind. Numbers, marks and zones are not kept; the task or node stays in the
 * line, before the tag. One owner thread: {@link #parse} fills the fields.
 */
final class CiscoHeader {
    private static final int MAX_WORDS = 12;
    private static final int MAX_TASK = 64;
    private static final int MAX_SESSION = 255;
    private static final int NONE = -1;
    private static final byte[] SESSION = Ascii.bytes("[syslog@");

    private final HostWord hostWord = new HostWord();

    int hostOffset;
    int hostLength;
    /** Where the word behind a host before the stamp starts. */
    int behindHost;

    int originOffset;
    int originLength;
    /** Where the text behind the header starts. */
    int textOffset;
    /** Where the tag starts, if there is one: in the text, behind marks of the device. */
    int tagOffset;

    private boolean proven;

    /**
     * Whether such a header stands at {@code from}; if so the fields and the stamp are filled.
     *
     * @param colon a colon stood in front, which is proof already
     */
    boolean parse(byte[] bytes, int from, int end, boolean colon, Stamp stamp) {
        hostLength = 0;
        originLength = 0;
        stamp.clear();
        proven = colon;
        int pos = from;
        for (int i = 0; i < MAX_WORDS && pos >= 0 && pos < end; i++) {
            if (bytes[pos] == '%' || bytes[pos] == '#') {
                return withoutStamp(bytes, pos, end);
            }
            int after = CiscoStamp.parse(bytes, pos, end, stamp);
            if (after != CiscoStamp.NONE) {
                proven |= CiscoStamp.isMarked(bytes[pos]);
                return behindStamp(bytes, after, end);
            }
            after = CiscoStamp.uptimeEnd(bytes, pos, end);
            if (after != CiscoStamp.NONE) {
                proven |= hostLength == 0 && !Ascii.isAt(bytes, Ascii.skipDigits(bytes, pos, end), end, ':');
                return behindStamp(bytes, after, end);
            }
            pos = word(bytes, pos, end);
        }
        return false;
    }

    /** Whether a header could start at {@code pos}: a cheap look, as few texts pass it. Names are not looked at. */
    static boolean mayStart(byte[] bytes, int pos, int end) {
        if (pos >= end) {
            return false;
        }
        byte first = bytes[pos];
        if (Ascii.isDigit(first)) {
            int digits = Ascii.skipDigits(bytes, pos, end);
            return Ascii.isAt(bytes, digits, end, ':')
                    || CiscoStamp.unitsEnd(bytes, pos, end) != CiscoStamp.NONE
                    || (digits - pos == 4 && digits < end && (bytes[digits] == ' ' || bytes[digits] == '-'))
                    || mayBeNode(bytes, pos, end);
        }
        return first == ':'
                || (CiscoStamp.isMarked(first) && pos + 1 < end && Ascii.isLetterOrDigit(bytes[pos + 1]))
                || (first == '[' && Ascii.isAt(bytes, pos, end, SESSION))
                || TimestampParser.isMonthAt(bytes, pos, end)
                || mayBeNode(bytes, pos, end);
    }

    private static boolean mayBeNode(byte[] bytes, int pos, int end) {
        return pos + 3 < end
                && (Ascii.isUpper(bytes[pos]) || Ascii.isDigit(bytes[pos]))
                && (bytes[pos + 1] == '/' || bytes[pos + 2] == '/' || bytes[pos + 3] == '/');
    }

    /** As {@link #mayStart}, or a name there with something behind it that belongs to a header. */
    static boolean mayStartWithName(byte[] bytes, int pos, int end) {
        if (mayStart(bytes, pos, end)) {
            return true;
        }
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        int next = Ascii.skipBlanks(bytes, wordEnd, end);
        if (wordEnd == pos || next == end) {
            return false;
        }
        byte behind = bytes[next];
        if (behind == '%' || behind == '#' || behind == ':') {
            return true;
        }
        return bytes[wordEnd - 1] == ':' ? mayStart(bytes, next, end) : mayBeNode(bytes, next, end);
    }

    // ---- the words before the stamp

    /** Takes the word at {@code pos}; returns where the next starts, or {@link #NONE} when it is none of a header. */
    private int word(byte[] bytes, int pos, int end) {
        switch (bytes[pos]) {
            case ':' -> {
                proven = true;
                return Ascii.skipBlanks(bytes, pos + 1, end);
            }
            case '*' -> {
                return task(bytes, pos + 1, end);
            }
            case '[' -> {
                if (Ascii.isAt(bytes, pos, end, SESSION)) {
                    return session(bytes, pos, end);
                }
            }
            default -> {}
        }
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        if (wordEnd == pos) {
            return NONE;
        }
        if (bytes[wordEnd - 1] == ':' && HostWord.isIpv6(bytes, pos, wordEnd - 1)) {
            return host(bytes, pos, wordEnd - 1, wordEnd, end);
        }
        int colon = colon(bytes, pos, wordEnd);
        if (colon == wordEnd || HostWord.isIpv6(bytes, pos, wordEnd)) {
            return apart(bytes, pos, wordEnd, end);
        }
        if (bytes[colon] != ':') {
            return NONE;
        }
        if (Ascii.allDigits(bytes, pos, colon)) {
            proven = true;
            return Ascii.skipBlanks(bytes, colon + 1, end);
        }
        if (isNode(bytes, pos, colon)) {
            return origin(bytes, pos, colon, end);
        }
        return colon + 1 == wordEnd ? host(bytes, pos, colon, wordEnd, end) : NONE;
    }

    /** A word without colon: one stands behind a blank, or a node or a message code follows. */
    private int apart(byte[] bytes, int pos, int wordEnd, int end) {
        int next = Ascii.skipBlanks(bytes, wordEnd, end);
        if (Ascii.isAt(bytes, next, end, ':') && (next + 1 == end || bytes[next + 1] == ' ')) {
            if (Ascii.allDigits(bytes, pos, wordEnd)) {
                proven = true;
                return Ascii.skipBlanks(bytes, next + 1, end);
            }
            return host(bytes, pos, wordEnd, next + 1, end);
        }
        boolean follows = isNode(bytes, next, colon(bytes, next, end)) || MessageCode.isAt(bytes, next, end);
        return follows ? host(bytes, pos, wordEnd, next, end) : NONE;
    }

    private int host(byte[] bytes, int from, int to, int after, int end) {
        if (hostLength > 0 || !isHost(bytes, from, to)) {
            return NONE;
        }
        hostOffset = hostWord.offset;
        hostLength = hostWord.length;
        behindHost = Ascii.skipBlanks(bytes, after, end);
        return behindHost;
    }

    private boolean isHost(byte[] bytes, int from, int to) {
        return hostWord.find(bytes, from, to)
                && !NotAHost.contains(bytes, from, to)
                && !Ascii.allDigits(bytes, from, to);
    }

    /** {@code *SISF BT Process:}. */
    private int task(byte[] bytes, int from, int end) {
        int limit = Math.min(end, from + MAX_TASK);
        int colon = from;
        while (colon < limit && bytes[colon] >= ' ' && bytes[colon] != ':') {
            colon++;
        }
        return colon > from && colon < limit ? origin(bytes, from, colon, end) : NONE;
    }

    /** {@code [syslog@9 s_id="rtr1:514"]:}. */
    private int session(byte[] bytes, int from, int end) {
        int limit = Math.min(end - 1, from + MAX_SESSION);
        int close = from;
        while (close < limit && bytes[close] != ']') {
            close++;
        }
        return close < limit && bytes[close + 1] == ':' ? origin(bytes, from, close + 1, end) : NONE;
    }

    /** A task or node, which stays in the line up to its colon. */
    private int origin(byte[] bytes, int from, int colon, int end) {
        if (originLength > 0 || !Ascii.isAt(bytes, colon, end, ':')) {
            return NONE;
        }
        originOffset = from;
        originLength = colon + 1 - from;
        proven = true;
        return Ascii.skipBlanks(bytes, colon + 1, end);
    }

    /** {@code RP/0/RSP0/CPU0:}, {@code 0/RP0/ADMIN0:}. */
    private static boolean isNode(byte[] bytes, int from, int colon) {
        int slashes = 0;
        boolean letters = false;
        for (int i = from; i < colon; i++) {
            if (bytes[i] == '/') {
                slashes++;
            } else if (Ascii.isUpper(bytes[i])) {
                letters = true;
            } else if (!Ascii.isDigit(bytes[i])) {
                return false;
            }
        }
        return letters && (slashes == 2 || slashes == 3);
    }

    /** The colon that ends the word at {@code pos}, or the end of the word. */
    private static int colon(byte[] bytes, int pos, int end) {
        int i = pos;
        while (i < end && Ascii.isVisible(bytes[i]) && bytes[i] != ':') {
            i++;
        }
        return i;
    }

    // ---- what follows them

    private boolean withoutStamp(byte[] bytes, int pos, int end) {
        textOffset = pos;
        tagOffset = MessageCode.find(bytes, pos, end);
        if (tagOffset != MessageCode.NONE) {
            return proven || hostLength > 0;
        }
        tagOffset = pos;
        return proven && hostLength == 0 && bytes[pos] == '%' && TagParser.isTag(bytes, pos, end);
    }

    private boolean behindStamp(byte[] bytes, int after, int end) {
        int at = Ascii.skipBlanks(bytes, after, end);
        boolean colon = Ascii.isAt(bytes, at, end, ':');
        textOffset = colon ? Ascii.skipBlanks(bytes, at + 1, end) : at;
        boolean named = hostLength == 0 && hostBehindStamp(bytes, textOffset, end, colon);
        tagOffset = MessageCode.find(bytes, textOffset, end);
        if (tagOffset != MessageCode.NONE) {
            return true;
        }
        tagOffset = textOffset;
        return named || (colon && (proven || hasTagOfDevice(bytes, textOffset, end)));
    }

    /** {@code rtr1.example.com %CRYPTO-4-…}; between two colons a bare word is rather the program. */
    private boolean hostBehindStamp(byte[] bytes, int pos, int end, boolean colon) {
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        int next = Ascii.skipBlanks(bytes, wordEnd, end);
        int nameEnd = wordEnd;
        if (wordEnd > pos && bytes[wordEnd - 1] == ':') {
            nameEnd = wordEnd - 1;
            if (colon && !isAddressOrHasDots(bytes, pos, nameEnd)) {
                return false;
            }
        } else if (Ascii.isAt(bytes, next, end, ':')) {
            next = Ascii.skipBlanks(bytes, next + 1, end);
        }
        if (MessageCode.find(bytes, next, end) == MessageCode.NONE || !isHost(bytes, pos, nameEnd)) {
            return false;
        }
        hostOffset = hostWord.offset;
        hostLength = hostWord.length;
        behindHost = next;
        textOffset = next;
        return true;
    }

    private static boolean isAddressOrHasDots(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '.' || bytes[i] == ':') {
                return true;
            }
        }
        return false;
    }

    /** {@code %NAME:}, or {@code process[pid]: %CODE}. */
    private static boolean hasTagOfDevice(byte[] bytes, int pos, int end) {
        if (Ascii.isAt(bytes, pos, end, '%')) {
            return TagParser.isTag(bytes, pos, end);
        }
        if (!TagParser.isWithId(bytes, pos, end)) {
            return false;
        }
        int text = Ascii.skipBlanks(bytes, Ascii.wordEnd(bytes, pos, end), end);
        return MessageCode.isAt(bytes, text, end);
    }
}
