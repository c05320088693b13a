package org.loghost.pattern;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A deterministic automaton whose states are made when a line first needs them; see the package's description.
 *
 * <p>Any number of threads may match at once. They walk the current {@link StateCache} without a lock and take the
 * lock to make a missing transition.
 */
@SuppressWarnings("ReferenceEquality") // outcomes are interned; where not, only time is lost
final class LazyDfa {
    /** A generation in which fewer bytes than this were walked for each transition made was not worth its making. */
    private static final int WORTHWHILE = 4;
    /** How many lines are simulated, without making states, after an unworthy generation. */
    private static final int SIMULATED_LINES = 2_000;

    /**
     * While all rows together are about as large as the processor's second cache, four lines at once through wide rows
     * take half the time of one after the other through narrow ones. Beyond that, waiting for memory costs more.
     */
    private static final long MOST_WIDE = 2 << 20;

    private static final int FEW_RULES = 64;
    /** How far a line goes on through known states before another thread may make some. */
    private static final int BYTES_UNDER_LOCK = 256;
    /** No outcome of a line is this object. */
    private static final Matches NEVER = new Matches(new int[0], new int[0], new int[0]);

    private final Nfa nfa;
    private final ByteClasses classes;
    private final int[] roots;
    private final Matches[] acceptances;
    private final Matches best;
    private final MatchesPool pool;
    private final long budget;
    /** The most bytes of wide rows where narrow ones are possible and pay: with one pattern they do not. */
    private final long mostWide;

    private final WideWalk wide;
    private final CompactWalk narrow;
    private final RowShape shape;

    private volatile StateCache cache;
    /** Whether the states have filled their memory at least once. */
    private volatile boolean overflowed;

    // Under the lock of this object:
    private final Stepper stepper;
    private final Deque<Stepper> spareSteppers = new ArrayDeque<>();
    /** Whether wide rows have become too large. */
    private boolean outgrown;

    private long transitionsMade;
    private long bytesWalked;
    private int linesToSimulate;
    private int flushes;
    private long simulated;

    /** {@code acceptances} by the acceptance numbers given to {@link Nfa#add}; the automaton must be complete. */
    LazyDfa(Nfa nfa, int[] roots, Matches[] acceptances, MatchesPool pool, long budget) {
        this.nfa = nfa;
        this.roots = roots;
        this.acceptances = acceptances;
        this.pool = pool;
        this.budget = budget;
        this.classes = new ByteClasses(nfa);
        this.mostWide = nfa.floats() || acceptances.length == 1 ? Long.MAX_VALUE : Math.min(MOST_WIDE, budget / 4);
        this.wide = new WideWalk(this, RowShape.wideMap(classes));
        this.narrow = new CompactWalk(this);
        this.shape = new RowShape(nfa, classes);
        this.stepper = new Stepper(nfa, classes);
        this.best = best(acceptances);
        this.cache = newCache();
    }

    /** The outcome after which nothing more can be learned. With many rules hardly a line reaches it: then none. */
    private Matches best(Matches[] all) {
        Matches sum = Matches.NONE;
        for (int i = 0; i < all.length && all.length <= FEW_RULES; i++) {
            sum = sum.and(all[i]);
        }
        return sum.equals(Matches.NONE) ? NEVER : pool.intern(sum);
    }

    Matches match(byte[] bytes, int offset, int length) {
        StateCache states = cache;
        return states.compact()
                ? narrow.walk(states, bytes, offset, offset + length)
                : wide.walk(states, states.table(), states.start, bytes, offset, offset + length);
    }

    /** Several lines, each outcome joined with what is in {@code out}. */
    void match(byte[] bytes, int[] offsets, int[] lengths, int from, int count, Matches[] out) {
        int limit = from + count;
        int next = from;
        while (next < limit) {
            StateCache states = cache;
            if (!states.compact() && limit - next >= WideWalk.LANES) {
                next = wide.lockstep(states, bytes, offsets, lengths, next, limit, out);
            } else {
                out[next] = pool.join(out[next], match(bytes, offsets[next], lengths[next]));
                next++;
            }
        }
    }

    /** The current generation of states. */
    StateCache states() {
        return cache;
    }

    boolean isBest(Matches found) {
        return found == best;
    }

    MatchesPool pool() {
        return pool;
    }

