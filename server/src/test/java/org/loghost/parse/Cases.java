package org.loghost.parse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rows of {@code parse/cases.tsv}. */
final class Cases {
    private Cases() {}

    static List<Case> all() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(Cases.class.getResourceAsStream("/parse/cases.tsv"))) {
            String[] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            String[] columns = null;
            for (String line : lines) {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                String[] fields = line.split("\t", -1);
                if (columns == null) {
                    columns = fields;
                } else {
                    cases.add(row(columns, fields));
                }
            }
        }
        return cases;
    }

    private static Case row(String[] columns, String[] fields) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < columns.length; i++) {
            row.put(columns[i], i < fields.length ? fields[i] : "");
        }
        return new Case(row.get("shape"), row);
    }

    record Case(String shape, Map<String, String> columns) {
        byte[] raw() {
            return Frames.unescape(get("raw"));
        }

        String get(String column) {
            return columns.get(column);
        }

        @Override
        public String toString() {
            String text = get("raw");
            return shape + ": " + (text.length() > 80 ? text.substring(0, 80) + "…" : text);
        }
    }
}
