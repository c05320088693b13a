package org.loghost.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Words in messages: the known word nearest to a misspelt one, and text that is safe on a terminal. */
final class Spelling {
    private static final int LONGEST_SHOWN = 80;

    private Spelling() {}

    /** The nearest by edits, when at most a third of the word has to change; null when none is near. */
    static @Nullable String nearest(String word, Collection<String> known) {
        String best = null;
        int least = Math.max(1, Math.min(3, word.length() / 3)) + 1;
        for (String candidate : known) {
            int edits = edits(word.replace('_', '-'), candidate);
            if (edits < least) {
                least = edits;
                best = candidate;
            }
        }
        return best;
    }

    /** Control characters as {@code \}{@code uXXXX}, long text cut. */
    static String escaped(String text) {
        return escaped(text, LONGEST_SHOWN);
    }

    /** The same, cut after so many characters. */
    static String escaped(String text, int longest) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        for (; i < text.length() && out.length() < longest; i++) {
            char c = text.charAt(i);
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR) {
                out.append(String.format("\\u%04X", (int) c));
            } else {
                out.append(c);
            }
        }
        return i < text.length() ? out.append('…').toString() : out.toString();
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
