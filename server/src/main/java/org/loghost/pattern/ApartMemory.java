package org.loghost.pattern;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the automata of rules matched apart exist: as many as their memory allows, and one at least. When others are asked for often
 * enough, all go, and those that lines ask for come back. Safe from several threads.
 */
final class ApartMemory {
    /** For the states of one automaton at first. Most need no more. */
    private static final long SMALLEST_SHARE = 8 << 10;

    private static final long LARGEST_SHARE = 1 << 20;
    /** How many times as much an automaton gets that has filled its share. */
    private static final int GROWTH = 4;
    /** What an automaton takes beside its states and nodes. */
    private static final long FIXED = 5 << 10;
    /** How many lines are simulated for each automaton that exists before all of them go. */
    private static final int PATIENCE = 1_000;

    private final long most;
    private final MatchesPool pool;
    private final Set<ApartAutomaton> existing = new HashSet<>();
    private long reserved;
    private long refused;

    /** With so many bytes for all of them. */
    ApartMemory(long most, MatchesPool pool) {
        this.most = most;
        this.pool = pool;
    }

    /** The most bytes that so many automata can make use of. */
    static long useful(int automata) {
        return automata * (LARGEST_SHARE + FIXED);
    }

    /** Makes this automaton if there is room for it. */
    synchronized @Nullable LazyDfa make(ApartAutomaton automaton) {
        LazyDfa made = automaton.dfa();
        if (made != null) {
            return made;
        }
        if (!hasRoom(SMALLEST_SHARE + FIXED) && ++refused > (long) PATIENCE * existing.size()) {
            existing.forEach(other -> other.use(null, 0));
            existing.clear();
            reserved = 0;
            refused = 0;
        }
        return hasRoom(SMALLEST_SHARE + FIXED) ? make(automaton, SMALLEST_SHARE) : null;
    }

    /** Makes it anew with room for more states, where there is room. */
    synchronized void enlarge(ApartAutomaton automaton) {
        long before = automaton.reserved();
        long share = Math.min(LARGEST_SHARE, before * GROWTH);
        if (existing.contains(automaton) && before < LARGEST_SHARE && hasRoom(share + before)) {
            existing.remove(automaton);
            reserved -= before;
            make(automaton, share);
        }
    }

    private boolean hasRoom(long bytes) {
        return reserved + bytes <= most || existing.isEmpty();
    }

    private @Nullable LazyDfa make(ApartAutomaton automaton, long share) {
        Nfa nfa = automaton.nfa();
        int[] roots = nfa.finish();
        long needed = share + FIXED + nfa.memory() + 4L * nfa.size();
        if (!hasRoom(needed)) {
            automaton.use(null, 0);
            return null;
        }
        LazyDfa made = new LazyDfa(nfa, roots, new Matches[] {pool.intern(automaton.outcome())}, pool, share);
        reserved += needed;
        existing.add(automaton);
        automaton.use(made, needed);
        return made;
    }

    /** Bytes that the automata occupy now. */
    synchronized long memoryUsed() {
        long sum = 0;
        for (ApartAutomaton automaton : existing) {
            LazyDfa dfa = automaton.dfa();
            sum += dfa == null ? 0 : dfa.memoryUsed() + FIXED;
        }
        return sum;
    }
}
