package org.loghost.pattern;

/**
 * Walks one line through an automaton whose rows have different shapes. Inside a run the line is compared with a text,
 * and where a state loops, only the map from byte to column is read, so that the processor need not wait for one row to
 * know the next. No state of its own; safe from several threads.
 */
final class CompactWalk {
    private final LazyDfa dfa;

    CompactWalk(LazyDfa dfa) {
        this.dfa = dfa;
    }

    Matches walk(StateCache states, byte[] bytes, int at, int end) {
        int[] table = states.table();
        char[] maps = states.maps();
        MatchesPool pool = dfa.pool();
        Matches found = Matches.NONE;
        int next = states.start;
        int i = at;
        while (true) {
            if (next <= 0) {
                if (next == StateCache.DEAD) {
                    return found;
                }
                Matches outcome = states.outcome(table[-next + StateCache.ON_ENTRY]);
                if (outcome == null) {
                    return dfa.finish(states, -next, bytes, i, end, found);
                }
                found = pool.join(found, outcome);
                if (dfa.isBest(found)) {
                    return found;
                }
                next = -next;
            }
            int s = next;
            int shape = table[s + StateCache.SHAPE];
            if (shape > 0 && shape + 256 <= maps.length) {
                int from = i;
                do {
                    if (i == end) {
                        return atEnd(states, table, s, bytes, end, found);
                    }
                    next = table[s + maps[shape + (bytes[i++] & 0xff)]];
                } while (next == s);
                if (next == StateCache.UNKNOWN) {
                    return dfa.finish(states, s, bytes, Math.max(from, i - 1), end, found);
                }
            } else if (shape < 0) {
                int length = -shape;
                int k = 0;
                int most = Math.min(length, end - i);
                while (k < most && table[s + StateCache.LITERAL + k] - 1 == (bytes[i + k] & 0xff)) {
                    k++;
                }
                if (k == length) {
                    next = table[s + StateCache.FIRST];
                    if (next == StateCache.UNKNOWN) {
                        return dfa.finish(states, s, bytes, i, end, found);
                    }
                    i += length;
                } else if (k < most && table[s + StateCache.LITERAL + k] == 0) {
                    return dfa.finish(states, s, bytes, i, end, found);
                } else {
                    return found;
                }
            } else {
                return dfa.finish(states, s, bytes, i, end, found);
            }
        }
    }

    private Matches atEnd(StateCache states, int[] table, int s, byte[] bytes, int end, Matches found) {
        Matches outcome = states.outcome(table[s + StateCache.AT_END]);
        return outcome == null
                ? dfa.finish(states, s, bytes, end, end, found)
                : dfa.pool().join(found, outcome);
    }
}
