package org.loghost.parse;

/**
 * Reads what follows {@code <PRI>VERSION SP} (RFC 5424 section 6): {@code TIMESTAMP HOSTNAME APP-NAME PROCID MSGID
 * STRUCTURED-DATA [MSG]}.
 *
 * <p>Many senders write the stamp and the host and then something else. The columns behind the host count only when all
 * of them are there, up to {@code -} or structured data in its place; otherwise what follows the host is text as sent, or
 * what follows {@code APP-NAME PROCID} where these two are beyond doubt. The frame then counts as malformed. No word is
 * lost either way.
 *
 * <p>One owner thread.
 */
final class Rfc5424Parser {
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int MAX_VERSION_DIGITS = 3;

    private final HostWord hostWord = new HostWord();

    // The columns of the header that is being read; each ends one before the next begins.
    private int app;
    private int procId;
    private int msgId;
    private int data;
    private int dataEnd;

    /**
     * Whether a version of one to three digits, a blank and then a date, or {@code -}, stands at {@code pos}. Version 0
     * occurs, with a date.
     *
     * @return where the time stamp starts, or -1
     */
    static int timestampOffset(byte[] bytes, int pos, int end) {
        int digits = Ascii.skipDigits(bytes, pos, end);
        if (digits == pos || digits - pos > MAX_VERSION_DIGITS || !Ascii.isAt(bytes, digits, end, ' ')) {
            return -1;
        }
        int stamp = digits + 1;
        boolean zero = bytes[pos] == '0';
        if (zero && digits - pos > 1) {
            return -1;
        }
        return TimestampParser.isDateAt(bytes, stamp, end) || (!zero && isNil(bytes, stamp, end)) ? stamp : -1;
    }

    /**
     * Reads a header whose time stamp starts at {@code pos} into the message.
     *
     * @return false when this is no header but a text that begins like one, such as {@code 1 - done}; the message is as
     *     before
     */
    boolean parse(byte[] bytes, int pos, int end, ParsedMessage message) {
        int after = stamp(bytes, pos, end, message.stamp);
        boolean nil = after >= 0 && !message.stamp.present;
        boolean unusable = after < 0;
        if (unusable) {
            after = Ascii.wordEnd(bytes, pos, end);
        }
        int host = after + 1;
        int hostEnd = Ascii.wordEnd(bytes, Math.min(host, end), end);
        boolean complete = hostEnd > host && hostEnd < end && findColumns(bytes, hostEnd + 1, end);
        if (nil && !complete) {
            return false;
        }
        if (unusable && !(complete && RareDates.isIsoForm(bytes, pos, after))) {
            // The columns behind a stamp that is none cannot be trusted: all of it is text.
            message.malformed = true;
            message.textOffset = pos;
            message.messageOffset = pos;
            return true;
        }
        message.malformed = unusable;
        message.format = Format.RFC5424;
        if (hostEnd == host || hostEnd >= end) {
            text(bytes, Ascii.skipBlanks(bytes, after, end), end, message);
            return true;
        }
        takeHost(bytes, host, hostEnd, complete, message);
        if (complete) {
            takeColumns(bytes, end, message);
        } else {
            breakOff(bytes, hostEnd + 1, end, message);
        }
        return true;
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
        int hostEnd = Ascii.wordEnd(bytes, after + 1, end);
        if (hostEnd == after + 1 || hostEnd == end || !findColumns(bytes, hostEnd + 1, end)) {
            return false;
        }
        takeColumns(bytes, end, message);
        message.fromFields = false;
        message.rulesFromFields = true;
        return true;
    }

    private static int stamp(byte[] bytes, int pos, int end, Stamp stamp) {
        if (isNil(bytes, pos, end)) {
            stamp.clear();
            return pos + 1;
        }
        int after = TimestampParser.parseIso(bytes, pos, end, stamp);
        if (after != TimestampParser.NONE && after < end && bytes[after] != ' ') {
            stamp.clear();
            return -1;
        }
        return after;
    }

    private void takeHost(byte[] bytes, int from, int to, boolean complete, ParsedMessage message) {
        if (isNil(bytes, from, to)) {
            return;
        }
        boolean word = hostWord.find(bytes, from, to)
                && !SeverityWord.is(bytes, from, to)
                && (complete || !NotAHost.contains(bytes, from, to));
        if (word) {
            message.host(hostWord.offset, hostWord.length);
        } else {
            message.malformed = true;
            message.originOffset = from;
            message.originLength = to - from;
        }
    }

