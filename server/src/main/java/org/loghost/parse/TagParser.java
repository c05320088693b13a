package org.loghost.parse;

/**
 * Finds the tag (RFC 3164 section 4.1.3) at the start of a text: {@code name:}, {@code name[id]:}, {@code name[id]},
 * and the forms that some devices use instead. What it finds names the program; the line and the rules see the whole
 * text whatever it decides.
 *
 * <p>Stateless.
 */
final class TagParser {
    private static final byte[][] SNARE = {
        Ascii.bytes("MSWinEventLog"),
        Ascii.bytes("GenericLog"),
        Ascii.bytes("LinuxKAudit"),
        Ascii.bytes("LinuxAudit"),
        Ascii.bytes("SolarisBSM"),
        Ascii.bytes("IISWebLog"),
        Ascii.bytes("AgentLog"),
    };
    private static final byte[] EVENT = Ascii.bytes("Event:");
    private static final byte[] CISCO_ISE = Ascii.bytes("CISE_");

    private static final boolean[] NAME_BYTES = nameBytes();

    private TagParser() {}

    /** Reads a tag at {@code pos} into the message's fields; false, with no field set, when there is none. */
    static boolean parse(byte[] bytes, int pos, int end, ParsedMessage message) {
        int nameEnd = nameEnd(bytes, pos, end);
        if (nameEnd == pos || nameEnd == end) {
            return false;
        }
        return switch (bytes[nameEnd]) {
            case ':' -> !NotAName.isAt(bytes, pos, nameEnd, end) && colon(bytes, pos, nameEnd, end, message);
            case '[' -> !NotAName.isAt(bytes, pos, nameEnd, end) && bracket(bytes, pos, nameEnd, end, message);
            case ' ' -> bytes[pos] == '%' && codeApart(bytes, pos, nameEnd, end, message);
            default -> false;
        };
    }

    /** {@code %FACILITY-SEVERITY-MNEMONIC : } of IOS XR. */
    private static boolean codeApart(byte[] bytes, int pos, int nameEnd, int end, ParsedMessage message) {
        return MessageCode.isAt(bytes, pos, end) && set(bytes, pos, nameEnd, nameEnd + 2, end, message);
    }

    /** As {@link #parse}, with the forms of two words and those without colon. */
    static boolean parseLoose(byte[] bytes, int pos, int end, ParsedMessage message) {
        if (parse(bytes, pos, end, message)) {
            return true;
        }
        int blank = Ascii.wordEnd(bytes, pos, end);
        if (blank > pos && SeverityWord.is(bytes, pos, blank)) { // "notice tmsh[16322]: …" of F5, "[INFO] app: …"
            return parse(bytes, blank + 1, end, message);
        }
        int wordEnd = nameEnd(bytes, pos, end);
        int snareEnd = snareEnd(bytes, pos, end);
        if (snareEnd > 0) {
            return set(bytes, pos, snareEnd, snareEnd + 1, end, message);
        }
        if (wordEnd == pos || !Ascii.isAt(bytes, wordEnd, end, ' ')) {
            return false;
        }
        if (Ascii.isAt(bytes, pos, wordEnd, CISCO_ISE)) {
            return set(bytes, pos, wordEnd, wordEnd, end, message);
        }
        int next = wordEnd + 1;
        if (Ascii.isAt(bytes, next, end, EVENT)) { // "WinFileService Event: …" of Synology
            return set(bytes, pos, next + EVENT.length - 1, next + EVENT.length, end, message);
        }
        if (!Ascii.allDigits(bytes, pos, wordEnd)) {
            return false;
        }
        int colon = nameEnd(bytes, next, end); // "00179 mgr: …" of ProCurve
        return colon > next
                && !Ascii.isDigit(bytes[next])
                && Ascii.isAt(bytes, colon, end, ':')
                && set(bytes, pos, colon, colon + 1, end, message);
    }

