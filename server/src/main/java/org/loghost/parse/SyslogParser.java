package org.loghost.parse;

import org.loghost.message.HostNames;
import org.loghost.message.Pri;

/**
 * From the bytes of one frame to a {@link ParsedMessage}: RFC 5424, RFC 3164 and what real devices send instead. A total
 * function: it never fails, whatever the bytes.
 *
 * <p>What cannot be understood is text. A broken PRI means that nothing of the header is trusted. One owner thread.
 */
final class SyslogParser {
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** How far from the receive time ten bare digits are still a time and not a number. */
    private static final long NEAR_SECONDS = 366 * CivilTime.DAY_SECONDS;

    private final Rfc5424Parser rfc5424 = new Rfc5424Parser();
    private final LegacyHeader legacy;
    private final CiscoHeader cisco = new CiscoHeader();
    private long receivedSecond;

    /** @param names tells which words are hosts already */
    SyslogParser(HostNames names) {
        this.legacy = new LegacyHeader(names);
    }

    /**
     * Parses {@code [from, end)}.
     *
     * @param hostless the sender is known to put tags in the host's place
     * @param receivedMillis when the bytes were read, milliseconds since the epoch
     */
    void parse(byte[] bytes, int from, int end, boolean hostless, long receivedMillis, ParsedMessage message) {
        receivedSecond = Math.floorDiv(receivedMillis, 1000L);
        int pos = start(bytes, from, end);
        message.clear(pos, end);
        int afterPri = pri(bytes, pos, end, message);
        if (afterPri < 0) {
            message.malformed = true;
            return;
        }
        header(bytes, afterPri, end, hostless, message);
        RuleText.unwrap(bytes, message);
    }

    /** A byte order mark is taken away, and so are blanks in front of the PRI (ASA over TCP). */
    private static int start(byte[] bytes, int from, int end) {
        if (from < end && bytes[from] == '<') {
            return from;
        }
        int pos = Ascii.isAt(bytes, from, end, BOM) ? from + BOM.length : from;
        int visible = Ascii.skipBlanks(bytes, pos, end);
        return Ascii.isAt(bytes, visible, end, '<') ? visible : pos;
    }

    /** {@code <0>} to {@code <191>}; leading zeros are forgiven. Returns where it ends, or -1 when it is broken. */
    private static int pri(byte[] bytes, int pos, int end, ParsedMessage message) {
        if (!Ascii.isAt(bytes, pos, end, '<')) {
            return pos;
        }
        int digits = Ascii.skipDigits(bytes, pos + 1, Math.min(end, pos + 4));
        if (digits == pos + 1 || !Ascii.isAt(bytes, digits, end, '>')) {
            return -1;
        }
        int pri = 0;
        for (int i = pos + 1; i < digits; i++) {
            pri = pri * 10 + (bytes[i] - '0');
        }
        if (pri > Pri.MAX) {
            return -1;
        }
        message.pri = pri;
        return digits + 1;
    }

    private void header(byte[] bytes, int from, int end, boolean hostless, ParsedMessage message) {
        int pos = Ascii.skipBlanks(bytes, from, end);
        boolean digit = pos < end && Ascii.isDigit(bytes[pos]);
        if (digit && from == pos) {
            int stamp = Rfc5424Parser.timestampOffset(bytes, pos, end);
            if (stamp >= 0 && rfc5424.parse(bytes, stamp, end, message)) {
                return;
            }
        }
        int after = TimestampParser.parse(bytes, pos, end, message.stamp);
        if (after != TimestampParser.NONE && isBelievable(bytes, after, end, message.stamp)) {
            message.format = Format.RFC3164;
            legacy.parse(bytes, after, end, hostless, message);
            return;
        }
        headerWithoutStampInFront(bytes, pos, end, message);
    }

    private void headerWithoutStampInFront(byte[] bytes, int pos, int end, ParsedMessage message) {
        int after = isMeraki(bytes, pos, end)
                ? TimestampParser.parse(bytes, pos + 2, end, message.stamp)
                : TimestampParser.NONE;
        if (after != TimestampParser.NONE && message.stamp.fractionDigits > 0) {
            message.format = Format.MERAKI;
            legacy.parseMeraki(bytes, after, end, message);
        } else if (CiscoHeader.mayStartWithName(bytes, pos, end)
                && cisco.parse(bytes, pos, end, false, message.stamp)) {
            message.format = Format.CISCO;
            legacy.parseDevice(bytes, cisco.textOffset, cisco.tagOffset, end, message);
            message.host(cisco.hostOffset, cisco.hostLength);
            message.originOffset = cisco.originOffset;
            message.originLength = cisco.originLength;
        } else {
            message.stamp.clear();
            legacy.parseText(bytes, pos, end, message);
        }
    }

    /**
     * Ten digits are a time when they are near to the receive time or have a fraction, or when host and tag follow;
     * otherwise an order's number, or whatever.
     */
    private boolean isBelievable(byte[] bytes, int after, int end, Stamp stamp) {
        if (!stamp.epoch || isNearOrExact(stamp)) {
            return true;
        }
        int word = Ascii.skipBlanks(bytes, after, end);
        int tag = Ascii.skipBlanks(bytes, Ascii.wordEnd(bytes, word, end), end);
        return tag < end && TagParser.isTag(bytes, tag, end);
    }

    private boolean isNearOrExact(Stamp stamp) {
        return stamp.fractionDigits > 0 || Math.abs(stamp.epochSecond - receivedSecond) <= NEAR_SECONDS;
    }

    /** {@code 1 1795329000.123456123 mx64 …}: looks like RFC 5424 and is not. */
    private static boolean isMeraki(byte[] bytes, int pos, int end) {
        return Ascii.isAt(bytes, pos, end, '1')
                && Ascii.isAt(bytes, pos + 1, end, ' ')
                && TimestampParser.isEpochAt(bytes, pos + 2, end);
    }
}
