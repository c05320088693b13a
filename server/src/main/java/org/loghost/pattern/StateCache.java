package org.loghost.pattern;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One generation of the states of a {@link LazyDfa}: the table that readers walk without a lock, and what each state
 * stands for, which only the holder of the automaton's lock touches.
 *
 * <p>A state is the offset of its row in the table. Rows differ in width:
 *
 * <pre>
 *   [s]             0: where a reader ends up who cannot see the map of the row yet
 *   [s + ON_ENTRY]  outcome of reaching the state     0 not known here, 1 nothing, n + 2 outcomes[n]
 *   [s + AT_END]    outcome when the line ends here   the same
 *   [s + NUMBER]    the state's number, for the holder of the lock
 *   [s + SHAPE]     m &gt; 0: the column of byte b is maps[m + b];  -k: a run of k literal bytes
 *   [s + FIRST...]  by column, or first of all after a run: the next state
 *                   0 not known here, n &gt; 0 state n, DEAD, -n state n, which has an outcome on entry
 *   [s + LITERAL + i] of a run: its i-th byte, plus one
 * </pre>
 *
 * <p><b>Why readers need no lock.</b> Every entry of the table and of the maps is written once, from 0 to its final
 * value, under the lock. A reader that races sees 0 or the final value, and 0 means "ask under the lock", so stale
 * reads cost time and never truth. When an array grows it is copied, and readers that still hold the old one see its
 * zeros, or an offset beyond its end, which also means "ask". Outcomes have final fields, and a null means the same. A
 * generation is never cleared: a flush installs a new one, and a reader ends its line in the old.
 */
@SuppressWarnings("ReferenceEquality") // outcomes are interned; where not, only time is lost
final class StateCache {
    static final int UNKNOWN = 0;
    static final int DEAD = -1;
    static final int ON_ENTRY = 1;
    static final int AT_END = 2;
    static final int NUMBER = 3;
    static final int SHAPE = 4;
    static final int FIRST = 5;
    static final int LITERAL = 6;
    static final int NO_OUTCOME = 1;

    private static final int RECENT_OUTCOMES = 16;
    /** Arrays longer than this grow by a quarter only, so that little of the budget lies idle. */
    private static final int FEW = 1024;

    private final long budget;
    private final boolean compact;

    private volatile int[] table = new int[256];
    private volatile Matches[] outcomes = new Matches[4];
    private volatile char[] maps;

    private int tableEnd = FIRST;
    private int mapsEnd;
    private int outcomeCount;
    private long outcomeMemory;
    private int[] arena = new int[64];
    private int[] arenaStart = new int[16];
    private int[] contexts = new int[16];
    private int[] rows = new int[16];
    private int count;
    private int[] index = new int[32];

    /** Set once, by the generation's maker, before the generation is published. */
    int start;

    /** The map at offset 1 is the one given; a compact generation has rows of any shape, another one only wide rows. */
    StateCache(char[] map, long budget, boolean compact) {
        this.budget = budget;
        this.compact = compact;
        this.maps = new char[1 + 256];
        System.arraycopy(map, 0, maps, 1, 256);
        this.mapsEnd = maps.length;
    }

    boolean compact() {
        return compact;
    }

    int[] table() {
        return table;
    }