    /** The end of the program's name when {@code MSWinEventLog<TAB>} and the like of Snare stand at {@code pos}, or -1. */
    static int snareEnd(byte[] bytes, int pos, int end) {
        for (byte[] name : SNARE) {
            if (Ascii.isAt(bytes, pos, end, name) && Ascii.isAt(bytes, pos + name.length, end, '\t')) {
                return pos + name.length;
            }
        }
        return -1;
    }

    /** {@code system,info,account user …} of MikroTik: topics in front of a text that has no header at all. */
    static boolean parseTopics(byte[] bytes, int pos, int end, ParsedMessage message) {
        int i = pos;
        int commas = 0;
        while (i < end && (Ascii.isLower(bytes[i]) || (i > pos && bytes[i] == ','))) {
            commas += bytes[i] == ',' ? 1 : 0;
            i++;
        }
        return commas > 0 && Ascii.isAt(bytes, i, end, ' ') && set(bytes, pos, i, i, end, message);
    }

    /** Whether {@code name[id]} and then a colon, a blank or nothing stands at {@code pos}: no free text looks so. */
    static boolean isWithId(byte[] bytes, int pos, int end) {
        int nameEnd = nameEnd(bytes, pos, end);
        return nameEnd > pos && Ascii.isAt(bytes, nameEnd, end, '[') && idEnd(bytes, nameEnd, end) > 0;
    }

    /** Whether the tag at {@code pos} is one that {@link #parse} would take. */
    static boolean isTag(byte[] bytes, int pos, int end) {
        int nameEnd = nameEnd(bytes, pos, end);
        return nameEnd > pos
                && nameEnd < end
                && !NotAName.isAt(bytes, pos, nameEnd, end)
                && (bytes[nameEnd] == ':' || (bytes[nameEnd] == '[' && idEnd(bytes, nameEnd, end) > 0));
    }

    private static boolean colon(byte[] bytes, int pos, int colon, int end, ParsedMessage message) {
        return set(bytes, pos, colon, colon + 1, end, message);
    }

    private static boolean bracket(byte[] bytes, int pos, int open, int end, ParsedMessage message) {
        int close = idEnd(bytes, open, end);
        if (close < 0) {
            return unclosed(bytes, pos, open, end, message);
        }
        int after = close + 1;
        set(bytes, pos, open, Ascii.isAt(bytes, after, end, ':') ? after + 1 : after, end, message);
        message.procId(open + 1, close);
        return true;
    }

    /** {@code app[123: text}: the bracket belongs to the name. */
    private static boolean unclosed(byte[] bytes, int pos, int open, int end, ParsedMessage message) {
        int i = open;
        while (i < end && Ascii.isVisible(bytes[i]) && bytes[i] != ':' && bytes[i] != ']') {
            i++;
        }
        return Ascii.isAt(bytes, i, end, ':') && set(bytes, pos, i, i + 1, end, message);
    }

    private static boolean set(byte[] bytes, int from, int to, int after, int end, ParsedMessage message) {
        message.noTag(Ascii.skipBlanks(bytes, after, end));
        message.appName(from, to);
        return true;
    }

    /** Where the {@code ]} of {@code [id]} is, or -1. */
    private static int idEnd(byte[] bytes, int open, int end) {
        int i = open + 1;
        while (i < end && Ascii.isVisible(bytes[i]) && bytes[i] != ']') {
            i++;
        }
        if (!Ascii.isAt(bytes, i, end, ']') || i == open + 1) {
            return -1;
        }
        boolean last = i + 1 == end || bytes[i + 1] == ':' || bytes[i + 1] == ' ';
        return last ? i : -1;
    }

    private static int nameEnd(byte[] bytes, int pos, int end) {
        int i = pos;
        while (i < end && isNameByte(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Anything visible but what ends a tag, and but what only JSON, XML and {@code key=value} texts have there. */
    private static boolean isNameByte(byte b) {
        return NAME_BYTES[b & 0xff];
    }

    private static boolean[] nameBytes() {
        boolean[] table = new boolean[256];
        for (char c = '!'; c < table.length; c++) {
            table[c] = c != 0x7f && ":[]{}<>=\"".indexOf(c) < 0;
        }
        return table;
    }
}
