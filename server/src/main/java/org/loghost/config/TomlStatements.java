package org.loghost.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the statements of a TOML text begin: at the lines that are not within a string or a list. A look at each
 * character, made before anything is parsed, which also tells a text that would be too much for the parser.
 */
final class TomlStatements {
    /** Values and parts of lists; the parser takes up to a kilobyte for each. */
    private static final int MOST_VALUES = 20_000;
    /** Characters of one statement. */
    private static final int LONGEST = 32 * 1024;
    /** Brackets in brackets. */
    private static final int DEEPEST = 32;

    private final String text;
    private final List<Part> lines = new ArrayList<>();
    private int values;
    private int at;
    private int line = 1;
    private @Nullable String tooMuch;

    /**
     * Some whole statements.
     *
     * @param start of the first
     * @param end after the last
     * @param line of the first, from 1
     */
    record Part(int start, int end, int line) {}

    private TomlStatements(String text) {
        this.text = text;
    }

    static TomlStatements of(String text) {
        TomlStatements statements = new TomlStatements(text);
        while (statements.at < text.length() && statements.tooMuch == null) {
            statements.statement();
        }
        return statements;
    }

    /** What the parser would take too much memory for; null when it can have the text. */
    @Nullable
    String tooMuch() {
        return tooMuch;
    }

    /** Where the statements end that the parser can have. */
    int end() {
        return lines.isEmpty() ? 0 : lines.get(lines.size() - 1).end();
    }

    /** The text up to there in parts of at least that many characters, but for the last. */
    List<Part> parts(int size) {
        List<Part> parts = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < lines.size(); i++) {
            Part from = lines.get(first);
            Part to = lines.get(i);
            if (to.end() - from.start() >= size || i == lines.size() - 1) {
                parts.add(new Part(from.start(), to.end(), from.line()));
                first = i + 1;
            }
        }
        return parts;
    }

    private void statement() {
        int start = at;
        int firstLine = line;
        int depth = 0;
        int deepest = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                at++;
                line++;
                if (depth <= 0) {
                    break;
                }
            } else if (c == '#') {
                skipTo('\n');
            } else if (c == '"' || c == '\'') {
                string(c);
            } else {
                depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
                deepest = Math.max(deepest, depth);
                values += c == ',' || c == '=' || c == '[' || c == '{' || c == '.' ? 1 : 0;
                at++;
            }
        }
        check(firstLine, at - start, deepest);
        if (tooMuch == null) {
            lines.add(new Part(start, at, firstLine));
        }
    }

    private void check(int firstLine, int length, int deepest) {
        if (length > LONGEST) {
            tooMuch = "line " + firstLine + ": " + length + " characters in one statement (expected: at most " + LONGEST
                    + "; is a quote or a bracket not closed?)";
        } else if (deepest > DEEPEST) {
            tooMuch =
                    "line " + firstLine + ": brackets nested " + deepest + " deep (expected: at most " + DEEPEST + ")";
        } else if (values > MOST_VALUES) {
            tooMuch = "more than " + MOST_VALUES + " values (expected: fewer; is this a configuration?)";
        }
    }

    /** A string of one line ends with it, closed or not; one in triple quotes ends with three of them alone. */
    private void string(char quote) {
        String triple = String.valueOf(quote).repeat(3);
        if (text.startsWith(triple, at)) {
            at += 3;
            while (at < text.length() && !text.startsWith(triple, at)) {
                step(quote);
            }
            at = Math.min(at + 3, text.length());
            return;
        }
        at++;
        while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
            step(quote);
        }
        if (at < text.length() && text.charAt(at) == quote) {
            at++;
        }
    }

    private void step(char quote) {
        boolean escapes = quote == '"' && text.charAt(at) == '\\' && at + 1 < text.length();
        line += text.charAt(at) == '\n' ? 1 : 0;
        at++;
        if (escapes && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void skipTo(char end) {
        while (at < text.length() && text.charAt(at) != end) {
            at++;
        }
    }
}
