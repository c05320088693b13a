package org.loghost.rules;

import org.jspecify.annotations.Nullable;

/** One line of a rule file that holds a pattern; {@code text} is one byte per char, trimmed. */
record RuleLine(
        RuleSource source, int line, String text, @Nullable String meaning) {

    RuleFault error(String what, String advice) {
        return new RuleFault(source.path(), line, RuleFault.Level.ERROR, what, advice);
    }

    RuleFault warning(String what, String advice) {
        return new RuleFault(source.path(), line, RuleFault.Level.WARNING, what, advice);
    }
}
