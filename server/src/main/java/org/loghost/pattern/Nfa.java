package org.loghost.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.loghost.pattern.Ast.Edge;

/**
 * A nondeterministic automaton over bytes in Thompson's form, for any number of patterns.
 *
 * <p>Patterns that begin alike share their beginning: they are entered as a trie whose edges are items of
 * {@link Branch}es. Five thousand rules with one common prefix have that prefix once.
 *
 * <p>Built by one thread; read-only afterwards.
 */
final class Nfa {
    /** Consumes one byte of set {@link #arg}, goes to {@link #out}. */
    static final byte BYTES = 0;
    /** Goes to {@link #out} and to {@link #arg}. */
    static final byte SPLIT = 1;
    /** Goes to {@link #out} where the edge numbered {@link #arg} holds. */
    static final byte ANCHOR = 2;
    /** The pattern with acceptance number {@link #arg} has matched. */
    static final byte ACCEPT = 3;
    /** Goes to {@link #out}, if any: a place where patterns part. */
    static final byte HUB = 4;

    /** Consumes one character of character set {@link #arg}, goes to {@link #out}. */
    static final byte CHARS = 5;

    static final int NOWHERE = -1;

    private static final List<Edge> EDGES = List.of(Edge.values());

    private byte[] kind = new byte[64];
    private int[] arg = new int[64];
    private int[] out = new int[64];
    private int size;

    private final List<ByteSet> sets = new ArrayList<>();
    private final Map<ByteSet, Integer> setNumbers = new HashMap<>();
    private final List<CharSet> charSets = new ArrayList<>();
    private final Map<CharSet, Integer> charSetNumbers = new HashMap<>();
    private boolean wordEdges;
    /** Whether something may follow a line end: then a state with one must remember what stood before it. */
    private boolean innerLineEnds;

    private final int anchoredRoot = node(HUB, 0, NOWHERE);
    private final int floatingRoot = node(HUB, 0, NOWHERE);
    private final Trie trie = new Trie();

    /** Enters one branch; on a match, {@code acceptance} is reported. */
    void add(Branch branch, int acceptance) {
        int hub = branch.anchored() ? anchoredRoot : floatingRoot;
        Ast last = branch.items().isEmpty()
                ? Ast.EMPTY
                : branch.items().get(branch.items().size() - 1);
        for (Ast item : branch.items()) {
            boolean finalAnchor = item == last && item instanceof Ast.Anchor;
            innerLineEnds |= !finalAnchor && holdsAnchor(item);
            int next = trie.child(hub, item);
            if (next == NOWHERE) {
                next = node(HUB, 0, NOWHERE);
                trie.put(hub, item, next);
                attach(hub, compile(item, next));
            }
            hub = next;
        }
        attach(hub, node(ACCEPT, acceptance, NOWHERE));
    }

    /** Whether some branch may begin anywhere in the line. */
    boolean floats() {
        return out[floatingRoot] != NOWHERE;
    }

    boolean isEmpty() {
        return out[floatingRoot] == NOWHERE && out[anchoredRoot] == NOWHERE;
    }

    /** The places to start from at the beginning of a line. Call once, when all branches are in. */
    int[] finish() {
        trie.clear();
        trim();
        if (out[floatingRoot] == NOWHERE) {
            return new int[] {anchoredRoot};
        }
        int loop = node(SPLIT, floatingRoot, NOWHERE);
        boolean bytes = charSets.isEmpty();
        int any = bytes ? node(BYTES, setNumber(ByteSet.ALL), loop) : node(CHARS, charSetNumber(CharSet.ALL), loop);
        out[loop] = any;
        return new int[] {anchoredRoot, loop};
    }

    private void attach(int hub, int entry) {
        // First the node: making it may replace the array that is assigned to.
        int target = out[hub] == NOWHERE ? entry : node(SPLIT, out[hub], entry);
        out[hub] = target;
    }

    /** The node to enter for matching {@code ast} and then going on at {@code next}. */
    private int compile(Ast ast, int next) {
        if (ast instanceof Ast.Bytes bytes) {
            return node(BYTES, setNumber(bytes.set()), next);
        }
        if (ast instanceof Ast.Chars chars) {
            return node(CHARS, charSetNumber(chars.set()), next);
        }
        if (ast instanceof Ast.Anchor anchor) {
            wordEdges |= anchor.edge() != Edge.LINE_START && anchor.edge() != Edge.LINE_END;
            return node(ANCHOR, EDGES.indexOf(anchor.edge()), next);
        }
        if (ast instanceof Ast.Sequence sequence) {
            int entry = next;
            for (int i = sequence.items().size() - 1; i >= 0; i--) {
                entry = compile(sequence.items().get(i), entry);
            }
            return entry;
        }
        if (ast instanceof Ast.Choice choice) {
            int entry = NOWHERE;
            for (Ast item : choice.items()) {
                int alternative = compile(item, next);
                entry = entry == NOWHERE ? alternative : node(SPLIT, entry, alternative);
            }
            return entry;
        }
        if (ast instanceof Ast.Repeat repeat) {
            return compileRepeat(repeat, next);
        }
        if (ast instanceof Ast.Group group) {
            return compile(group.body(), next);
        }
        throw new IllegalArgumentException(ast + " (expected: no back-reference)");
    }

