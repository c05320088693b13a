package org.loghost.parse;

import org.loghost.message.HostNames;

/**
 * Reads what follows the stamp of a message in the manner of RFC 3164 section 4.1.2: a host or none, then a tag or
 * none.
 *
 * <p>A word becomes the host only if it can be one ({@link HostWord}), is not in the closed list ({@link NotAHost}),
 * has text behind it, and the sender is not known to leave the host out. One owner thread.
 */
final class LegacyHeader {
    private static final byte[] FORWARDED_FROM = Ascii.bytes("Message forwarded from ");
    private static final byte[] FROM = Ascii.bytes("From ");
    /** Shorter words of digits alone are numbers; a container's name has twelve hex digits, and they may all be digits. */
    private static final int MIN_DIGITS_OF_HOST = 12;

    private final HostWord hostWord = new HostWord();
    private final CiscoHeader inner = new CiscoHeader();
    private final Rfc5424Parser inner5424 = new Rfc5424Parser();
    private final Stamp innerStamp = new Stamp();
    private final RareHost rareHost = new RareHost();
    private final HostNames names;

    /** @param names tells which words are hosts already */
    LegacyHeader(HostNames names) {
        this.names = names;
    }

    /**
     * Reads from the end of the stamp on.
     *
     * @param hostless the sender is known to put tags in the host's place
     */
    void parse(byte[] bytes, int stampEnd, int end, boolean hostless, ParsedMessage message) {
        boolean colon = Ascii.isAt(bytes, stampEnd, end, ':');
        int pos = Ascii.skipBlanks(bytes, colon ? stampEnd + 1 : stampEnd, end);
        if (isColonApart(bytes, pos, end)) { // "2026-11-22T06:30:00Z : %FTD-…"
            colon = true;
            pos = Ascii.skipBlanks(bytes, pos + 1, end);
        }
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        int next = Ascii.skipBlanks(bytes, wordEnd, end);
        // A colon behind the stamp, and seconds since the epoch, are forms without host as often as not.
        boolean doubtful = colon || message.stamp.epoch;
        if (next < end && isHost(bytes, pos, wordEnd, next, end, hostless, doubtful)) {
            host(bytes, next, end, message);
            return;
        }
        if (next < end
                && (rareHost(bytes, pos, wordEnd, next, end, message)
                        || deviceHost(bytes, pos, wordEnd, next, end, message)
                        || forwarded(bytes, pos, end, message))) {
            return;
        }
        boolean tag = !colon && pos < end && bytes[pos] != '%' && TagParser.isTag(bytes, pos, end);
        text(bytes, pos, end, colon, message);
        message.tagInHostPlace = tag && message.appNameLength > 0 && message.appNameOffset == pos;
    }

    /** {@code fw01: %ASA-…}, {@code sw01: 45: *Nov 22 06:30:00: …}: a name with a device's own header behind it. */
    private boolean deviceHost(byte[] bytes, int pos, int wordEnd, int next, int end, ParsedMessage message) {
        if (bytes[wordEnd - 1] != ':') {
            return false;
        }
        if (bytes[next] == '%' && isZone(bytes, pos, wordEnd - 1, next, end, message.stamp)) {
            text(bytes, next, end, true, message);
            return true;
        }
        if (!CiscoHeader.mayStartWithName(bytes, pos, end)
                || !inner.parse(bytes, pos, end, false, innerStamp)
                || inner.hostLength == 0) {
            return false;
        }
        boolean first = inner.hostOffset < wordEnd;
        parseDevice(bytes, first ? inner.behindHost : pos, inner.tagOffset, end, message);
        message.host(inner.hostOffset, inner.hostLength);
        return true;
    }

