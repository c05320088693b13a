package org.loghost;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The little JSON that answers need (RFC 8259 section 7); everything beyond printable ASCII as its number. */
public final class Json {
    private Json() {}

    /** A text with its quotes. */
    public static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                json.append(c);
            } else {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return json.append('"').toString();
    }

    static String list(List<String> texts) {
        return texts.stream().map(Json::quoted).collect(Collectors.joining(",", "[", "]"));
    }
}
