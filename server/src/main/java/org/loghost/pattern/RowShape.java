package org.loghost.pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides how the row of a new state looks. A state in which all that can follow is one literal text becomes a run; one
 * that tells only few kinds of bytes apart gets a narrow row; the others get one column for each byte class, a wide row.
 * Patterns that may begin anywhere need wide rows; the others get them as long as all rows together stay small.
 *
 * <p>Of five thousand rules that begin alike, nearly every state lies inside a single rule, and is a run or narrow. Used
 * under the automaton's lock; forgets its maps with each generation of states.
 */
final class RowShape {
    private static final int LONGEST_RUN = 64;
    private static final int SHORTEST_RUN = 2;
    private static final int MOST_MAPS = 2_000;
    private static final int WIDE_MAP = 1;

    private final Nfa nfa;
    private final ByteClasses classes;
    /** What bytes beyond ASCII are between characters. */
    private final List<ByteSet> firstBytes;

    private final Map<String, Integer> maps = new HashMap<>();

    RowShape(Nfa nfa, ByteClasses classes) {
        this.nfa = nfa;
        this.classes = classes;
        this.firstBytes =
                classes.decoder() == null ? List.of() : classes.decoder().firstBytes();
    }

    /** What a row needs; filled in by {@link #write}. */
    record Row(int width, String literal, String map, int columns) {}

    /** The map of wide rows. */
    static char[] wideMap(ByteClasses classes) {
        char[] map = new char[256];
        for (int value = 0; value < 256; value++) {
            map[value] = (char) (StateCache.FIRST + classes.table()[value]);
        }
        return map;
    }

    /** The most entries a row can have. */
    int widest() {
        return Math.max(StateCache.FIRST + classes.count(), StateCache.LITERAL + LONGEST_RUN);
    }

    void forget() {
        maps.clear();
    }

    Row of(int[] places, int context, Stepper stepper, boolean compact) {
        boolean betweenCharacters = context < Ast.Context.COUNT;
        if (compact && betweenCharacters) {
            String literal = literal(places, stepper);
            if (literal.length() >= SHORTEST_RUN) {
                return new Row(StateCache.LITERAL + literal.length(), literal, "", 0);
            }
            Row narrow = narrow(places);
            if (narrow.columns > 0 && narrow.columns < classes.count() / 2) {
                return narrow;
            }
        }
        return new Row(StateCache.FIRST + classes.count(), "", "", classes.count());
    }

    void write(StateCache states, int state, Row row) {
        if (!row.literal.isEmpty()) {
            for (int i = 0; i < row.literal.length(); i++) {
                states.put(state, StateCache.LITERAL + i, row.literal.charAt(i) + 1);
            }
            states.put(state, StateCache.AT_END, StateCache.NO_OUTCOME);
            states.put(state, StateCache.SHAPE, -row.literal.length());
        } else if (row.map.isEmpty()) {
            states.put(state, StateCache.SHAPE, WIDE_MAP);
        } else {
            int offset = maps.computeIfAbsent(row.map, map -> states.addMap(map.toCharArray()));
            states.put(state, StateCache.FIRST, StateCache.DEAD);
            states.put(state, StateCache.SHAPE, offset);
        }
    }

    /** The bytes that must follow, one after the other; none when there is a choice or something may happen. */
    private String literal(int[] places, Stepper stepper) {
        StringBuilder bytes = new StringBuilder();
        int[] at = places;
        while (at.length == 1 && nfa.kind(at[0]) == Nfa.BYTES && bytes.length() < LONGEST_RUN) {
            ByteSet set = nfa.set(at[0]);
            if (set.size() != 1) {
                break;
            }
            bytes.append((char) set.first());
            // No anchor is among the places, so what stood before does not matter.
            stepper.step(at, Ast.Context.OTHER, classes.table()[set.first()]);
            at = stepper.places();
        }
        return bytes.toString();
    }

    /** A row with one column for bytes that lead nowhere, and one for each kind of byte the places tell apart. */
    private Row narrow(int[] places) {
        List<ByteSet> sets = new ArrayList<>();
        boolean characters = false;
        for (int node : places) {
            if (nfa.kind(node) == Nfa.BYTES) {
                ByteSet set = nfa.set(node);
                if (!sets.contains(set)) {
                    sets.add(set);
                }
            } else if (nfa.kind(node) == Nfa.CHARS) {
                characters = true;
                ByteSet ascii = nfa.charSet(node).ascii();
                if (!sets.contains(ascii)) {
                    sets.add(ascii);
                }
            } else if (nfa.kind(node) == Nfa.ANCHOR && nfa.edge(node) != Ast.Edge.LINE_END) {
                return new Row(0, "", "", 0);
            }
        }
        if (maps.size() > MOST_MAPS || sets.size() > classes.count() / 2) {
            return new Row(0, "", "", 0);
        }
        if (characters) {
            sets.addAll(firstBytes);
        }
        // What a byte is to the conditions behind it matters too, not only where it leads.
        ByteClasses kinds = new ByteClasses(sets, nfa.wordEdges());
        int[] columnOf = new int[kinds.count()];
        int columns = 1;
        for (int kind = 0; kind < columnOf.length; kind++) {
            int value = kinds.representative(kind);
            boolean alive = sets.stream().anyMatch(set -> set.has(value));
            columnOf[kind] = alive ? columns++ : 0;
        }
        char[] map = new char[256];
        for (int value = 0; value < 256; value++) {
            map[value] = (char) (StateCache.FIRST + columnOf[kinds.table()[value]]);
        }
        return new Row(StateCache.FIRST + columns, "", new String(map), columns);
    }
}