    /** {@code MEZ: %SYS-…}: behind a stamp with a fraction, or in capitals, the word is the device's name of its zone. */
    private static boolean isZone(byte[] bytes, int from, int to, int code, int end, Stamp stamp) {
        if (MessageCode.find(bytes, code, end) == MessageCode.NONE
                || MessageCode.isOfFirewall(bytes, code, end)
                || TimestampParser.isDateAt(bytes, stamp.start, end)) {
            return false;
        }
        int letters = CiscoStamp.lettersEnd(bytes, from, to);
        if (letters < to && bytes[letters] != '+' && bytes[letters] != '-') {
            return false;
        }
        boolean bare = letters == to;
        boolean capitals = to - from >= 3 && to - from <= 4 && CiscoStamp.isUpper(bytes, from, letters);
        return (!bare || capitals || stamp.fractionDigits > 0)
                && CiscoStamp.zone(bytes, from, end, stamp) != CiscoStamp.NONE;
    }

    private static boolean isColonApart(byte[] bytes, int pos, int end) {
        return Ascii.isAt(bytes, pos, end, ':') && Ascii.isAt(bytes, pos + 1, end, ' ');
    }

    private boolean rareHost(byte[] bytes, int pos, int wordEnd, int next, int end, ParsedMessage message) {
        if (message.stamp.epoch && MerakiKinds.contains(bytes, next, Ascii.wordEnd(bytes, next, end))) {
            message.format = Format.MERAKI;
            parseMeraki(bytes, pos, end, message);
            return true;
        }
        if (!rareHost.find(bytes, pos, wordEnd, next, end)) {
            return false;
        }
        message.host(rareHost.hostOffset, rareHost.hostLength);
        text(bytes, rareHost.textOffset, end, false, message);
        if (rareHost.nameLength > 0) {
            message.noTag(Ascii.skipBlanks(bytes, rareHost.textOffset + rareHost.nameLength, end));
        }
        message.originOffset = rareHost.originOffset;
        message.originLength = rareHost.originLength;
        return true;
    }

    /** Meraki behind its seconds since the epoch: host, kind of event, text. */
    void parseMeraki(byte[] bytes, int stampEnd, int end, ParsedMessage message) {
        int pos = Ascii.skipBlanks(bytes, stampEnd, end);
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        int next = Ascii.skipBlanks(bytes, wordEnd, end);
        if (next == end || !findHost(bytes, pos, wordEnd)) {
            text(bytes, pos, end, false, message);
            return;
        }
        message.host(hostWord.offset, hostWord.length);
        message.textOffset = next;
        int kindEnd = Ascii.wordEnd(bytes, next, end);
        message.noTag(Ascii.skipBlanks(bytes, kindEnd, end));
        message.appName(next, kindEnd);
    }

    /** Reads a text without any header in front: a tag or none. */
    void parseText(byte[] bytes, int pos, int end, ParsedMessage message) {
        if (rareHost.findSnare(bytes, pos, end)) {
            message.host(rareHost.hostOffset, rareHost.hostLength);
            text(bytes, rareHost.textOffset, end, false, message);
            return;
        }
        text(bytes, pos, end, false, message);
        if (message.appNameLength == 0) {
            TagParser.parseTopics(bytes, pos, end, message);
        }
    }

    /** Reads the text behind a device's header, the tag at {@code tag}. */
    void parseDevice(byte[] bytes, int pos, int tag, int end, ParsedMessage message) {
        message.textOffset = pos;
        message.noTag(pos);
        TagParser.parse(bytes, tag, end, message);
    }

    /** Finds a host in a word; one in brackets or with a dot behind it is looked at without them too. */
    private boolean findHost(byte[] bytes, int pos, int wordEnd) {
        return hostWord.find(bytes, pos, wordEnd)
                && !NotAHost.contains(bytes, pos, wordEnd)
                && (hostWord.length == wordEnd - pos
                        || !NotAHost.contains(bytes, hostWord.offset, hostWord.offset + hostWord.length));
    }

    private boolean isHost(byte[] bytes, int pos, int wordEnd, int next, int end, boolean hostless, boolean doubtful) {
        if (!findHost(bytes, pos, wordEnd)) {
            return false;
        }
        boolean number = wordEnd - pos < MIN_DIGITS_OF_HOST && Ascii.allDigits(bytes, pos, wordEnd);
        if (number || hostWord.doubt == HostWord.Doubt.NEEDS_ID) {
            return TagParser.isWithId(bytes, next, end);
        }
        if (doubtful || hostWord.doubt == HostWord.Doubt.NEEDS_TAG) {
            return TagParser.isTag(bytes, next, end);
        }
        return !hostless || isHostAmongTags(bytes, next, end);
    }

