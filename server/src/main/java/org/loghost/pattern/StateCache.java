package org.loghost.pattern;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One generation of the states of a {@link LazyDfa}: the transition table that readers walk without a lock, and what
 * each state stands for, which only the holder of the automaton's lock touches.
 *
 * <p>A state is the offset of its row in the table. A row holds two outcomes and then one entry for each byte class:
 *
 * <pre>
 *   [state + ON_ENTRY]    outcome of reaching the state      0 not known here, 1 nothing, n + 2 outcomes[n]
 *   [state + AT_END]      outcome when the line ends here    the same
 *   [state + FIRST + c]   next state over byte class c       0 not known here, n &gt; 0 state n, DEAD,
 *                                                            -n state n, which has an outcome on entry
 * </pre>
 *
 * <p><b>Why readers need no lock.</b> Every table entry is an {@code int} that is written once, from 0 to its final
 * value, under the lock. A reader that races sees 0 or the final value and treats 0 as "ask under the lock", so stale
 * reads cost time and never truth. The row of a new state is zeros when its number becomes visible, which is the same
 * case. When the table grows it is copied, and readers that still hold the old array see its zeros. Outcomes have final
 * fields; a null seen by a race also means "ask". A generation is never cleared: a flush installs a new one, and a
 * reader finishes its line in the old.
 */
@SuppressWarnings("ReferenceEquality") // outcomes are interned; where not, only time is lost
final class StateCache {
    static final int UNKNOWN = 0;
    static final int DEAD = -1;
    static final int ON_ENTRY = 0;
    static final int AT_END = 1;
    static final int FIRST = 2;
    static final int NO_OUTCOME = 1;

    /** Estimated bytes per state beside its row and its places: array header, references, index slot. */
    private static final int OVERHEAD = 48;

    private final int stride;
    private final long budget;

    private volatile int[] table;
    private volatile Matches[] outcomes = new Matches[4];

    private int outcomeCount;
    private int[][] places = new int[16][];
    private byte[] contexts = new byte[16];
    private int count;
    private int[] index = new int[64];
    private long held;

    /** Set once, by the constructor of the generation's owner, before the generation is published. */
    int start;

    StateCache(int byteClasses, long budget) {
        this.stride = byteClasses + FIRST;
        this.budget = budget;
        this.table = new int[stride * 8];
    }

    int[] table() {
        return table;
    }

    /** The outcome behind a code, {@link Matches#NONE} for none, or null when this thread cannot see it yet. */
    @Nullable
    Matches outcome(int code) {
        if (code == NO_OUTCOME) {
            return Matches.NONE;
        }
        Matches[] seen = outcomes;
        return code - 2 >= 0 && code - 2 < seen.length ? seen[code - 2] : null;
    }

    /** Bytes in use. */
    long memory() {
        return 4L * table.length + held;
    }

    // What follows is called under the automaton's lock only.

    /** A code for the outcome. */
    int code(Matches outcome) {
        if (outcome == Matches.NONE) {
            return NO_OUTCOME;
        }
        Matches[] seen = outcomes;
        for (int i = 0; i < Math.min(outcomeCount, 64); i++) {
            if (seen[i] == outcome) {
                return i + 2;
            }
        }
        if (outcomeCount == seen.length) {
            seen = Arrays.copyOf(seen, outcomeCount * 2);
        }
        seen[outcomeCount] = outcome;
        outcomes = seen;
        held += 8;
        return outcomeCount++ + 2;
    }

    /** The state for a set of places, or 0 when there is none yet. */
    int find(int[] set, int context) {
        int slot = slot(set, context);
        return index[slot] == 0 ? 0 : index[slot] * stride;
    }

    /** Makes a state; false from {@link #hasRoomFor} says that this would exceed the budget. */
    int add(int[] set, int context, Matches onEntry) {
        count++;
        if (count >= places.length) {
            places = Arrays.copyOf(places, count * 2);
            contexts = Arrays.copyOf(contexts, count * 2);
        }
        places[count] = set;
        contexts[count] = (byte) context;
        if (count * 2 > index.length) {
            rehash();
        }
        index[slot(set, context)] = count;
        held += OVERHEAD + 4L * set.length;
        int state = count * stride;
        if (state + stride > table.length) {
            long most = Math.max((budget - held) / 4, state + stride);
            table = Arrays.copyOf(table, (int) Math.min(Math.min(2L * table.length, most), Integer.MAX_VALUE - 8));
        }
        table[state + ON_ENTRY] = code(onEntry);
        return state;
    }

    boolean hasRoomFor(int[] set) {
        long rows = Math.max(table.length, (count + 2L) * stride);
        return held + OVERHEAD + 4L * set.length + 4 * rows <= budget;
    }

    void put(int state, int column, int value) {
        table[state + column] = value;
    }

    int[] places(int state) {
        return places[state / stride];
    }

    int context(int state) {
        return contexts[state / stride];
    }

    int states() {
        return count;
    }

    private int slot(int[] set, int context) {
        int hash = (Arrays.hashCode(set) * 31 + context) * 0x9E3779B9;
        int slot = hash >>> (Integer.numberOfLeadingZeros(index.length) + 1);
        while (index[slot] != 0 && !(contexts[index[slot]] == context && Arrays.equals(places[index[slot]], set))) {
            slot = (slot + 1) & (index.length - 1);
        }
        return slot;
    }

    private void rehash() {
        index = new int[index.length * 2];
        for (int state = 1; state < count; state++) {
            index[slot(places[state], contexts[state])] = state;
        }
    }
}
