package org.loghost.parse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) for programs that ask loghost: one flat object on one line, and texts for what is put together by
 * hand. One owner thread.
 *
 * <p>Bytes that are valid UTF-8 stand as themselves; a byte that is not becomes the character of the same number
 * (Latin-1) as {@code \}{@code u00XX}, and so do control characters, and what of Unicode
 * separates lines, turns direction or cannot be seen.
 */
public final class JsonText {
    private final StringBuilder out = new StringBuilder("{");

    /** An object without fields. */
    public JsonText() {}

    /** A text in quotes (section 7). */
    public static String quoted(String text) {
        StringBuilder json = new StringBuilder();
        string(json, text);
        return json.toString();
    }

    /** An array of texts. */
    public static String list(List<String> texts) {
        return texts.stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    /** Adds a number. */
    public JsonText field(String key, long value) {
        key(key).append(value);
        return this;
    }

    /** Adds true or false. */
    public JsonText field(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    /** Adds a text, or null. */
    public JsonText field(String key, @Nullable String value) {
        key(key);
        if (value == null) {
            out.append("null");
        } else {
            string(out, value);
        }
        return this;
    }

    /** Adds received bytes as a text. */
    public JsonText field(String key, byte[] bytes, int offset, int length) {
        string(key(key), bytes, offset, offset + length);
        return this;
    }

    /** The whole object; nothing may be added afterwards. */
    public String end() {
        return out.append('}').toString();
    }

    private StringBuilder key(String key) {
        if (out.length() > 1) {
            out.append(", ");
        }
        return out.append('"').append(key).append("\": ");
    }

    private static void string(StringBuilder out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        string(out, bytes, 0, bytes.length);
    }

    private static void string(StringBuilder out, byte[] bytes, int from, int end) {
        out.append('"');
        int i = from;
        while (i < end) {
            i += character(out, bytes, i, end);
        }
        out.append('"');
    }

    private static int character(StringBuilder out, byte[] bytes, int i, int end) {
        if (bytes[i] >= 0) {
            ascii(out, (char) bytes[i]);
            return 1;
        }
        int length = ControlBytes.utf8Length(bytes, i, end);
        if (length == 0) {
            escape(out, (char) (bytes[i] & 0xff));
            return 1;
        }
        String text = new String(bytes, i, length, StandardCharsets.UTF_8);
        char c = text.charAt(0);
        if (c < 0xa0 || isInvisible(text.codePointAt(0))) {
            text.chars().forEach(unit -> escape(out, (char) unit));
        } else {
            out.append(text);
        }
        return length;
    }

    /** Line separators, marks of direction, joiners. */
    private static boolean isInvisible(int point) {
        int type = Character.getType(point);
        return type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT
                || type == Character.UNASSIGNED;
    }

    private static void ascii(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c < ' ' || c == 0x7f) {
                    escape(out, c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static void escape(StringBuilder out, char c) {
        out.append("\\u").append(String.format("%04x", (int) c));
    }
}
