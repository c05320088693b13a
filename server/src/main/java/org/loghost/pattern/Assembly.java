package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the rules of a set together: most into one automaton, the others each apart with a hint in the common one. */
final class Assembly {
    /** A backtracking matcher gives up on a line after this many steps: about two milliseconds. */
    private static final int STEP_LIMIT = 200_000;

    /** Of the memory, one part in so many is for outcomes; the automata apart get no more than leaves one half. */
    private static final int POOL_PART = 8;

    private static final long SMALLEST_POOL = 64 << 10;

    private final List<Member> rules;
    private final long memory;
    private final MatchesPool pool;
    private final Nfa anchored = new Nfa();
    private final Nfa floating = new Nfa();
    private final List<Matches> acceptances = new ArrayList<>();

    Assembly(List<Member> rules, long memory) {
        this.rules = rules;
        this.memory = memory;
        this.pool = new MatchesPool(Math.max(SMALLEST_POOL, memory / POOL_PART));
    }

    PatternSet build() {
        List<Member> apart = new ArrayList<>();
        Apartness apartness = new Apartness(!rules.isEmpty() && rules.get(0).utf8());
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
        long forApart = Math.min(memory / 2 - memory / POOL_PART, ApartMemory.useful(apart.size()));
        ApartMemory automata = new ApartMemory(forApart, pool);
        Confirmation[] confirmations = new Confirmation[apart.size()];
        for (int i = 0; i < confirmations.length; i++) {
            confirmations[i] = confirmation(apart.get(i), automata);
        }
        long rest = memory - forApart - memory / POOL_PART;
        long each = anchored.isEmpty() || floating.isEmpty() ? rest : rest / 2;
        return new PatternSet(
                common(anchored, each), common(floating, each), confirmations, automata, pool, rules.size());
    }

    /** Two automata, because the states of one would be pairs of their states. */
    private void enter(Branch branch) {
        (branch.anchored() ? anchored : floating).add(branch, acceptances.size());
    }

    private @Nullable LazyDfa common(Nfa nfa, long budget) {
        return nfa.isEmpty() ? null : new LazyDfa(nfa, nfa.finish(), acceptances.toArray(Matches[]::new), pool, budget);
    }

    private Confirmation confirmation(Member rule, ApartMemory automata) {
        if (rule.backReferences()) {
            BackReferenceMatcher matcher =
                    new BackReferenceMatcher(rule.ast(), rule.ignoreCase(), rule.utf8(), STEP_LIMIT);
            return new Confirmation(rule, pool, null, matcher);
        }
        return new Confirmation(rule, pool, new ApartAutomaton(rule, automata), null);
    }
}