    /** The rest of a line from a state, making what is missing. What the state reports on entry is counted again. */
    Matches finish(StateCache states, int state, byte[] bytes, int at, int end, Matches matches) {
        Cursor cursor = new Cursor(states, state);
        Matches found = pool.join(matches, outcome(states, outcomeCode(states, state)));
        int i = at;
        while (i < end) {
            i = walkKnown(cursor, bytes, i, end);
            if (i == end) {
                break;
            }
            int next = next(cursor, bytes, i, end);
            if (next == StateCache.UNKNOWN) {
                return simulate(cursor, bytes, i, end, found);
            }
            if (next == StateCache.DEAD) {
                return found;
            }
            i += cursor.advance;
            cursor.state = Math.abs(next);
            if (next < 0) {
                found = pool.join(found, outcome(cursor.states, outcomeCode(cursor.states, cursor.state)));
            }
        }
        int code = end(cursor);
        return code == StateCache.UNKNOWN
                ? simulate(cursor, bytes, end, end, found)
                : pool.join(found, outcome(cursor.states, code));
    }

    private synchronized int outcomeCode(StateCache states, int state) {
        return states.table()[state + StateCache.ON_ENTRY];
    }

    @SuppressWarnings("NullAway") // under the lock an outcome that has a code is visible
    private synchronized Matches outcome(StateCache states, int code) {
        return states.outcome(code);
    }

    /** Follows the states that are there already, as far as nothing is to be made or reported, for some bytes. */
    private synchronized int walkKnown(Cursor cursor, byte[] bytes, int from, int end) {
        int[] table = cursor.states.table();
        char[] maps = cursor.states.maps();
        int limit = Math.min(end, from + BYTES_UNDER_LOCK);
        int at = from;
        while (at < limit && table[cursor.state + StateCache.SHAPE] > 0) {
            int next = table[cursor.state + maps[table[cursor.state + StateCache.SHAPE] + (bytes[at] & 0xff)]];
            if (next <= 0) {
                break;
            }
            cursor.state = next;
            at++;
        }
        bytesWalked += at - from;
        return at;
    }

    /**
     * The entry for the state after the byte at {@code i}, or after the run that begins there. Makes it if need be and
     * moves the cursor's generation on; 0 when nothing may be made just now.
     */
    private synchronized int next(Cursor cursor, byte[] bytes, int i, int end) {
        bytesWalked++;
        int[] table = cursor.states.table();
        int rowShape = table[cursor.state + StateCache.SHAPE];
        if (rowShape < 0) {
            cursor.advance = -rowShape;
            for (int k = 0; k < -rowShape; k++) {
                if (i + k == end || table[cursor.state + StateCache.LITERAL + k] - 1 != (bytes[i + k] & 0xff)) {
                    return StateCache.DEAD; // at the line's end too: a run has no outcome inside
                }
            }
            int next = table[cursor.state + StateCache.FIRST];
            return next != StateCache.UNKNOWN ? next : make(cursor);
        }
        cursor.advance = 1;
        int value = bytes[i] & 0xff;
        int next = table[cursor.state + cursor.states.maps()[rowShape + value]];
        return next != StateCache.UNKNOWN ? next : make(cursor, value);
    }

    /** The code of the outcome at the line's end; 0 when nothing may be made just now. */
    private synchronized int end(Cursor cursor) {
        int code = cursor.states.table()[cursor.state + StateCache.AT_END];
        if (code == StateCache.UNKNOWN && !simulating()) {
            StateCache states = current(cursor);
            code = states.code(accepted(stepper.end(states.places(cursor.state), states.context(cursor.state))));
            states.put(cursor.state, StateCache.AT_END, code);
        }
        return code;
    }

    /** Makes the state after a byte. */
    private int make(Cursor cursor, int value) {
        if (simulating()) {
            return StateCache.UNKNOWN;
        }
        StateCache states = current(cursor);
        int row = states.table()[cursor.state + StateCache.SHAPE];
        if (row < 0) {
            return StateCache.UNKNOWN; // another thread has made the rows narrow meanwhile
        }
        stepper.step(states.places(cursor.state), states.context(cursor.state), classes.table()[value]);
        return enter(cursor, states, states.maps()[row + value]);
    }

    /** Makes the state after a run. */
    private int make(Cursor cursor) {
        if (simulating()) {
            return StateCache.UNKNOWN;
        }
        StateCache states = current(cursor);
        int[] table = states.table();
        int[] places = states.places(cursor.state);
        for (int k = 0; k < -table[cursor.state + StateCache.SHAPE]; k++) {
            int value = table[cursor.state + StateCache.LITERAL + k] - 1;
            stepper.step(places, Ast.Context.OTHER, classes.table()[value]);
            places = stepper.places();
        }
        return enter(cursor, states, StateCache.FIRST);
    }

