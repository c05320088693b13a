package org.loghost.rules;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One rule in use: a pattern and where it stands. Immutable; any thread.
 *
 * @param id its number in its {@link RuleSet}, dense from 0, in the order in which the files are read
 * @param kind what a match does
 * @param file the file it stands in
 * @param source the file below its rules folder, for example {@code logcheck.violations.d/sshd}
 * @param line its line in the file, from 1
 * @param pattern the pattern, one byte per char (ISO 8859-1), without trailing blanks
 * @param meaning the {@code #:} lines directly above it, what a match means and what to do first, joined by newlines;
 *     null when there are none
 */
public record Rule(
        int id,
        Kind kind,
        Path file,
        String source,
        int line,
        String pattern,
        @Nullable String meaning) {

    /** What a match does. */
    public enum Kind {
        /** Puts a line into ACTIVE SYSTEM ATTACK. */
        ATTACK,
        /** Puts a line into Security Violations. */
        VIOLATION,
        /** Takes a line out of Security Violations. */
        VIOLATION_IGNORE,
        /** Takes a line out of Unusual System Activity. */
        IGNORE;

        /** Whether a match hides lines, so that a rule that matches everything must not be used. */
        public boolean hides() {
            return this == VIOLATION_IGNORE || this == IGNORE;
        }
    }

    /** What operators call it, for example {@code logcheck.violations.d/sshd:37}. */
    public String name() {
        return source + ":" + line;
    }
}