    /**
     * Of a sender that was seen to put a tag where the host belongs, which may well be a relay that let one line of its
     * own through: a word is a host when a tag follows, when it is an address, or when it is known as a host.
     */
    private boolean isHostAmongTags(byte[] bytes, int next, int end) {
        int offset = hostWord.offset;
        int to = offset + hostWord.length;
        return TagParser.isTag(bytes, next, end)
                || HostWord.isIpv4(bytes, offset, to)
                || HostWord.isIpv6(bytes, offset, to)
                || names.isKnown(bytes, offset, hostWord.length);
    }

    private void host(byte[] bytes, int next, int end, ParsedMessage message) {
        int offset = hostWord.offset;
        int length = hostWord.length;
        message.host(offset, length);
        int pos = next;
        boolean colon = isColonApart(bytes, pos, end); // "DEVICENAME : %ASA-…"
        if (colon) {
            pos = Ascii.skipBlanks(bytes, pos + 1, end);
        } else if (bytes[pos] == bytes[offset]) {
            pos = behindSameHost(bytes, pos, offset, length, end);
        }
        message.hostBeyondDoubt = text(bytes, pos, end, colon, message);
    }

    /** UniFi OS names itself twice. */
    private static int behindSameHost(byte[] bytes, int pos, int offset, int length, int end) {
        for (int i = 0; i < length; i++) {
            if (pos + i >= end || bytes[pos + i] != bytes[offset + i]) {
                return pos;
            }
        }
        int next = pos + length + 1;
        return Ascii.isAt(bytes, pos + length, end, ' ') && TagParser.isTag(bytes, next, end) ? next : pos;
    }

    /** {@code Message forwarded from HOST: } and {@code From HOST: } of AIX. */
    private boolean forwarded(byte[] bytes, int pos, int end, ParsedMessage message) {
        boolean inFull = Ascii.isAt(bytes, pos, end, FORWARDED_FROM);
        if (!inFull && !Ascii.isAt(bytes, pos, end, FROM)) {
            return false;
        }
        int word = pos + (inFull ? FORWARDED_FROM.length : FROM.length);
        int wordEnd = Ascii.wordEnd(bytes, word, end);
        if (wordEnd == word || bytes[wordEnd - 1] != ':' || !hostWord.find(bytes, word, wordEnd - 1)) {
            return false;
        }
        int text = Ascii.skipBlanks(bytes, wordEnd, end);
        if (!inFull && !TagParser.isTag(bytes, text, end)) {
            return false; // "From bob: hello" is somebody's text
        }
        message.host(hostWord.offset, hostWord.length);
        text(bytes, text, end, false, message);
        return true;
    }

    /** Reads the text from {@code pos} on; whether it begins with {@code name[id]}, which no free text does. */
    private boolean text(byte[] bytes, int pos, int end, boolean colon, ParsedMessage message) {
        message.textOffset = pos;
        message.noTag(pos);
        int code = Ascii.isAt(bytes, pos, end, '%') ? MessageCode.find(bytes, pos, end) : MessageCode.NONE;
        boolean tag = TagParser.parse(bytes, code == MessageCode.NONE ? pos : code, end, message);
        boolean withId = message.procIdLength > 0;
        if (!tag) {
            rareTag(bytes, pos, end, colon, message);
        } else if (!withId && mayBeHeader(bytes, message.messageOffset, end)) {
            behindDeviceHeader(bytes, pos, end, colon, message);
        } else if (!withId) {
            oddTag(bytes, pos, end, message);
        }
        return withId;
    }

    /** Whether what stands behind a word with a colon tells that the word is no program, but part of a header. */
    private static boolean mayBeHeader(byte[] bytes, int pos, int end) {
        return Ascii.isAt(bytes, pos, end, '%')
                ? MessageCode.isOfFirewall(bytes, pos, end)
                : CiscoHeader.mayStart(bytes, pos, end);
    }

