package org.loghost.parse;

/**
 * Reads what follows {@code <PRI>VERSION SP} (RFC 5424 section 6): {@code TIMESTAMP HOSTNAME APP-NAME PROCID MSGID
 * STRUCTURED-DATA [MSG]}. A header that breaks off keeps what was read; the rest is the message, and the frame counts
 * as malformed.
 *
 * <p>One owner thread.
 */
final class Rfc5424Parser {
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final HostWord hostWord = new HostWord();

    /**
     * Whether a version of one to three digits (not 0), a blank and then {@code -} or a date stands at {@code pos}.
     *
     * @return where the time stamp starts, or -1
     */
    static int timestampOffset(byte[] bytes, int pos, int end) {
        int digits = Ascii.skipDigits(bytes, pos, end);
        if (digits == pos || digits - pos > 3 || bytes[pos] == '0' || !Ascii.isAt(bytes, digits, end, ' ')) {
            return -1;
        }
        int stamp = digits + 1;
        boolean nil = Ascii.isAt(bytes, stamp, end, '-') && Ascii.isAt(bytes, stamp + 1, end, ' ');
        return nil || TimestampParser.isDateAt(bytes, stamp, end) ? stamp : -1;
    }

    /** Reads a header whose time stamp starts at {@code pos} into the message. */
    void parse(byte[] bytes, int pos, int end, ParsedMessage message) {
        int after = stamp(bytes, pos, end, message.stamp);
        if (after < 0) {
            // The columns behind a stamp that is none cannot be trusted: all of it is text.
            message.malformed = true;
            message.textOffset = pos;
            message.messageOffset = pos;
            return;
        }
        message.format = Format.RFC5424;
        message.fromFields = true;
        columns(bytes, after, end, message);
    }

    /**
     * Reads the columns behind a relay's own header: the relay's stamp and host stay, the rest is taken.
     *
     * @return whether the header was complete; otherwise the message is as before
     */
    boolean parseInner(byte[] bytes, int pos, int end, ParsedMessage message, Stamp inner) {
        int after = stamp(bytes, pos, end, inner);
        if (after < 0 || !Ascii.isAt(bytes, after, end, ' ')) {
            return false;
        }
        int hostOffset = message.hostOffset;
        int hostLength = message.hostLength;
        int text = message.textOffset;
        columns(bytes, after, end, message);
        message.host(hostOffset, hostLength);
        message.originLength = 0;
        message.textOffset = text;
        if (message.malformed) {
            message.malformed = false;
            message.msgIdLength = 0;
            message.structuredDataLength = 0;
            message.noTag(text);
            return false;
        }
        message.rulesFromFields = true;
        return true;
    }

    private static int stamp(byte[] bytes, int pos, int end, Stamp stamp) {
        if (Ascii.isAt(bytes, pos, end, '-') && (pos + 1 == end || bytes[pos + 1] == ' ')) {
            stamp.clear();
            return pos + 1;
        }
        int after = TimestampParser.parseIso(bytes, pos, end, stamp);
        return after == TimestampParser.NONE || (after < end && bytes[after] != ' ') ? -1 : after;
    }

    /** {@code SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG]}. */
    private void columns(byte[] bytes, int from, int end, ParsedMessage message) {
        int pos = from;
        for (int column = 0; column < 4; column++) {
            int word = pos + 1;
            int wordEnd = Ascii.wordEnd(bytes, Math.min(word, end), end);
            if (wordEnd >= end || wordEnd == word) {
                breakOff(Math.min(word, end), message);
                return;
            }
            if (wordEnd - word > 1 || bytes[word] != '-') {
                take(bytes, column, word, wordEnd, message);
            }
            pos = wordEnd;
        }
        dataAndText(bytes, pos + 1, end, message);
    }

    private void take(byte[] bytes, int column, int from, int to, ParsedMessage message) {
        switch (column) {
            case 0 -> takeHost(bytes, from, to, message);
            case 1 -> message.appName(from, to);
            case 2 -> message.procId(from, to);
            default -> {
                message.msgIdOffset = from;
                message.msgIdLength = to - from;
            }
        }
    }

    private void takeHost(byte[] bytes, int from, int to, ParsedMessage message) {
        if (hostWord.find(bytes, from, to)) {
            message.host(hostWord.offset, hostWord.length);
        } else {
            message.malformed = true;
            message.originOffset = from;
            message.originLength = to - from;
        }
    }

    private static void dataAndText(byte[] bytes, int pos, int end, ParsedMessage message) {
        int after = pos;
        if (Ascii.isAt(bytes, pos, end, '-') && (pos + 1 == end || bytes[pos + 1] == ' ')) {
            after = pos + 1;
        } else {
            after = StructuredData.end(bytes, pos, end);
            if (after == StructuredData.MALFORMED || after == pos) {
                breakOff(pos, message);
                return;
            }
            message.structuredDataOffset = pos;
            message.structuredDataLength = after - pos;
        }
        if (after < end && bytes[after] != ' ') {
            message.malformed = true;
        }
        // More than one blank is a sender's habit (RSYSLOG_SyslogProtocol23Format); the line has exactly one.
        int text = Ascii.skipBlanks(bytes, after, end);
        message.messageOffset = Ascii.isAt(bytes, text, end, BOM) ? text + BOM.length : text;
    }

    private static void breakOff(int rest, ParsedMessage message) {
        message.malformed = true;
        message.messageOffset = rest;
    }
}
