package org.loghost.parse;

import java.nio.charset.StandardCharsets;

/**
 * Writes one flat JSON object (RFC 8259) on one line. One owner thread.
 *
 * <p>Bytes that are valid UTF-8 stand as themselves; a byte that is not becomes the character of the same number
 * (Latin-1) as {@code \}{@code u00XX}, and so do control characters and the line separators of Unicode.
 */
final class JsonText {
    private final StringBuilder out = new StringBuilder("{");

    JsonText field(String key, long value) {
        key(key).append(value);
        return this;
    }

    JsonText field(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    JsonText field(String key, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return field(key, bytes, 0, bytes.length);
    }

    JsonText field(String key, byte[] bytes, int offset, int length) {
        key(key).append('"');
        int end = offset + length;
        int i = offset;
        while (i < end) {
            i += character(bytes, i, end);
        }
        out.append('"');
        return this;
    }

    /** The whole object; nothing may be added afterwards. */
    String end() {
        return out.append('}').toString();
    }

    private StringBuilder key(String key) {
        if (out.length() > 1) {
            out.append(", ");
        }
        return out.append('"').append(key).append("\": ");
    }

    private int character(byte[] bytes, int i, int end) {
        if (bytes[i] >= 0) {
            ascii((char) bytes[i]);
            return 1;
        }
        int length = ControlBytes.utf8Length(bytes, i, end);
        if (length == 0) {
            escape((char) (bytes[i] & 0xff));
            return 1;
        }
        String text = new String(bytes, i, length, StandardCharsets.UTF_8);
        char c = text.charAt(0);
        if (c < 0xa0 || c == '\u2028' || c == '\u2029') {
            escape(c);
        } else {
            out.append(text);
        }
        return length;
    }

    private void ascii(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c < ' ' || c == 0x7f) {
                    escape(c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private void escape(char c) {
        out.append("\\u").append(String.format("%04x", (int) c));
    }
}
