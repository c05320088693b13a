package org.loghost.pattern;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * An immutable set of characters, as Unicode code points without the surrogates; {@link #ALL} alone holds {@link
 * #INVALID} too, which stands for each byte that is no part of a character in UTF-8.
 */
final class CharSet {
    /** Behind the last character. */
    static final int INVALID = 0x110000;

    static final CharSet NONE = new CharSet(new int[0]);
    /** Every character; what {@code .} matches. */
    static final CharSet ANY = where(c -> true);
    /** Every character and every byte that is none. */
    static final CharSet ALL = new CharSet(new int[] {0, 0xD800, 0xE000, INVALID + 1});

    private static final int ASCII = 128;

    /** Where membership changes, ascending: the first member, the first behind it that is none, and so on. */
    private final int[] edges;

    private final int hash;

    private CharSet(int[] edges) {
        this.edges = edges;
        this.hash = Arrays.hashCode(edges);
    }

    static CharSet where(IntPredicate holds) {
        int[] edges = new int[16];
        int count = 0;
        boolean inside = false;
        for (int c = 0; c <= INVALID; c++) {
            boolean member = c < INVALID && (c < 0xD800 || c >= 0xE000) && holds.test(c);
            if (member != inside) {
                edges = count == edges.length ? Arrays.copyOf(edges, count * 2) : edges;
                edges[count++] = c;
                inside = member;
            }
        }
        return new CharSet(Arrays.copyOf(edges, count));
    }

    static CharSet of(int value) {
        return new CharSet(new int[] {value, value + 1});
    }

    /** Both bounds belong to the range, which must not run backwards. */
    static CharSet range(int from, int to) {
        return new CharSet(new int[] {from, to + 1}).and(ANY);
    }

    /** Of characters in ascending order. */
    static CharSet of(int[] sorted, int count) {
        int[] edges = new int[2 * count];
        int last = 0;
        for (int i = 0; i < count; i++) {
            if (last > 0 && edges[last - 1] == sorted[i]) {
                edges[last - 1]++;
            } else {
                edges[last++] = sorted[i];
                edges[last++] = sorted[i] + 1;
            }
        }
        return new CharSet(Arrays.copyOf(edges, last));
    }

    /** As an item of a pattern. */
    Ast item() {
        return isAscii() ? new Ast.Bytes(ascii()) : new Ast.Chars(this);
    }

    CharSet or(CharSet other) {
        return combine(other, (one, two) -> one || two);
    }

    CharSet and(CharSet other) {
        return combine(other, (one, two) -> one && two);
    }

    /** Every other character. */
    CharSet negate() {
        return ANY.combine(this, (one, two) -> one && !two);
    }

    private interface Operation {
        boolean holds(boolean one, boolean two);
    }

    private CharSet combine(CharSet other, Operation operation) {
        int[] result = new int[edges.length + other.edges.length];
        int count = 0;
        int i = 0;
        int k = 0;
        boolean inside = false;
        while (i < edges.length || k < other.edges.length) {
            int one = i < edges.length ? edges[i] : Integer.MAX_VALUE;
            int two = k < other.edges.length ? other.edges[k] : Integer.MAX_VALUE;
            int at = Math.min(one, two);
            i += one == at ? 1 : 0;
            k += two == at ? 1 : 0;
            boolean member = operation.holds((i & 1) == 1, (k & 1) == 1);
            if (member != inside) {
                result[count++] = at;
                inside = member;
            }
        }
        return new CharSet(Arrays.copyOf(result, count));
    }

    boolean has(int value) {
        int index = Arrays.binarySearch(edges, value);
        return ((index >= 0 ? index : -index - 2) & 1) == 0;
    }

    /** What is no character beyond ASCII. */
    boolean isAscii() {
        return edges.length == 0 || edges[edges.length - 1] <= ASCII;
    }

    /** The members among ASCII. */
    ByteSet ascii() {
        ByteSet set = ByteSet.NONE;
        for (int c = 0; c < ASCII; c++) {
            set = has(c) ? set.with(c) : set;
        }
        return set;
    }

    /** How much of usual text the set takes, on the scale of {@link ByteSet#size}. */
    int width() {
        int members = 0;
        for (int i = 0; i < edges.length; i += 2) {
            members += edges[i + 1] - edges[i];
        }
        return Math.max(Math.min(1, members), ascii().size() + (members > INVALID / 2 ? ASCII : 0));
    }

    /** Adds each place where membership changes. */
    void addEdges(BitSet all) {
        for (int edge : edges) {
            all.set(edge);
        }
    }

    @Override
    public boolean equals(Object object) {
        return this == object
                || (object instanceof CharSet other && hash == other.hash && Arrays.equals(edges, other.edges));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
