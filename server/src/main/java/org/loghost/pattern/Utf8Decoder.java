package org.loghost.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads UTF-8 a byte at a time, and sorts the characters beyond ASCII into classes that no set of an automaton can tell
 * apart. Where a character is begun, a node says what may follow; node 0 is between characters. Well-formed is what
 * RFC 3629, section 4, says: nothing overlong, no surrogates, nothing beyond U+10FFFF. Immutable.
 */
final class Utf8Decoder {
    /** Between characters. */
    static final int ROOT = 0;
    /** Instead of a node: this byte cannot follow. */
    static final int MALFORMED = Integer.MIN_VALUE;

    private static final int CONTINUATIONS = 64;
    private static final int ASCII = 128;

    /** By node and the low six bits of a continuation byte: a node, ~class, or MALFORMED. */
    private final List<int[]> nodes = new ArrayList<>();

    private final Map<List<Integer>, Integer> numbers = new HashMap<>();
    private final int[] leads = new int[256];
    private final List<Integer> representatives = new ArrayList<>();

    // Only while it is made:
    /** Where all that can follow is of one class, by that class and how many bytes are to come. */
    private final Map<Integer, Integer> uniformNodes = new HashMap<>();

    private final int[] starts;
    private final int[] classes;

    Utf8Decoder(List<CharSet> sets) {
        BitSet edges = new BitSet();
        sets.forEach(set -> set.addEdges(edges));
        edges.clear(0, ASCII);
        edges.set(ASCII);
        edges.clear(CharSet.INVALID, CharSet.INVALID + 2);
        starts = edges.stream().toArray();
        classes = classes(sets);
        nodes.add(new int[0]);
        for (int lead = 0; lead < 256; lead++) {
            leads[lead] = lead(lead);
        }
    }

    private int[] classes(List<CharSet> sets) {
        Map<BitSet, Integer> known = new HashMap<>();
        int[] result = new int[starts.length];
        for (int i = 0; i < starts.length; i++) {
            BitSet members = new BitSet();
            for (int k = 0; k < sets.size(); k++) {
                members.set(k, sets.get(k).has(starts[i]));
            }
            int start = starts[i];
            result[i] = known.computeIfAbsent(members, unseen -> {
                representatives.add(start);
                return representatives.size() - 1;
            });
        }
        return result;
    }

    private int lead(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return node((lead & 0x1F) << 6, 1);
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return node((lead & 0x0F) << 12, 2);
        }
        return lead >= 0xF0 && lead <= 0xF4 ? node((lead & 0x07) << 18, 3) : MALFORMED;
    }

    /** The node for characters that begin with these bits and have so many bytes to come. */
    private int node(int bits, int left) {
        int first = classIndex(bits);
        int last = bits + (1 << (6 * left)) - 1;
        boolean allWellFormed = bits != 0 && !(left == 2 && bits == 0xD000) && last < CharSet.INVALID;
        boolean uniform = allWellFormed && first == classIndex(last);
        if (!uniform) {
            return makeNode(bits, left);
        }
        Integer known = uniformNodes.get(classes[first] * 4 + left);
        if (known == null) {
            known = makeNode(bits, left);
            uniformNodes.put(classes[first] * 4 + left, known);
        }
        return known;
    }

    private int makeNode(int bits, int left) {
        int[] next = new int[CONTINUATIONS];
        for (int i = 0; i < CONTINUATIONS; i++) {
            int value = bits | i << (6 * (left - 1));
            boolean overlong = (left == 2 && value < 0x800) || (left == 3 && value < 0x10000);
            boolean surrogate = left == 2 && value >= 0xD800 && value < 0xE000;
            boolean beyond = value >= CharSet.INVALID;
            if (overlong || surrogate || beyond) {
                next[i] = MALFORMED;
            } else {
                next[i] = left == 1 ? ~classOf(value) : node(value, left - 1);
            }
        }
        List<Integer> key = new ArrayList<>();
        for (int target : next) {
            key.add(target);
        }
        return numbers.computeIfAbsent(key, unseen -> {
            nodes.add(next);
            return nodes.size() - 1;
        });
    }

    private int classOf(int value) {
        return classes[classIndex(value)];
    }

    private int classIndex(int value) {
        int index = Arrays.binarySearch(starts, value);
        return index >= 0 ? index : -index - 2;
    }

    int nodes() {
        return nodes.size();
    }

    /** The node after a byte beyond ASCII, ~class of the character it ends, or {@link #MALFORMED}. */
    int next(int node, int value) {
        if (node == ROOT) {
            return leads[value];
        }
        return (value & 0xC0) == 0x80 ? nodes.get(node)[value & 0x3F] : MALFORMED;
    }

    /** The bytes beyond ASCII, sorted by what they lead to between characters. */
    List<ByteSet> firstBytes() {
        Map<Integer, ByteSet> byTarget = new TreeMap<>();
        for (int value = ASCII; value < 256; value++) {
            byTarget.merge(leads[value], ByteSet.of(value), ByteSet::or);
        }
        return List.copyOf(byTarget.values());
    }

    /** A character of the class. */
    int representative(int charClass) {
        return representatives.get(charClass);
    }

    /** The character at this place, or {@link CharSet#INVALID}. */
    static int decode(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        int length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length <= 1) {
            return length == 1 ? lead : CharSet.INVALID;
        }
        int value = lead & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            if (at + i >= end || (bytes[at + i] & 0xC0) != 0x80) {
                return CharSet.INVALID;
            }
            value = value << 6 | (bytes[at + i] & 0x3F);
        }
        boolean wellFormed = value >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000)
                && value < CharSet.INVALID
                && (value < 0xD800 || value >= 0xE000);
        return wellFormed ? value : CharSet.INVALID;
    }

    /** How many bytes a character has in UTF-8; a byte that is none has one. */
    static int length(int value) {
        if (value < 0x80 || value == CharSet.INVALID) {
            return 1;
        }
        return value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    }
}