    private static boolean holdsAnchor(Ast ast) {
        if (ast instanceof Ast.Sequence sequence) {
            return sequence.items().stream().anyMatch(Nfa::holdsAnchor);
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().anyMatch(Nfa::holdsAnchor);
        }
        return ast instanceof Ast.Repeat repeat ? holdsAnchor(repeat.body()) : ast instanceof Ast.Anchor;
    }

    private int compileRepeat(Ast.Repeat repeat, int next) {
        int entry = next;
        int copies = repeat.min();
        if (repeat.max() == Ast.Repeat.UNBOUNDED) {
            int loop = node(SPLIT, next, NOWHERE);
            int body = compile(repeat.body(), loop);
            out[loop] = body;
            entry = copies == 0 ? loop : body;
            copies = Math.max(copies - 1, 0);
        } else {
            // Nested, x(x(x)?)?, so that each copy has one way out.
            for (int i = repeat.min(); i < repeat.max(); i++) {
                entry = node(SPLIT, next, compile(repeat.body(), entry));
            }
        }
        for (int i = 0; i < copies; i++) {
            entry = compile(repeat.body(), entry);
        }
        return entry;
    }

    private int charSetNumber(CharSet set) {
        return charSetNumbers.computeIfAbsent(set, s -> {
            charSets.add(s);
            return charSets.size() - 1;
        });
    }

    private int setNumber(ByteSet set) {
        return setNumbers.computeIfAbsent(set, s -> {
            sets.add(s);
            return sets.size() - 1;
        });
    }

    private int node(byte nodeKind, int nodeArg, int nodeOut) {
        if (size == kind.length) {
            resize(size + (size >> 1));
        }
        kind[size] = nodeKind;
        arg[size] = nodeArg;
        out[size] = nodeOut;
        return size++;
    }

    private void trim() {
        resize(size + 2);
    }

    private void resize(int capacity) {
        kind = Arrays.copyOf(kind, capacity);
        arg = Arrays.copyOf(arg, capacity);
        out = Arrays.copyOf(out, capacity);
    }

    int size() {
        return size;
    }

    byte kind(int node) {
        return kind[node];
    }

    int arg(int node) {
        return arg[node];
    }

    int out(int node) {
        return out[node];
    }

    Edge edge(int node) {
        return EDGES.get(arg[node]);
    }

    /** Whether node, which consumes something, takes this byte; where there are character sets, this character. */
    boolean takes(int node, int value) {
        return kind[node] == CHARS
                ? charSets.get(arg[node]).has(value)
                : value < 256 && sets.get(arg[node]).has(value);
    }

    /** The bytes that node, a {@link #BYTES} node, takes. */
    ByteSet set(int node) {
        return sets.get(arg[node]);
    }

    /** The characters that node, a {@link #CHARS} node, takes. */
    CharSet charSet(int node) {
        return charSets.get(arg[node]);
    }

    List<ByteSet> sets() {
        return sets;
    }

    /** The sets of characters; none when this automaton knows bytes only. */
    List<CharSet> charSets() {
        return charSets;
    }

    /** Whether any pattern asks for the edge of a word. */
    boolean wordEdges() {
        return wordEdges;
    }

    /** Whether a condition may follow a line end, so that what stands before the line end matters. */
    boolean innerLineEnds() {
        return innerLineEnds;
    }

    long memory() {
        return 9L * kind.length + 64L * sets.size();
    }

    /** Which hub an item leads to from another hub. Nearly every hub has one child: that one is kept without a map. */
    private static final class Trie {
        private final Map<Key, Integer> more = new HashMap<>();
        private Ast[] firstItem = new Ast[64];
        private int[] firstChild = new int[64];

        @SuppressWarnings("NullAway") // a hub without a first child has no item
        int child(int hub, Ast item) {
            if (hub >= firstItem.length || firstItem[hub] == null) {
                return NOWHERE;
            }
            return firstItem[hub].equals(item) ? firstChild[hub] : more.getOrDefault(new Key(hub, item), NOWHERE);
        }

        @SuppressWarnings("NullAway")
        void put(int hub, Ast item, int child) {
            if (hub >= firstItem.length) {
                int capacity = Math.max(hub + 1, firstItem.length * 2);
                firstItem = Arrays.copyOf(firstItem, capacity);
                firstChild = Arrays.copyOf(firstChild, capacity);
            }
            if (firstItem[hub] == null) {
                firstItem[hub] = item;
                firstChild[hub] = child;
            } else {
                more.put(new Key(hub, item), child);
            }
        }

        void clear() {
            more.clear();
            firstItem = new Ast[0];
            firstChild = new int[0];
        }

        private record Key(int hub, Ast item) {}
    }
}