    private static void oddTag(byte[] bytes, int pos, int end, ParsedMessage message) {
        int colon = message.appNameOffset + message.appNameLength;
        if (colon + 1 < end && bytes[colon + 1] != ' ') {
            int wordEnd = Ascii.wordEnd(bytes, colon, end);
            if (SeverityWord.hasFacility(bytes, pos, wordEnd)) { // "auth|security:info sshd[7]: …" of AIX
                message.noTag(pos);
                TagParser.parse(bytes, wordEnd + 1, end, message);
            }
        } else if (HostWord.isMacAndComma(bytes, pos, colon)) { // "0011b21628d1,U7-Pro-8.6.11+18870: hostapd[7]: …"
            int text = message.messageOffset;
            message.noTag(pos);
            TagParser.parse(bytes, text, end, message);
        }
    }

    /** Words with colons are no program when they begin a device's own header; the tag stands behind it. */
    private boolean behindDeviceHeader(byte[] bytes, int pos, int end, boolean colon, ParsedMessage message) {
        if (!inner.parse(bytes, pos, end, colon, innerStamp)) {
            return false;
        }
        message.noTag(pos);
        TagParser.parse(bytes, inner.tagOffset, end, message);
        return true;
    }

    private void rareTag(byte[] bytes, int pos, int end, boolean colon, ParsedMessage message) {
        if (pos >= end) {
            return;
        }
        if (CiscoHeader.mayStartWithName(bytes, pos, end) && behindDeviceHeader(bytes, pos, end, colon, message)) {
            return;
        }
        if (Ascii.isDigit(bytes[pos])) {
            int stamp = message.hostLength > 0 ? Rfc5424Parser.timestampOffset(bytes, pos, end) : -1;
            if (stamp >= 0 && inner5424.parseInner(bytes, stamp, end, message, innerStamp)) { // TrueNAS
                return;
            }
            if (behindAddress(bytes, pos, end, message)) {
                return;
            }
        } else if (Ascii.isUpper(bytes[pos])
                && (behindInnerHeader(bytes, pos, end, message) || behindSerial(bytes, pos, end, message))) {
            return;
        }
        TagParser.parseLoose(bytes, pos, end, message);
    }

    /** {@code 10.1.2.3 sched[0]: …}: a second name of the host. */
    private static boolean behindAddress(byte[] bytes, int pos, int end, ParsedMessage message) {
        int wordEnd = Ascii.wordEnd(bytes, pos, end);
        int next = wordEnd + 1;
        return HostWord.isIpv4(bytes, pos, wordEnd)
                && TagParser.isWithId(bytes, next, end)
                && TagParser.parse(bytes, next, end, message);
    }

    /** {@code FVE0000000000 (2026-05-10T09:49:05) firewall[10]: …} of WatchGuard: serial number and UTC. */
    private static boolean behindSerial(byte[] bytes, int pos, int end, ParsedMessage message) {
        int open = Ascii.wordEnd(bytes, pos, end) + 1;
        if (!Ascii.isAt(bytes, open, end, '(') || !TimestampParser.isDateAt(bytes, open + 1, end)) {
            return false;
        }
        int close = Ascii.wordEnd(bytes, open, end);
        return bytes[close - 1] == ')' && TagParser.parse(bytes, close + 1, end, message);
    }

    /** {@code Mmm dd hh:mm:ss host tag}: a relay kept the header it received. The outer one counts. */
    private boolean behindInnerHeader(byte[] bytes, int pos, int end, ParsedMessage message) {
        int after = TimestampParser.parse(bytes, pos, end, innerStamp);
        if (after == TimestampParser.NONE) {
            return false;
        }
        int word = Ascii.skipBlanks(bytes, after, end);
        int wordEnd = Ascii.wordEnd(bytes, word, end);
        int tag = hostWord.find(bytes, word, wordEnd) ? Ascii.skipBlanks(bytes, wordEnd, end) : word;
        TagParser.parseLoose(bytes, tag, end, message);
        return true;
    }
}
