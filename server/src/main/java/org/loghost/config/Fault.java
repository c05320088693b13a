package org.loghost.config;

import java.nio.file.Path;

/**
 * One thing that is wrong in a configuration file.
 *
 * @param file the file
 * @param line its line, from 1; 0 when the fault is about the file as a whole
 * @param column its column, from 1; 0 when the fault is about the file as a whole
 * @param text what is wrong, the value first and then {@code (expected: …)}; control characters are escaped, and what
 *     is beyond some hundred characters is left out
 */
public record Fault(Path file, int line, int column, String text) {
    private static final int LONGEST = 500;

    /** Cuts and escapes the text. */
    public Fault {
        text = Spelling.escaped(text, LONGEST);
    }

    /** {@code file:line:column: text}, as compilers write it, so that editors jump there. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + text : file + ":" + line + ":" + column + ": " + text;
    }
}
