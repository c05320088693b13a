package org.loghost.parse;

import org.loghost.message.Host;
import org.loghost.message.MessageBatch;

/**
 * Gives a parsed message its canonical line {@code Mmm dd hh:mm:ss host tag[pid]: text}: a slice of the frame where the
 * wire form already is that line, else rendered once behind the used bytes of the slab.
 *
 * <p>One owner thread; the fields tell where the last line lies.
 */
final class CanonicalLine {
    private static final int STAMP_AND_BLANK = TimestampParser.CANONICAL_LENGTH + 1;
    /** The stamp, the blanks and the punctuation around the fields: at most this many bytes besides the parts. */
    private static final int PUNCTUATION = STAMP_AND_BLANK + 12;
    /** Ends a line whose message was longer than the listener takes, or broke off. */
    private static final byte[] CUT = Ascii.bytes(" [cut]");

    private static final byte[] NONE = new byte[0];

    int offset;
    int length;

    private byte[] slab = NONE;
    private int at;
    private boolean cut;

    /**
     * The line of {@code message}, which lies in the batch's slab.
     *
     * @param stamp the 15 bytes of the stamp, when it is not already canonical in the frame
     * @param isCut whether the message lost its end, which the line then says
     */
    void write(MessageBatch batch, ParsedMessage message, Host host, byte[] stamp, boolean isCut) {
        cut = isCut;
        byte[] bytes = batch.slab();
        int from = firstPart(message);
        boolean clean = ControlBytes.find(bytes, from, message.end) == message.end;
        if (clean && !cut && isLineAlready(bytes, message, host)) {
            offset = message.stamp.start;
            length = message.end - offset;
            return;
        }
        begin(batch, message, host, stamp, (message.end - from) * (clean ? 1 : ControlBytes.GROWTH));
        if (message.fromFields) {
            fields(message, message.messageOffset, message.end);
        } else {
            origin(message);
            part(message.textOffset, message.end);
        }
        finish(batch, message.messageOffset == message.end);
    }

    /** The text that rules match, where it is another than the line; the fields tell where it lies. */
    void writeRuleText(MessageBatch batch, ParsedMessage message, Host host, byte[] stamp) {
        int messageFrom = message.ruleEnd > 0 ? message.ruleOffset : message.messageOffset;
        int messageEnd = message.ruleEnd > 0 ? message.ruleEnd : message.end;
        begin(batch, message, host, stamp, (message.end - firstPart(message)) * ControlBytes.GROWTH);
        if (message.fromFields || message.rulesFromFields) {
            fields(message, messageFrom, messageEnd);
        } else {
            origin(message);
            part(message.textOffset, message.messageOffset);
            part(messageFrom, messageEnd);
        }
        finish(batch, messageFrom == messageEnd);
    }

    /** A part as sent, or a copy of it with its control bytes escaped; the fields tell where it lies. */
    int harmless(MessageBatch batch, int from, int partLength) {
        offset = from;
        length = partLength;
        int end = from + partLength;
        if (ControlBytes.find(batch.slab(), from, end) < end) {
            offset = batch.reserve(partLength * ControlBytes.GROWTH);
            length = ControlBytes.escape(batch.slab(), from, end, batch.slab(), offset) - offset;
            batch.advance(length);
        }
        return offset;
    }

    /** Where the bytes start that go into the line, apart from stamp and host. */
    private static int firstPart(ParsedMessage message) {
        int first = message.fromFields ? message.messageOffset : message.textOffset;
        if (message.fromFields && message.structuredDataLength > 0) {
            first = message.structuredDataOffset;
        }
        if (message.fromFields && message.procIdLength > 0) {
            first = message.procIdOffset;
        }
        if (message.fromFields && message.appNameLength > 0) {
            first = message.appNameOffset;
        }
        return message.originLength > 0 ? Math.min(first, message.originOffset) : first;
    }

    /** Whether stamp, host and text stand one blank apart, and the host is spelt as the archive spells it. */
    private static boolean isLineAlready(byte[] bytes, ParsedMessage message, Host host) {
        int hostOffset = message.hostOffset;
        byte[] name = host.lineBytes();
        return message.stamp.canonical
                && !message.fromFields
                && message.hostLength == name.length
                && hostOffset == message.stamp.start + STAMP_AND_BLANK
                && message.textOffset == hostOffset + name.length + 1
                && Ascii.isAt(bytes, message.textOffset - 1, message.end, ' ')
                && Ascii.isAt(bytes, hostOffset, message.end, name);
    }

    private void begin(MessageBatch batch, ParsedMessage message, Host host, byte[] stamp, int textLength) {
        byte[] name = host.lineBytes();
        offset = batch.reserve(PUNCTUATION + CUT.length + name.length + textLength);
        slab = batch.slab();
        at = offset;
        if (message.stamp.canonical) {
            System.arraycopy(slab, message.stamp.start, slab, at, TimestampParser.CANONICAL_LENGTH);
        } else {
            System.arraycopy(stamp, 0, slab, at, TimestampParser.CANONICAL_LENGTH);
        }
        slab[at + TimestampParser.CANONICAL_LENGTH] = ' ';
        at += STAMP_AND_BLANK;
        System.arraycopy(name, 0, slab, at, name.length);
        at += name.length;
        put(' ');
    }

    /** Where nothing follows the host or the tag, the line does not end in a blank. */
    private void finish(MessageBatch batch, boolean empty) {
        if (empty && slab[at - 1] == ' ') {
            at--;
        }
        if (cut) {
            System.arraycopy(CUT, 0, slab, at, CUT.length);
            at += CUT.length;
        }
        length = at - offset;
        batch.advance(length);
        slab = NONE;
    }

    /** {@code [origin ]app[pid]: [private structured data ]message}. */
    private void fields(ParsedMessage message, int messageFrom, int messageEnd) {
        origin(message);
        if (message.appNameLength > 0 || message.procIdLength > 0) {
            tag(message);
        }
        if (message.structuredDataLength > 0) {
            privateData(message.structuredDataOffset, message.structuredDataOffset + message.structuredDataLength);
        }
        part(messageFrom, messageEnd);
    }

    private void origin(ParsedMessage message) {
        if (message.originLength > 0) {
            part(message.originOffset, message.originOffset + message.originLength);
            put(' ');
        }
    }

    private void tag(ParsedMessage message) {
        if (message.appNameLength > 0) {
            part(message.appNameOffset, message.appNameOffset + message.appNameLength);
        } else {
            put('-');
        }
        if (message.procIdLength > 0) {
            put('[');
            part(message.procIdOffset, message.procIdOffset + message.procIdLength);
            put(']');
        }
        put(':');
        put(' ');
    }

    private void privateData(int from, int end) {
        int element = from;
        boolean any = false;
        while (element < end) {
            int next = StructuredData.elementEnd(slab, element, end);
            if (!StructuredData.isRegistered(slab, element, end)) {
                part(element, next);
                any = true;
            }
            element = next;
        }
        if (any) {
            put(' ');
        }
    }

    private void part(int from, int to) {
        at = ControlBytes.escape(slab, from, to, slab, at);
    }

    private void put(char c) {
        slab[at++] = (byte) c;
    }
}