    char[] maps() {
        return maps;
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

    // What follows is called under the automaton's lock only.

    /** Bytes of all rows. */
    long tableMemory() {
        return 4L * tableEnd;
    }

    /** Bytes in use. */
    long memory() {
        return 4L * table.length
                + 2L * maps.length
                + 4L * (arena.length + index.length)
                + 12L * rows.length
                + 8L * outcomes.length
                + outcomeMemory;
    }

    /** A code for the outcome. */
    int code(Matches outcome) {
        if (outcome == Matches.NONE) {
            return NO_OUTCOME;
        }
        Matches[] seen = outcomes;
        for (int i = outcomeCount - 1; i >= Math.max(0, outcomeCount - RECENT_OUTCOMES); i--) {
            if (seen[i] == outcome) {
                return i + 2;
            }
        }
        if (outcomeCount == seen.length) {
            seen = Arrays.copyOf(seen, outcomeCount * 2);
        }
        seen[outcomeCount] = outcome;
        outcomeMemory += outcome.memory();
        outcomes = seen;
        return outcomeCount++ + 2;
    }

    /** The state for a set of places, or 0 when there is none yet. */
    int find(int[] set, int context) {
        int number = index[slot(set, context)];
        return number == 0 ? 0 : rows[number];
    }

    /** Whether a state of this width can be added within the budget, whatever arrays have to grow for it. */
    boolean hasRoomFor(int[] set, int width) {
        int arenaEnd = arenaStart[count + 1] + set.length;
        long growth = 4L * (grown(table.length, tableEnd + width) - table.length)
                + 4L * (grown(arena.length, arenaEnd) - arena.length)
                + (count + 2 >= rows.length ? 6L * rows.length : 0)
                + ((count + 1) * 2 > index.length ? 4L * index.length : 0)
                + (mapsEnd + 256 > maps.length ? Math.max(512L, maps.length) : 0)
                + (outcomeCount == outcomes.length ? 8L * outcomes.length : 0);
        return memory() + growth <= budget;
    }

    private static int grown(int length, int needed) {
        return needed > length ? capacity(length, needed) : length;
    }

    /** Makes a state with a row of {@code width} entries, zeros but for the outcome and the number. */
    int add(int[] set, int context, Matches onEntry, int width) {
        count++;
        remember(set, context);
        int state = tableEnd;
        tableEnd += width;
        int[] rowsOfAll = table;
        if (tableEnd > rowsOfAll.length) {
            rowsOfAll = Arrays.copyOf(rowsOfAll, capacity(rowsOfAll.length, tableEnd));
        }
        rowsOfAll[state + ON_ENTRY] = code(onEntry);
        rowsOfAll[state + NUMBER] = count;
        table = rowsOfAll;
        rows[count] = state;
        return state;
    }

    private void remember(int[] set, int context) {
        if (count + 1 >= rows.length) {
            int capacity = rows.length * 3 / 2;
            rows = Arrays.copyOf(rows, capacity);
            contexts = Arrays.copyOf(contexts, capacity);
            arenaStart = Arrays.copyOf(arenaStart, capacity);
        }
        int from = arenaStart[count];
        if (from + set.length > arena.length) {
            arena = Arrays.copyOf(arena, capacity(arena.length, from + set.length));
        }
        System.arraycopy(set, 0, arena, from, set.length);
        arenaStart[count + 1] = from + set.length;
        contexts[count] = context;
        if (count * 2 > index.length) {
            rehash();
        }
        index[slot(set, context)] = count;
    }

    private static int capacity(int old, int needed) {
        return Math.max(needed, old < FEW ? old * 2 : old + (old >> 2));
    }

    /** Keeps a map from byte to column and returns its offset. */
    int addMap(char[] map) {
        int offset = mapsEnd;
        mapsEnd += 256;
        char[] all = mapsEnd > maps.length ? Arrays.copyOf(maps, Math.max(mapsEnd, maps.length * 3 / 2)) : maps;
        System.arraycopy(map, 0, all, offset, 256);
        maps = all;
        return offset;
    }

    void put(int state, int column, int value) {
        table[state + column] = value;
    }

    int[] places(int state) {
        int number = table[state + NUMBER];
        return Arrays.copyOfRange(arena, arenaStart[number], arenaStart[number + 1]);
    }

    int context(int state) {
        return contexts[table[state + NUMBER]];
    }

    int states() {
        return count;
    }

    private int slot(int[] set, int context) {
        int hash = (Arrays.hashCode(set) * 31 + context) * 0x9E3779B9;
        int slot = hash >>> (Integer.numberOfLeadingZeros(index.length) + 1);
        while (index[slot] != 0 && !is(index[slot], set, context)) {
            slot = (slot + 1) & (index.length - 1);
        }
        return slot;
    }

    private boolean is(int number, int[] set, int context) {
        return contexts[number] == context
                && Arrays.equals(arena, arenaStart[number], arenaStart[number + 1], set, 0, set.length);
    }

    private void rehash() {
        index = new int[index.length * 2];
        for (int number = 1; number < count; number++) {
            int[] set = Arrays.copyOfRange(arena, arenaStart[number], arenaStart[number + 1]);
            index[slot(set, contexts[number])] = number;
        }
    }
}
