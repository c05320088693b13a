package org.loghost.pattern;

/**
 * Walks lines through an automaton whose rows are all wide, one or four lines at a time. No state of its own; safe from
 * several threads.
 */
final class WideWalk {
    static final int LANES = 4;

    private static final int LINE_DONE = 0;

    private final LazyDfa dfa;
    /** The column of a row to read, by byte value. */
    private final char[] columns;

    WideWalk(LazyDfa dfa, char[] columns) {
        this.dfa = dfa;
        this.columns = columns;
    }

    /** Goes on from {@code state} at {@code at}: a known state whose outcome on entry is not yet counted only at the start. */
    Matches walk(StateCache states, int[] table, int state, byte[] bytes, int at, int end) {
        MatchesPool pool = dfa.pool();
        char[] column = columns;
        Matches found = Matches.NONE;
        int s = state;
        if (s < 0) {
            s = -s;
            Matches outcome = states.outcome(table[s + StateCache.ON_ENTRY]);
            if (outcome == null) {
                return dfa.finish(states, s, bytes, at, end, found);
            }
            found = pool.join(found, outcome);
            if (dfa.isBest(found)) {
                return found;
            }
        }
        for (int i = at; i < end; i++) {
            int next = table[s + column[bytes[i] & 0xff]];
            if (next <= 0) {
                if (next == StateCache.DEAD) {
                    return found;
                }
                Matches outcome =
                        next == StateCache.UNKNOWN ? null : states.outcome(table[-next + StateCache.ON_ENTRY]);
                if (outcome == null) {
                    return dfa.finish(states, s, bytes, i, end, found);
                }
                found = pool.join(found, outcome);
                if (dfa.isBest(found)) {
                    return found;
                }
                next = -next;
            }
            s = next;
        }
        Matches outcome = states.outcome(table[s + StateCache.AT_END]);
        return outcome == null ? dfa.finish(states, s, bytes, end, end, found) : pool.join(found, outcome);
    }

    /**
     * Four lines at once, so that the processor waits for four rows at a time instead of one. A lane whose line ends, or
     * needs more than a plain transition, is seen to alone; the others stay as they are. Outcomes join what is in
     * {@code out}.
     *
     * @param limit the end of the lines; there must be four or more from {@code first} on
     * @return the first line not handled
     */
    int lockstep(StateCache states, byte[] bytes, int[] offsets, int[] lengths, int first, int limit, Matches[] out) {
        int[] table = states.table();
        int start = states.start;
        if (start < 0) {
            rest(states, table, start, bytes, offsets[first], offsets[first] + lengths[first], out, first);
            return first + 1;
        }
        char[] column = columns;
        int line0 = first;
        int line1 = first + 1;
        int line2 = first + 2;
        int line3 = first + 3;
        int next = first + LANES;
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
            if (next + LANES > limit || dfa.states() != states || states.table() != table) {
                break;
            }
            if (p0 == e0 || table[s0 + column[bytes[p0] & 0xff]] <= 0) {
                s0 = event(states, table, s0, bytes, p0++, e0, out, line0);
                if (s0 == LINE_DONE) {
                    line0 = next++;
                    s0 = start;
                    p0 = offsets[line0];
                    e0 = p0 + lengths[line0];
                }
            }
            if (p1 == e1 || table[s1 + column[bytes[p1] & 0xff]] <= 0) {
                s1 = event(states, table, s1, bytes, p1++, e1, out, line1);
                if (s1 == LINE_DONE) {
                    line1 = next++;
                    s1 = start;
                    p1 = offsets[line1];
                    e1 = p1 + lengths[line1];
                }
            }
            if (p2 == e2 || table[s2 + column[bytes[p2] & 0xff]] <= 0) {
                s2 = event(states, table, s2, bytes, p2++, e2, out, line2);
                if (s2 == LINE_DONE) {
                    line2 = next++;
                    s2 = start;
                    p2 = offsets[line2];
                    e2 = p2 + lengths[line2];
                }
            }
            if (p3 == e3 || table[s3 + column[bytes[p3] & 0xff]] <= 0) {
                s3 = event(states, table, s3, bytes, p3++, e3, out, line3);
                if (s3 == LINE_DONE) {
                    line3 = next++;
                    s3 = start;
                    p3 = offsets[line3];
                    e3 = p3 + lengths[line3];
                }
            }
        }
        rest(states, table, s0, bytes, p0, e0, out, line0);
        rest(states, table, s1, bytes, p1, e1, out, line1);
        rest(states, table, s2, bytes, p2, e2, out, line2);
        rest(states, table, s3, bytes, p3, e3, out, line3);
        return next;
    }

    /** Takes the one step that is not plain. Gives the state it leads to, or {@link #LINE_DONE}. */
    private int event(
            StateCache states, int[] table, int state, byte[] bytes, int at, int end, Matches[] out, int line) {
        int next = at == end ? StateCache.UNKNOWN : table[state + columns[bytes[at] & 0xff]];
        if (next > 0) {
            return next; // another thread has made this transition since it was last read
        }
        if (next == StateCache.DEAD) {
            return LINE_DONE;
        }
        Matches outcome = next == StateCache.UNKNOWN ? null : states.outcome(table[-next + StateCache.ON_ENTRY]);
        if (outcome == null) {
            rest(states, table, state, bytes, at, end, out, line);
            return LINE_DONE;
        }
        out[line] = dfa.pool().join(out[line], outcome);
        return -next;
    }

    private void rest(
            StateCache states, int[] table, int state, byte[] bytes, int at, int end, Matches[] out, int line) {
        out[line] = dfa.pool().join(out[line], walk(states, table, state, bytes, at, end));
    }
}
