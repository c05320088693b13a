package org.loghost.rules;

import java.nio.file.Path;

/**
 * Something wrong with a rule, a rule file or a rules folder. It never stops the rest of the rules.
 *
 * @param file the file or folder
 * @param line the line, from 1; 0 when the fault is not one line's
 * @param level whether something is out of use
 * @param what what was found
 * @param advice what to do
 */
public record RuleFault(Path file, int line, Level level, String what, String advice) {

    /** How bad it is. */
    public enum Level {
        /** The rule, file or folder is not used. */
        ERROR,
        /** It is used, perhaps not as meant. */
        WARNING
    }

    private static final int SHOWN = 80;

    /** A pattern as it may stand in a message: its start, with everything but printable ASCII escaped. */
    static String shown(String pattern) {
        StringBuilder text = new StringBuilder("\"");
        int end = Math.min(pattern.length(), SHOWN);
        for (int i = 0; i < end; i++) {
            char c = pattern.charAt(i);
            if (c >= ' ' && c <= '~') {
                text.append(c);
            } else {
                text.append("\\x").append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return text.append(pattern.length() > end ? "…\"" : "\"").toString();
    }

    /** One line: {@code file:line: level: what; advice}. */
    @Override
    public String toString() {
        String place = line == 0 ? file + ": " : file + ":" + line + ": ";
        return place + (level == Level.ERROR ? "error: " : "warning: ") + what + "; " + advice;
    }
}
