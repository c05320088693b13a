package org.loghost.pattern;

import org.jspecify.annotations.Nullable;

/**
 * The automaton of one rule that is matched apart, made when a line first asks for it. While there is no room for it
 * among the others, lines are simulated. Safe from several threads.
 */
final class ApartAutomaton {
    private final Member rule;
    private final ApartMemory memory;
    /** Set and cleared by {@link ApartMemory}. */
    private volatile @Nullable LazyDfa dfa;
    /** Bytes reserved for it and its states; under the lock of {@link ApartMemory}. */
    private long reserved;

    ApartAutomaton(Member rule, ApartMemory memory) {
        this.rule = rule;
        this.memory = memory;
    }

    boolean matches(byte[] bytes, int offset, int length) {
        LazyDfa known = dfa;
        if (known == null) {
            known = memory.make(this);
        }
        if (known == null) {
            return simulate(bytes, offset, length);
        }
        boolean matches = !known.match(bytes, offset, length).isEmpty();
        if (known.overflowed()) {
            memory.enlarge(this);
        }
        return matches;
    }

    Nfa nfa() {
        Nfa nfa = new Nfa();
        Branch.of(rule.ast()).forEach(branch -> nfa.add(branch, 0));
        return nfa;
    }

    Matches outcome() {
        return rule.outcome();
    }

    @Nullable
    LazyDfa dfa() {
        return dfa;
    }

    long reserved() {
        return reserved;
    }

    void use(@Nullable LazyDfa made, long bytes) {
        dfa = made;
        reserved = bytes;
    }

    private boolean simulate(byte[] bytes, int offset, int length) {
        Nfa nfa = nfa();
        int[] roots = nfa.finish();
        ByteClasses classes = new ByteClasses(nfa);
        Stepper stepper = new Stepper(nfa, classes);
        stepper.start(roots);
        int[] places = stepper.places();
        for (int i = offset; i < offset + length && !accepts(nfa, places); i++) {
            stepper.step(places, stepper.context(), classes.table()[bytes[i] & 0xff]);
            places = stepper.places();
        }
        return accepts(nfa, places) || accepts(nfa, stepper.end(places, stepper.context()));
    }

    private static boolean accepts(Nfa nfa, int[] places) {
        for (int node : places) {
            if (nfa.kind(node) == Nfa.ACCEPT) {
                return true;
            }
        }
        return false;
    }
}