    /** Finds or makes the state for the places the stepper has reached, and notes it in the cursor's row. */
    private int enter(Cursor cursor, StateCache states, int column) {
        transitionsMade++;
        int[] target = stepper.places();
        int context = stepper.context();
        StateCache into = states;
        if (target.length > 0 && states.find(target, context) == 0) {
            if (!states.compact() && states.tableMemory() > mostWide) {
                outgrown = true;
                cache = newCache();
                into = current(cursor);
            }
            if (!states.hasRoomFor(target, shape.widest())) {
                overflowed = true;
                if (bytesWalked < WORTHWHILE * transitionsMade) {
                    linesToSimulate = SIMULATED_LINES;
                    return StateCache.UNKNOWN;
                }
                flush();
                into = current(cursor);
            }
        }
        int next = state(into, target, context);
        if (into == states) {
            into.put(cursor.state, column, next);
        }
        return next;
    }

    /** Whether states are not to be made for this line. */
    private boolean simulating() {
        if (linesToSimulate == 0) {
            return false;
        }
        if (--linesToSimulate == 0) {
            flush();
        }
        return true;
    }

    /** The current generation, with the cursor's state carried over into it. */
    private StateCache current(Cursor cursor) {
        StateCache states = cache;
        if (cursor.states != states) {
            int[] places = cursor.states.places(cursor.state);
            cursor.state = Math.abs(state(states, places, cursor.states.context(cursor.state)));
            cursor.states = states;
        }
        return states;
    }

    /** The state for these places as it stands in the table: negative when it has an outcome on entry. */
    private int state(StateCache states, int[] places, int context) {
        if (places.length == 0) {
            return StateCache.DEAD;
        }
        int state = states.find(places, context);
        if (state == 0) {
            RowShape.Row row = shape.of(places, context, stepper, states.compact());
            state = states.add(places, context, accepted(places), row.width());
            shape.write(states, state, row);
        }
        return states.table()[state + StateCache.ON_ENTRY] == StateCache.NO_OUTCOME ? state : -state;
    }

    private Matches accepted(int[] places) {
        Matches all = Matches.NONE;
        for (int node : places) {
            if (nfa.kind(node) == Nfa.ACCEPT) {
                all = pool.join(all, acceptances[nfa.arg(node)]);
            }
        }
        return all;
    }

    private void flush() {
        flushes++;
        transitionsMade = 0;
        bytesWalked = 0;
        cache = newCache();
    }

    private StateCache newCache() {
        shape.forget();
        StateCache states = new StateCache(RowShape.wideMap(classes), budget, outgrown);
        stepper.start(roots);
        int[] places = stepper.places();
        int context = stepper.context();
        // A state even when it is empty: lines start somewhere.
        RowShape.Row row = shape.of(places, context, stepper, states.compact());
        int state = states.add(places, context, accepted(places), row.width());
        shape.write(states, state, row);
        states.start = states.table()[state + StateCache.ON_ENTRY] == StateCache.NO_OUTCOME ? state : -state;
        return states;
    }

    /** The rest of a line without states: slower, but in bounded time and memory. */
    private Matches simulate(Cursor cursor, byte[] bytes, int at, int end, Matches matches) {
        int[] places;
        int context;
        Stepper mine;
        synchronized (this) {
            simulated++;
            places = cursor.states.places(cursor.state);
            context = cursor.states.context(cursor.state);
            mine = spareSteppers.isEmpty() ? new Stepper(nfa, classes) : spareSteppers.pop();
        }
        Matches found = matches;
        for (int i = at; i < end && places.length > 0 && found != best; i++) {
            mine.step(places, context, classes.table()[bytes[i] & 0xff]);
            places = mine.places();
            context = mine.context();
            found = pool.join(found, accepted(places));
        }
        found = pool.join(found, accepted(mine.end(places, context)));
        synchronized (this) {
            spareSteppers.push(mine);
        }
        return found;
    }

    synchronized long memoryUsed() {
        return cache.memory() + nfa.memory() + 4L * nfa.size() * (1 + spareSteppers.size());
    }

    boolean overflowed() {
        return overflowed;
    }

    synchronized int flushes() {
        return flushes;
    }

    /** How many lines, or ends of lines, were simulated because states did not pay. */
    synchronized long simulated() {
        return simulated;
    }

    synchronized int stateCount() {
        return cache.states();
    }

    /** Where a line stands that needs new states. One thread's. */
    private static final class Cursor {
        StateCache states;
        int state;
        /** How many bytes lie between the state and the next one. */
        int advance;

        Cursor(StateCache states, int state) {
            this.states = states;
            this.state = state;
        }
    }
}
