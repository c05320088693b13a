package org.loghost.rules;

/**
 * What stays of a log line when the time, the host and all that changes from line to line are left out: lines of one
 * template say the same about different things. Stateless.
 */
public final class LineTemplate {
    /** Longer lines are told apart by their start alone. */
    private static final int MOST_LOOKED_AT = 1_000;

    private LineTemplate() {}

    /**
     * The template of a line: a text for comparing, with {@code *} where something changes.
     *
     * @param line one byte per char (ISO 8859-1)
     */
    public static String of(String line) {
        int head = LineHead.of(line).length();
        int end = Math.min(line.length(), head + MOST_LOOKED_AT);
        StringBuilder template = new StringBuilder();
        for (LineTokens.Token token : LineTokens.of(line.substring(head, end))) {
            template.append(changes(token.type()) ? "*" : token.text());
        }
        return template.toString();
    }

    /** A rule takes users, paths and quoted text as they stand in its samples; the message is the same all the same. */
    private static boolean changes(LineTokens.Type type) {
        return type.changes()
                || type == LineTokens.Type.USER
                || type == LineTokens.Type.PATH
                || type == LineTokens.Type.QUOTED;
    }
}
