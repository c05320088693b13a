package org.loghost.report;

/** Our own words in lines of at most 78 columns; received lines never come here. */
final class Wrapped {
    static final int COLUMNS = 78;

    private Wrapped() {}

    /**
     * Appends a paragraph, broken at blanks; a word that is longer than a line (a path) stays whole.
     *
     * @param first stands before the first line
     * @param indent stands before the others
     */
    static void append(StringBuilder out, String first, String indent, String text) {
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.strip().split(" +", -1)) {
            if (!empty && line.length() + 1 + word.length() > COLUMNS) {
                out.append(line).append('\n');
                line.setLength(0);
                line.append(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
