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

    private static final int FEW_RULES = 64;
    /** No outcome of a line is this object. */
    private static final Matches NEVER = new Matches(new int[0], new int[0], new int[0]);

    private final Nfa nfa;
    private final ByteClasses classes;
    private final int[] roots;
    private final Matches[] acceptances;
    private final Matches best;
    private final MatchesPool pool;
    private final long budget;
    /** The column of a row to read, by byte value. */
    private final char[] columns = new char[256];

    private volatile StateCache cache;

    // Under the lock of this object:
    private final Stepper stepper;
    private final Deque<Stepper> spareSteppers = new ArrayDeque<>();
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
        this.classes = new ByteClasses(nfa.sets(), nfa.wordEdges());
        for (int value = 0; value < 256; value++) {
            columns[value] = (char) (StateCache.FIRST + classes.table()[value]);
        }
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
        return run(states, states.table(), states.start, bytes, offset, offset + length, Matches.NONE);
    }

    /** Goes on from {@code state} at {@code at}: a known state whose outcome on entry is not yet counted only at the start. */
    private Matches run(StateCache states, int[] table, int state, byte[] bytes, int at, int end, Matches matches) {
        char[] column = columns;
        Matches found = matches;
        int s = state;
        if (s < 0) {
            s = -s;
            Matches outcome = states.outcome(table[s + StateCache.ON_ENTRY]);
            if (outcome == null) {
                return finish(states, s, bytes, at, end, found);
            }
            found = pool.join(found, outcome);
            if (found == best) {
                return found;
            }
        }
        for (int i = at; i < end; i++) {
            int next = table[s + column[bytes[i] & 0xff]];
            if (next <= 0) {
                if (next == StateCache.DEAD) {
                    return found;
                }
                Matches outcome = next == StateCache.UNKNOWN ? null : states.outcome(table[-next]);
                if (outcome == null) {
                    return finish(states, s, bytes, i, end, found);
                }
                found = pool.join(found, outcome);
                if (found == best) {
                    return found;
                }
                next = -next;
            }
            s = next;
        }
        Matches outcome = states.outcome(table[s + StateCache.AT_END]);
        return outcome == null
                ? finish(states, s, bytes, end, end, found)
                : outcome == Matches.NONE ? found : pool.join(found, outcome);
    }

    /**
     * Four lines at once, so that the processor waits for four rows at a time instead of one. A lane whose line needs
     * more than a plain transition leaves the rest of that line to {@link #run}.
     */
    void match(byte[] bytes, int[] offsets, int[] lengths, int from, int count, Matches[] out) {
        int next = from;
        int limit = from + count;
        while (limit - next >= 4) {
            next = lockstep(bytes, offsets, lengths, next, limit, out);
        }
        for (; next < limit; next++) {
            out[next] = match(bytes, offsets[next], lengths[next]);
        }
    }

    /** Handles lines from {@code first} on and returns the first one not handled; there must be four or more. */
    private int lockstep(byte[] bytes, int[] offsets, int[] lengths, int first, int limit, Matches[] out) {
        StateCache states = cache;
        int[] table = states.table();
        int start = states.start;
        if (start < 0) {
            out[first] = match(bytes, offsets[first], lengths[first]);
            return first + 1;
        }
        char[] column = columns;
        int line0 = first;
        int line1 = first + 1;
        int line2 = first + 2;
        int line3 = first + 3;
        int next = first + 4;
        int s0 = start;
        int s1 = start;
        int s2 = start;
        int s3 = start;
        int p0 = offsets[line0];
        int p1 = offsets[line1];
        int p2 = offsets[line2];
        int p3 = offsets[line3];
        int e0 = p0 + lengths[line0];
        int e1 = p1 + lengths[line1];
        int e2 = p2 + lengths[line2];
        int e3 = p3 + lengths[line3];
        while (true) {
            int steps = Math.min(Math.min(e0 - p0, e1 - p1), Math.min(e2 - p2, e3 - p3));
            for (; steps > 0; steps--) {
                int n0 = table[s0 + column[bytes[p0] & 0xff]];
                int n1 = table[s1 + column[bytes[p1] & 0xff]];
                int n2 = table[s2 + column[bytes[p2] & 0xff]];
                int n3 = table[s3 + column[bytes[p3] & 0xff]];
                if (Math.min(Math.min(n0, n1), Math.min(n2, n3)) <= 0) {
                    break;
                }
                s0 = n0;
                s1 = n1;
                s2 = n2;
                s3 = n3;
                p0++;
                p1++;
                p2++;
                p3++;
            }
            // A lane at its end or before an event ends here; the others stay as they are.
            if (next + 4 > limit || cache != states || states.table() != table) {
                break;
            }
            if (p0 == e0 || table[s0 + column[bytes[p0] & 0xff]] <= 0) {
                out[line0] = run(states, table, s0, bytes, p0, e0, Matches.NONE);
                line0 = next++;
                s0 = start;
                p0 = offsets[line0];
                e0 = p0 + lengths[line0];
            }
            if (p1 == e1 || table[s1 + column[bytes[p1] & 0xff]] <= 0) {
                out[line1] = run(states, table, s1, bytes, p1, e1, Matches.NONE);
                line1 = next++;
                s1 = start;
                p1 = offsets[line1];
                e1 = p1 + lengths[line1];
            }
            if (p2 == e2 || table[s2 + column[bytes[p2] & 0xff]] <= 0) {
                out[line2] = run(states, table, s2, bytes, p2, e2, Matches.NONE);
                line2 = next++;
                s2 = start;
                p2 = offsets[line2];
                e2 = p2 + lengths[line2];
            }
            if (p3 == e3 || table[s3 + column[bytes[p3] & 0xff]] <= 0) {
                out[line3] = run(states, table, s3, bytes, p3, e3, Matches.NONE);
                line3 = next++;
                s3 = start;
                p3 = offsets[line3];
                e3 = p3 + lengths[line3];
            }
        }
        out[line0] = run(states, table, s0, bytes, p0, e0, Matches.NONE);
        out[line1] = run(states, table, s1, bytes, p1, e1, Matches.NONE);
        out[line2] = run(states, table, s2, bytes, p2, e2, Matches.NONE);
        out[line3] = run(states, table, s3, bytes, p3, e3, Matches.NONE);
        return next;
    }

    /** The rest of a line, making what is missing. */
    private Matches finish(StateCache states, int state, byte[] bytes, int at, int end, Matches matches) {
        Cursor cursor = new Cursor(states, state);
        Matches found = pool.join(matches, outcome(states, outcomeCode(states, state)));
        for (int i = at; i <= end; i++) {
            int column = i == end ? StateCache.AT_END : columns[bytes[i] & 0xff];
            int next = cursor.states.table()[cursor.state + column];
            if (next == StateCache.UNKNOWN) {
                next = make(cursor, column, i - at);
                if (next == StateCache.UNKNOWN) {
                    return simulate(cursor, bytes, i, end, found);
                }
            }
            if (next == StateCache.DEAD) {
                return found;
            }
            int code = i == end ? next : next < 0 ? outcomeCode(cursor.states, -next) : StateCache.NO_OUTCOME;
            found = pool.join(found, outcome(cursor.states, code));
            cursor.state = Math.abs(next);
        }
        return found;
    }

    private synchronized int outcomeCode(StateCache states, int state) {
        return states.table()[state + StateCache.ON_ENTRY];
    }

    @SuppressWarnings("NullAway") // under the lock an outcome that has a code is visible
    private synchronized Matches outcome(StateCache states, int code) {
        return states.outcome(code);
    }

    /** Makes the transition and moves the cursor's generation on if need be; 0 when nothing may be made just now. */
    private synchronized int make(Cursor cursor, int column, int walked) {
        bytesWalked += Math.max(1, walked - cursor.counted);
        cursor.counted = walked;
        if (linesToSimulate > 0) {
            if (--linesToSimulate == 0) {
                flush();
            }
            return StateCache.UNKNOWN;
        }
        StateCache states = current(cursor);
        int known = states.table()[cursor.state + column];
        if (known != StateCache.UNKNOWN) {
            return known;
        }
        transitionsMade++;
        int[] places = states.places(cursor.state);
        int context = states.context(cursor.state);
        if (column == StateCache.AT_END) {
            int code = states.code(accepted(stepper.end(places, context)));
            states.put(cursor.state, column, code);
            return code;
        }
        stepper.step(places, context, column - StateCache.FIRST);
        int[] target = stepper.places();
        int targetContext = stepper.context();
        if (target.length > 0 && states.find(target, targetContext) == 0 && !states.hasRoomFor(target)) {
            if (bytesWalked < WORTHWHILE * transitionsMade) {
                linesToSimulate = SIMULATED_LINES;
                return StateCache.UNKNOWN;
            }
            flush();
            states = current(cursor);
        }
        int next = state(states, target, targetContext);
        states.put(cursor.state, column, next);
        return next;
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
            state = states.add(places, context, accepted(places));
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
        StateCache states = new StateCache(classes.count(), budget);
        stepper.start(roots);
        int[] places = stepper.places();
        // A state even when it is empty: lines start somewhere.
        int state = states.add(places, stepper.context(), accepted(places));
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
            mine.step(places, context, columns[bytes[i] & 0xff] - StateCache.FIRST);
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

    synchronized int flushes() {
        return flushes;
    }

    /** How many lines, or ends of lines, were simulated because states did not pay. */
    synchronized long simulated() {
        return simulated;
    }

    synchronized int states() {
        return cache.states();
    }

    /** Where a line stands that needs new states. One thread's. */
    private static final class Cursor {
        StateCache states;
        int state;
        int counted;

        Cursor(StateCache states, int state) {
            this.states = states;
            this.state = state;
        }
    }
}
