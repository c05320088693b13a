package org.loghost.parse;

import org.loghost.message.Pri;

/**
 * What {@link SyslogParser} recognised in one frame: offsets into the array it was given. A field that is absent has
 * the length 0. Reused for each message; one owner thread; valid until the next parse.
 */
final class ParsedMessage {
    final Stamp stamp = new Stamp();

    Format format = Format.HEADERLESS;
    int pri = Pri.DEFAULT;
    boolean malformed;

    /** The HOSTNAME as sent, without brackets. */
    int hostOffset;

    int hostLength;
    int appNameOffset;
    int appNameLength;
    int procIdOffset;
    int procIdLength;
    int msgIdOffset;
    int msgIdLength;
    int structuredDataOffset;
    int structuredDataLength;

    /** What stands in front of the tag in the line: a device's task or node, or a HOSTNAME that can be no host. */
    int originOffset;

    int originLength;

    /** Where the text behind the host starts, tag included, when the line takes it as sent. */
    int textOffset;

    /** Where the message behind the tag starts. */
    int messageOffset;

    /** The end of everything. */
    int end;

    /** The line is put together from the fields (RFC 5424), not from the text as sent. */
    boolean fromFields;

    /** The text that rules see is put together from the fields, although the line is not. */
    boolean rulesFromFields;

    /** Rules see {@code [ruleOffset, ruleEnd)} in the message's place when {@code ruleEnd} is above 0. */
    int ruleOffset;

    int ruleEnd;
    int repeat;

    /** A tag stood where the host belongs. */
    boolean tagInHostPlace;

    /** A host stood in its place beyond doubt: a tag with a process ID followed it. */
    boolean hostBeyondDoubt;

    void clear(int start, int newEnd) {
        stamp.clear();
        format = Format.HEADERLESS;
        pri = Pri.DEFAULT;
        malformed = false;
        hostOffset = 0;
        hostLength = 0;
        msgIdOffset = 0;
        msgIdLength = 0;
        structuredDataOffset = 0;
        structuredDataLength = 0;
        originOffset = 0;
        originLength = 0;
        textOffset = start;
        end = newEnd;
        fromFields = false;
        rulesFromFields = false;
        ruleOffset = 0;
        ruleEnd = 0;
        repeat = 1;
        tagInHostPlace = false;
        hostBeyondDoubt = false;
        noTag(start);
    }

    /** Forgets the tag; the message is all from {@code message} on. */
    void noTag(int message) {
        appNameOffset = 0;
        appNameLength = 0;
        procIdOffset = 0;
        procIdLength = 0;
        messageOffset = message;
    }

    void host(int offset, int length) {
        hostOffset = offset;
        hostLength = length;
    }

    void appName(int from, int to) {
        appNameOffset = from;
        appNameLength = to - from;
    }

    void procId(int from, int to) {
        procIdOffset = from;
        procIdLength = to - from;
    }
}
