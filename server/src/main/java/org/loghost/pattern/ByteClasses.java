package org.loghost.pattern;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes sorted into classes whose members no pattern of a set can tell apart. A row of the transition table has one
 * column for each class instead of 256. Immutable.
 */
final class ByteClasses {
    private final char[] classOf = new char[256];
    private final int count;
    private final int[] representative;
    private final boolean wordEdges;
    private final @Nullable Utf8Decoder decoder;

    /** Of all sets of an automaton. */
    ByteClasses(Nfa nfa) {
        this(nfa.sets(), nfa.wordEdges(), nfa.charSets());
    }

    ByteClasses(List<ByteSet> sets, boolean wordEdges) {
        this(sets, wordEdges, List.of());
    }

    private ByteClasses(List<ByteSet> sets, boolean wordEdges, List<CharSet> charSets) {
        this.wordEdges = wordEdges;
        this.decoder = charSets.isEmpty() ? null : new Utf8Decoder(charSets);
        int classes = 1;
        for (ByteSet set : sets) {
            classes = refine(set, classes);
        }
        if (wordEdges) {
            classes = refine(ByteSet.WORD, classes);
        }
        if (decoder != null) {
            for (CharSet set : charSets) {
                classes = refine(set.ascii(), classes);
            }
            classes = refine(decoder, classes);
        }
        count = classes;
        representative = new int[count];
        for (int value = 255; value >= 0; value--) {
            representative[classOf[value]] = value;
        }
    }

    /** Splits each class into those inside and those outside the set. */
    private int refine(ByteSet set, int classes) {
        int[] inside = new int[classes];
        int[] outside = new int[classes];
        Arrays.fill(inside, -1);
        Arrays.fill(outside, -1);
        int next = 0;
        for (int value = 0; value < 256; value++) {
            int[] side = set.has(value) ? inside : outside;
            int old = classOf[value];
            if (side[old] < 0) {
                side[old] = next++;
            }
            classOf[value] = (char) side[old];
        }
        return next;
    }

    /** Splits each class into bytes that lead to the same place from every node. */
    private int refine(Utf8Decoder utf8, int before) {
        int classes = refine(ByteSet.range(0, 127), before);
        for (int node = 0; node < utf8.nodes(); node++) {
            Map<Long, Integer> known = new HashMap<>();
            for (int value = 0; value < 256; value++) {
                int target = value < 128 ? Utf8Decoder.MALFORMED : utf8.next(node, value);
                long key = (long) classOf[value] << 32 | (target & 0xffff_ffffL);
                classOf[value] = (char) (int) known.computeIfAbsent(key, unseen -> known.size());
            }
            classes = known.size();
        }
        return classes;
    }

    /** Reads characters; null where patterns match bytes. */
    @Nullable
    Utf8Decoder decoder() {
        return decoder;
    }

    /** Class by byte value: 256 entries, not to be changed. */
    char[] table() {
        return classOf;
    }

    int count() {
        return count;
    }

    /** One byte of the class. */
    int representative(int byteClass) {
        return representative[byteClass];
    }

    /** What a byte of this class is to its neighbours. */
    int context(int byteClass) {
        boolean word = wordEdges && ByteSet.WORD.has(representative[byteClass]);
        return word ? Ast.Context.WORD : Ast.Context.OTHER;
    }
}
