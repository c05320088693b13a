package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the rules of a set together: most into one automaton, the others each apart with a hint in the common one. */
final class Assembly {
    /** A backtracking matcher gives up on a line after this many steps: about two milliseconds. */
    private static final int STEP_LIMIT = 200_000;

    private static final long SMALLEST_SHARE = 64 << 10;
    private static final long LARGEST_SHARE = 1 << 20;

    private final List<Member> rules;
    private final long memory;
    private final MatchesPool pool = new MatchesPool();
    private final Nfa anchored = new Nfa();
    private final Nfa floating = new Nfa();
    private final List<Matches> acceptances = new ArrayList<>();

    Assembly(List<Member> rules, long memory) {
        this.rules = rules;
        this.memory = memory;
    }

    PatternSet build() {
        List<Member> apart = new ArrayList<>();
        Apartness apartness = new Apartness();
        for (Member rule : rules) {
            List<Branch> branches = Branch.of(rule.loosened());
            if (rule.backReferences() || apartness.needs(branches)) {
                for (Branch branch : branches) {
                    enter(apartness.hint(branch));
                }
                acceptances.add(new Matches(new int[0], new int[0], new int[] {apart.size()}));
                apart.add(rule);
            } else {
                branches.forEach(this::enter);
                acceptances.add(pool.intern(rule.outcome()));
            }
        }
        long share = apart.isEmpty() ? 0 : memory / 4 / apart.size();
        share = Math.max(SMALLEST_SHARE, Math.min(LARGEST_SHARE, share));
        Confirmation[] confirmations = new Confirmation[apart.size()];
        for (int i = 0; i < confirmations.length; i++) {
            confirmations[i] = confirmation(apart.get(i), share);
        }
        long rest = Math.max(memory / 2, memory - share * apart.size());
        long each = anchored.isEmpty() || floating.isEmpty() ? rest : rest / 2;
        return new PatternSet(common(anchored, each), common(floating, each), confirmations, pool, rules.size());
    }

    /** Two automata, because the states of one would be pairs of their states. */
    private void enter(Branch branch) {
        (branch.anchored() ? anchored : floating).add(branch, acceptances.size());
    }

    private @Nullable LazyDfa common(Nfa nfa, long budget) {
        return nfa.isEmpty() ? null : new LazyDfa(nfa, nfa.finish(), acceptances.toArray(Matches[]::new), pool, budget);
    }

    private Confirmation confirmation(Member rule, long share) {
        if (rule.backReferences()) {
            BackReferenceMatcher matcher =
                    new BackReferenceMatcher(rule.ast(), rule.ignoreCase(), rule.utf8(), STEP_LIMIT);
            return new Confirmation(rule, pool, null, matcher);
        }
        Nfa own = new Nfa();
        Branch.of(rule.ast()).forEach(branch -> own.add(branch, 0));
        LazyDfa dfa = new LazyDfa(own, own.finish(), new Matches[] {pool.intern(rule.outcome())}, pool, share);
        return new Confirmation(rule, pool, dfa, null);
    }
}
