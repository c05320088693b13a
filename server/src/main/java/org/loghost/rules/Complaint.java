package org.loghost.rules;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Lint} has to say about a rule. Immutable.
 *
 * @param file the rule file
 * @param line the line, from 1; 0 when it is about the whole file
 * @param level whether the rule is out of use, or perhaps not what was meant
 * @param what what stands there
 * @param why what that means
 * @param instead what to write instead
 * @param witness a line that shows it, one byte per char; null when there is none at hand
 */
public record Complaint(
        Path file,
        int line,
        RuleFault.Level level,
        String what,
        String why,
        String instead,
        @Nullable String witness) {

    /** A fault that loading the rules finds as well. */
    static Complaint of(RuleFault fault) {
        return new Complaint(fault.file(), fault.line(), fault.level(), fault.what(), "", fault.advice(), null);
    }

    /** One line: {@code file:line: level: what, why; what to write instead}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file.toString());
        text.append(line == 0 ? ": " : ":" + line + ": ")
                .append(level == RuleFault.Level.ERROR ? "error: " : "warning: ")
                .append(what);
        if (!why.isEmpty()) {
            text.append(", ").append(why);
        }
        text.append("; ").append(instead);
        if (witness != null) {
            text.append(" (for example ").append(RuleFault.shown(witness)).append(')');
        }
        return text.toString();
    }
}