    /**
     * {@code APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA}, the last ending at a blank or the end.
     *
     * @return whether all are there, as columns and not as words of a text; otherwise a column that was not reached is
     *     {@code end}
     */
    private boolean findColumns(byte[] bytes, int from, int end) {
        app = from;
        procId = next(bytes, app, end);
        msgId = next(bytes, procId, end);
        data = next(bytes, msgId, end);
        if (data == end) {
            return false;
        }
        dataEnd = isNil(bytes, data, end) ? data + 1 : StructuredData.end(bytes, data, end);
        if (dataEnd <= data || (dataEnd < end && bytes[dataEnd] != ' ')) {
            return false;
        }
        if (!isId(bytes, procId, msgId - 1) || !isId(bytes, msgId, data - 1)) {
            return false;
        }
        return isAppName(bytes, app, procId - 1)
                || (isTagWord(bytes) && isNil(bytes, msgId, end) && isNilOrNumber(bytes));
    }

    /** The start of the column behind the one at {@code from}, or {@code end} when there is none. */
    private static int next(byte[] bytes, int from, int end) {
        int wordEnd = Ascii.wordEnd(bytes, from, end);
        return wordEnd == from || wordEnd == end ? end : wordEnd + 1;
    }

    /** Of a program: neither a tag with its colon or brackets, nor the head of a CEF, LEEF or JSON text. */
    private static boolean isAppName(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '[' || b == '|' || b == '{') {
                return false;
            }
        }
        return bytes[to - 1] != ':';
    }

    /** PROCID or MSGID, and not a word of a text such as {@code full:} or {@code key="value"}. */
    private static boolean isId(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '"') {
                return false;
            }
        }
        return bytes[to - 1] != ':';
    }

    /** {@code name:} or {@code name[id]:} in the column of APP-NAME. */
    private boolean isTagWord(byte[] bytes) {
        for (int i = app; i < procId - 1; i++) {
            if (bytes[i] == '|' || bytes[i] == '{') {
                return false;
            }
        }
        return true;
    }

    private boolean isNilOrNumber(byte[] bytes) {
        return isNil(bytes, procId, msgId - 1) || Ascii.allDigits(bytes, procId, msgId - 1);
    }

    private void takeColumns(byte[] bytes, int end, ParsedMessage message) {
        message.fromFields = true;
        takeProgram(bytes, message);
        if (!isNil(bytes, msgId, data - 1)) {
            message.msgIdOffset = msgId;
            message.msgIdLength = data - 1 - msgId;
        }
        if (bytes[data] == '[') {
            message.structuredDataOffset = data;
            message.structuredDataLength = dataEnd - data;
        }
        // More than one blank is a sender's habit (RSYSLOG_SyslogProtocol23Format); the line has exactly one.
        int text = Ascii.skipBlanks(bytes, dataEnd, end);
        message.messageOffset = Ascii.isAt(bytes, text, end, BOM) ? text + BOM.length : text;
    }

    private void takeProgram(byte[] bytes, ParsedMessage message) {
        int appEnd = procId - 1;
        boolean withId = !isNil(bytes, procId, msgId - 1);
        message.noTag(procId);
        if (!isNil(bytes, app, appEnd)) {
            if (isAppName(bytes, app, appEnd)) {
                message.appName(app, appEnd);
            } else if (withId || !TagParser.parse(bytes, app, appEnd, message)) {
                message.appName(app, bytes[appEnd - 1] == ':' && appEnd - 1 > app ? appEnd - 1 : appEnd);
            }
        }
        if (withId) {
            message.procId(procId, msgId - 1);
        }
    }

    /** What stands behind the host is no complete header. */
    private void breakOff(byte[] bytes, int from, int end, ParsedMessage message) {
        boolean program = msgId < end && isAppName(bytes, app, procId - 1) && isNilOrNumber(bytes);
        boolean nilId = program && isNil(bytes, msgId, end);
        boolean named = program && !isNil(bytes, app, end);
        boolean withId = program && !isNil(bytes, procId, end);
        if (!(withId ? named : nilId)) {
            text(bytes, Ascii.skipBlanks(bytes, from, end), end, message);
            return;
        }
        message.malformed = true;
        message.fromFields = true;
        takeProgram(bytes, message);
        message.messageOffset = Ascii.skipBlanks(bytes, nilId ? msgId + 1 : msgId, end);
    }

    private static void text(byte[] bytes, int from, int end, ParsedMessage message) {
        message.malformed = true;
        message.textOffset = from;
        message.noTag(from);
        TagParser.parseLoose(bytes, from, end, message);
    }

    private static boolean isNil(byte[] bytes, int pos, int end) {
        return Ascii.isAt(bytes, pos, end, '-') && (pos + 1 == end || bytes[pos + 1] == ' ');
    }
}
