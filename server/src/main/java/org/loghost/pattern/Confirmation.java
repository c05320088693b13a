package org.loghost.pattern;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decides one rule that the common automaton can only suggest: a rule with back-references, or one whose own automaton
 * would multiply the states of the common one. Safe from several threads.
 */
final class Confirmation {
    private final Rule rule;
    private final Matches outcome;
    private final @Nullable LazyDfa dfa;
    private final @Nullable BackReferenceMatcher matcher;
    private final LongAdder overLimit = new LongAdder();

    Confirmation(Rule rule, Matches outcome, @Nullable LazyDfa dfa, @Nullable BackReferenceMatcher matcher) {
        this.rule = rule;
        this.outcome = outcome;
        this.dfa = dfa;
        this.matcher = matcher;
    }

    Rule rule() {
        return rule;
    }

    /** The outcome of a line this rule matches. */
    Matches outcome() {
        return outcome;
    }

    boolean confirms(byte[] bytes, int offset, int length) {
        if (matcher == null) {
            return dfa != null && !dfa.match(bytes, offset, length).isEmpty();
        }
        BackReferenceMatcher.Outcome decided = matcher.match(bytes, offset, length);
        if (decided == BackReferenceMatcher.Outcome.OVER_LIMIT) {
            overLimit.increment();
        }
        return decided == BackReferenceMatcher.Outcome.YES;
    }

    long overLimit() {
        return overLimit.sum();
    }

    @Nullable
    LazyDfa dfa() {
        return dfa;
    }
}
