package org.loghost.pattern;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decides one rule that the common automaton can only suggest: a rule with back-references, or one whose own automaton
 * would multiply the states of the common one. Safe from several threads.
 */
final class Confirmation {
    private final Member rule;
    private final Matches outcome;
    private final Matches undecided;
    private final @Nullable LazyDfa dfa;
    private final @Nullable BackReferenceMatcher matcher;
    private final LongAdder overLimit = new LongAdder();

    /** Exactly one of the two decides. */
    Confirmation(Member rule, MatchesPool pool, @Nullable LazyDfa dfa, @Nullable BackReferenceMatcher matcher) {
        this.rule = rule;
        this.outcome = pool.intern(rule.outcome());
        this.undecided = pool.intern(rule.undecidedOutcome());
        this.dfa = dfa;
        this.matcher = matcher;
    }

    Member rule() {
        return rule;
    }

    /** The outcome of a line as far as this rule is concerned. */
    Matches outcome(byte[] bytes, int offset, int length) {
        if (matcher == null) {
            return dfa != null && !dfa.match(bytes, offset, length).isEmpty() ? outcome : Matches.NONE;
        }
        return switch (matcher.match(bytes, offset, length)) {
            case YES -> outcome;
            case NO -> Matches.NONE;
            case OVER_LIMIT -> {
                overLimit.increment();
                yield undecided;
            }
        };
    }

    /** Whether it gives up on this line; not counted. */
    boolean givesUpOn(byte[] bytes, int offset, int length) {
        return matcher != null && matcher.match(bytes, offset, length) == BackReferenceMatcher.Outcome.OVER_LIMIT;
    }

    long overLimit() {
        return overLimit.sum();
    }

    @Nullable
    LazyDfa dfa() {
        return dfa;
    }
}
