package org.loghost.pattern;

import java.util.Arrays;
import org.loghost.pattern.Ast.Edge;

/**
 * Steps sets of {@link Nfa} nodes over one byte class, or over the end of the line. This is the simulation that each
 * new state of the lazy automaton is made with, and that lines fall back to when states may not be kept.
 *
 * <p>A set holds the nodes that were reached by the last byte and have something left to decide: {@link Nfa#BYTES}
 * and {@link Nfa#CHARS} nodes, {@link Nfa#ANCHOR} nodes, whose condition depends on the byte to come, and {@link Nfa#ACCEPT} nodes. A node of
 * the latter kind that lies behind an anchor joins the set after the byte that decides the anchor.
 *
 * <p>Owned by one thread at a time. A step visits each node once at most.
 */
final class Stepper {
    private static final int[] NO_PLACES = {};

    private final Nfa nfa;
    private final ByteClasses classes;
    private final int[] mark;
    private int stamp;
    private int[] stack = new int[64];
    private int depth;
    private int[] places = new int[64];
    private int count;
    private int context;
    private boolean sawLookBehind;

    Stepper(Nfa nfa, ByteClasses classes) {
        this.nfa = nfa;
        this.classes = classes;
        this.mark = new int[nfa.size()];
    }

    /** Begins a line. The result is in {@link #places()} and {@link #context()}. */
    void start(int[] roots) {
        begin();
        for (int root : roots) {
            reach(root);
        }
        finish(Ast.Context.LINE_EDGE);
    }

    /** Goes from a set over a byte of the class to the next set. */
    void step(int[] from, int before, int byteClass) {
        int value = classes.representative(byteClass);
        Utf8Decoder decoder = classes.decoder();
        if (decoder == null) {
            consume(from, before, classes.context(byteClass), value);
        } else {
            read(decoder, from, before, value);
        }
    }

    /**
     * A byte of UTF-8. Within a character the set stays as it is, and the context holds the decoder's node too. Of bytes
     * that are no character, one step stands for any number: only loops that take everything go on.
     */
    private void read(Utf8Decoder decoder, int[] from, int before, int value) {
        int[] at = from;
        int context = before % Ast.Context.COUNT;
        int node = before / Ast.Context.COUNT;
        int next = value < 128 ? Utf8Decoder.MALFORMED : decoder.next(node, value);
        int[] reported = NO_PLACES;
        if (node != Utf8Decoder.ROOT && next == Utf8Decoder.MALFORMED) {
            consume(at, context, Ast.Context.OTHER, CharSet.INVALID);
            at = places();
            reported = at;
            context = this.context;
            next = value < 128 ? Utf8Decoder.MALFORMED : decoder.next(Utf8Decoder.ROOT, value);
        }
        if (next >= 0) {
            remain(at, reported, context + next * Ast.Context.COUNT);
        } else {
            boolean malformed = next == Utf8Decoder.MALFORMED;
            int symbol = value < 128 ? value : malformed ? CharSet.INVALID : decoder.representative(~next);
            consume(at, context, Ast.Context.OTHER, symbol);
            addAccepting(reported);
        }
    }

    /** Keeps the set, except for what it has reported already. */
    private void remain(int[] from, int[] reported, int newContext) {
        begin();
        for (int node : from) {
            if (nfa.kind(node) != Nfa.ACCEPT || from == reported) {
                mark[node] = stamp;
                add(node);
            }
        }
        context = newContext;
    }

    private void addAccepting(int[] from) {
        int known = count;
        for (int node : from) {
            if (nfa.kind(node) == Nfa.ACCEPT && mark[node] != stamp) {
                mark[node] = stamp;
                add(node);
            }
        }
        if (count > known) {
            Arrays.sort(places, 0, count);
        }
    }

    /** Goes over one byte or character. */
    private void consume(int[] from, int before, int after, int value) {
        int[] current = resolved(from, before, after);
        begin();
        for (int node : current) {
            int kind = nfa.kind(node);
            if (kind == Nfa.BYTES || kind == Nfa.CHARS) {
                if (nfa.takes(node, value)) {
                    reach(nfa.out(node));
                }
            } else if (kind == Nfa.ACCEPT && current != from && Arrays.binarySearch(from, node) < 0) {
                reach(node);
            }
        }
        finish(after);
    }

    /** The set at the end of the line: its accepting nodes are those that only the end decides. */
    int[] end(int[] from, int before) {
        if (before < Ast.Context.COUNT) {
            return resolved(from, before, Ast.Context.LINE_EDGE);
        }
        // A character that was begun: its bytes are none.
        consume(from, before % Ast.Context.COUNT, Ast.Context.OTHER, CharSet.INVALID);
        return resolved(places(), context, Ast.Context.LINE_EDGE);
    }

    /** The set with what lies behind each anchor that holds between these neighbours. */
    private int[] resolved(int[] from, int before, int after) {
        boolean anchors = false;
        for (int node : from) {
            anchors |= nfa.kind(node) == Nfa.ANCHOR;
        }
        if (!anchors) {
            return from;
        }
        begin();
        for (int node : from) {
            mark[node] = stamp;
            add(node);
        }
        // Grows while it is walked: behind an anchor there may be another.
        for (int i = 0; i < count; i++) {
            int node = places[i];
            if (nfa.kind(node) == Nfa.ANCHOR && nfa.edge(node).holds(before, after)) {
                reach(nfa.out(node));
            }
        }
        return Arrays.copyOf(places, count);
    }

    private void begin() {
        if (++stamp == 0) {
            Arrays.fill(mark, 0);
            stamp = 1;
        }
        count = 0;
        sawLookBehind = false;
    }

    private void finish(int before) {
        Arrays.sort(places, 0, count);
        // Where nothing looks behind, states that differ in nothing else are one.
        context = sawLookBehind ? before : Ast.Context.OTHER;
    }

    /** Adds the nodes reached from here without consuming a byte. */
    private void reach(int from) {
        push(from);
        while (depth > 0) {
            int node = stack[--depth];
            if (node == Nfa.NOWHERE || mark[node] == stamp) {
                continue;
            }
            mark[node] = stamp;
            switch (nfa.kind(node)) {
                case Nfa.SPLIT -> {
                    push(nfa.arg(node));
                    push(nfa.out(node));
                }
                case Nfa.HUB -> push(nfa.out(node));
                default -> add(node);
            }
        }
    }

    private void add(int node) {
        if (nfa.kind(node) == Nfa.ANCHOR) {
            sawLookBehind |= nfa.edge(node) != Edge.LINE_END || nfa.innerLineEnds();
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        places[count++] = node;
    }

    private void push(int node) {
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, depth * 2);
        }
        stack[depth++] = node;
    }

    /** The nodes of the set just made, sorted; a copy. */
    int[] places() {
        return Arrays.copyOf(places, count);
    }

    /** What stands before the set just made. */
    int context() {
        return context;
    }
}
