package org.loghost.pattern;

import java.util.Arrays;

/**
 * The outcome for one line: which groups of a {@link PatternSet} match it, and the lowest rule of each.
 *
 * <p>Immutable, compared by content. Equal outcomes are usually the same object, which belongs to the set and may be
 * kept as long as wanted.
 */
public final class Matches {
    /** No group matches. */
    public static final Matches NONE = new Matches(new int[0], new int[0], new int[0]);

    /** Bytes of the object, of its arrays' heads, and of its place in the pool. */
    private static final int OBJECTS = 136;

    private final int[] groups;
    private final int[] rules;
    /** Numbers of rules the automaton cannot decide alone, which must be asked about this line; sorted. */
    private final int[] candidates;

    private final Matches certain;
    private final long firstGroups;
    private final int hash;

    /** The arrays are kept; {@code groups} is sorted and {@code rules} goes with it. */
    Matches(int[] groups, int[] rules, int[] candidates) {
        this.groups = groups;
        this.rules = rules;
        this.candidates = candidates;
        this.certain =
                candidates.length == 0 ? this : groups.length == 0 ? NONE : new Matches(groups, rules, new int[0]);
        long bits = 0;
        for (int group : groups) {
            bits |= group < 64 ? 1L << group : 0;
        }
        this.firstGroups = bits;
        this.hash = 31 * (31 * Arrays.hashCode(groups) + Arrays.hashCode(rules)) + Arrays.hashCode(candidates);
    }

    public boolean isEmpty() {
        return groups.length == 0;
    }

    public boolean has(int group) {
        return group < 64 ? group >= 0 && ((firstGroups >>> group) & 1) != 0 : index(group) >= 0;
    }

    /** The lowest number of a rule that matches in this group, or -1 when none does. */
    public int rule(int group) {
        int index = index(group);
        return index < 0 ? -1 : rules[index];
    }

    /** How many groups match. */
    public int count() {
        return groups.length;
    }

    /** The matching group at this index, from 0 to {@link #count()} - 1; they ascend. */
    public int group(int index) {
        return groups[index];
    }

    private int index(int group) {
        return Arrays.binarySearch(groups, group);
    }

    boolean hasCandidates() {
        return candidates.length != 0;
    }

    int[] candidates() {
        return candidates;
    }

    /** This outcome as far as it is certain. */
    Matches certain() {
        return certain;
    }

    /** Both outcomes together: of each group the lowest rule. */
    Matches and(Matches other) {
        int[] joined = union(groups, other.groups);
        int[] lowest = new int[joined.length];
        for (int i = 0; i < joined.length; i++) {
            int one = rule(joined[i]);
            int two = other.rule(joined[i]);
            lowest[i] = one < 0 ? two : two < 0 ? one : Math.min(one, two);
        }
        return new Matches(joined, lowest, union(candidates, other.candidates));
    }

    private static int[] union(int[] one, int[] two) {
        if (one.length == 0 || two.length == 0) {
            return one.length == 0 ? two : one;
        }
        int[] all = new int[one.length + two.length];
        int count = 0;
        int i = 0;
        int k = 0;
        while (i < one.length || k < two.length) {
            int next = k == two.length || (i < one.length && one[i] < two[k]) ? one[i] : two[k];
            i += i < one.length && one[i] == next ? 1 : 0;
            k += k < two.length && two[k] == next ? 1 : 0;
            all[count++] = next;
        }
        return count == all.length ? all : Arrays.copyOf(all, count);
    }

    /** About how many bytes it occupies. */
    int memory() {
        int arrays = 4 * (groups.length + rules.length + candidates.length);
        return OBJECTS + arrays + (candidates.length == 0 || groups.length == 0 ? 0 : OBJECTS);
    }

    @Override
    public boolean equals(Object object) {
        return this == object
                || (object instanceof Matches other
                        && hash == other.hash
                        && Arrays.equals(groups, other.groups)
                        && Arrays.equals(rules, other.rules)
                        && Arrays.equals(candidates, other.candidates));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Matches[");
        for (int i = 0; i < groups.length; i++) {
            text.append(i == 0 ? "" : ", ").append(groups[i]).append(':').append(rules[i]);
        }
        return text.append(']').toString();
    }
}
