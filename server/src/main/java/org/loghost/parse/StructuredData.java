package org.loghost.parse;

/**
 * The structured data of RFC 5424 section 6.3, read leniently: blanks inside the brackets and values without quotes
 * (VMware) are taken; a word in brackets without any value, such as {@code [preauth]}, is text unless its name is a
 * private one ({@code name@number}). Stateless.
 */
final class StructuredData {
    static final int MALFORMED = -1;

    private static final byte[][] REGISTERED = {
        Ascii.bytes("meta"), Ascii.bytes("origin"), Ascii.bytes("timeQuality"),
    };

    private StructuredData() {}

    /** The end of all elements that start at {@code from} without anything between them, or {@link #MALFORMED}. */
    static int end(byte[] bytes, int from, int end) {
        int pos = from;
        while (Ascii.isAt(bytes, pos, end, '[')) {
            pos = elementEnd(bytes, pos, end);
            if (pos == MALFORMED) {
                return MALFORMED;
            }
        }
        return pos;
    }

    /** {@code [SD-ID *(SP name="value")]}: the end of the element at {@code from}, or {@link #MALFORMED}. */
    static int elementEnd(byte[] bytes, int from, int end) {
        int id = Ascii.skipBlanks(bytes, from + 1, end);
        int pos = nameEnd(bytes, id, end);
        if (pos == id) {
            return MALFORMED;
        }
        if (Ascii.isAt(bytes, pos, end, ']')) {
            return isPrivate(bytes, id, pos) ? pos + 1 : MALFORMED;
        }
        int idEnd = pos;
        boolean values = false;
        while (pos < end && bytes[pos] == ' ') {
            int name = Ascii.skipBlanks(bytes, pos, end);
            if (Ascii.isAt(bytes, name, end, ']') && (values || isPrivate(bytes, id, idEnd))) {
                return name + 1;
            }
            int equals = nameEnd(bytes, name, end);
            if (equals == name || !Ascii.isAt(bytes, equals, end, '=')) {
                return MALFORMED;
            }
            pos = valueEnd(bytes, equals + 1, end);
            if (pos == MALFORMED) {
                return MALFORMED;
            }
            values = true;
        }
        return Ascii.isAt(bytes, pos, end, ']') ? pos + 1 : MALFORMED;
    }

    private static boolean isPrivate(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '@') {
                return true;
            }
        }
        return false;
    }

    /** Whether the element's ID is registered and carries nothing that a reader of the classic line misses. */
    static boolean isRegistered(byte[] bytes, int element, int end) {
        int id = Ascii.skipBlanks(bytes, element + 1, end);
        int idEnd = nameEnd(bytes, id, end);
        for (byte[] name : REGISTERED) {
            if (idEnd - id == name.length && Ascii.isAt(bytes, id, end, name)) {
                return true;
            }
        }
        return false;
    }

    private static int nameEnd(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && Ascii.isVisible(bytes[i]) && bytes[i] != '=' && bytes[i] != ']' && bytes[i] != '"') {
            i++;
        }
        return i;
    }

    private static int valueEnd(byte[] bytes, int from, int end) {
        if (!Ascii.isAt(bytes, from, end, '"')) {
            int i = from;
            while (i < end && bytes[i] != ' ' && bytes[i] != ']') {
                i++;
            }
            return i == from ? MALFORMED : i;
        }
        for (int i = from + 1; i < end; i++) {
            if (bytes[i] == '\\') {
                i++;
            } else if (bytes[i] == '"') {
                return i + 1;
            }
        }
        return MALFORMED;
    }
}
