package org.loghost.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one flat JSON object; fails on anything that is not one. */
final class JsonReader {
    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Map<String, String> read(String json) {
        JsonReader reader = new JsonReader(json);
        Map<String, String> fields = new LinkedHashMap<>();
        reader.expect("{");
        while (true) {
            String key = reader.string();
            reader.expect(": ");
            if (fields.put(key, reader.value()) != null) {
                throw new IllegalArgumentException("key twice: " + key);
            }
            if (reader.text.startsWith("}", reader.at)) {
                reader.expect("}");
                break;
            }
            reader.expect(", ");
        }
        if (reader.at != json.length()) {
            throw new IllegalArgumentException("text behind the object: " + json.substring(reader.at));
        }
        return fields;
    }

    private String value() {
        if (text.charAt(at) == '"') {
            return string();
        }
        int from = at;
        while (text.charAt(at) == '-' || Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private String string() {
        expect("\"");
        StringBuilder out = new StringBuilder();
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw new IllegalArgumentException("control character at " + at);
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = text.charAt(at++);
        if (c != 'u') {
            return c;
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private void expect(String what) {
        if (!text.startsWith(what, at)) {
            throw new IllegalArgumentException("at " + at + ": (expected: " + what + ") in " + text);
        }
        at += what.length();
    }
}
