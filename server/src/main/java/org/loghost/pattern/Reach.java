package org.loghost.pattern;

/** From which nodes of an {@link Nfa} which patterns can still be reached. Immutable. */
final class Reach {
    private final int[] masks;

    /** Of a finished automaton whose acceptance numbers are below 32: bit n stands for the n-th pattern. */
    Reach(Nfa nfa) {
        masks = new int[nfa.size()];
        int[] firstEdge = new int[nfa.size() + 1];
        for (int node = 0; node < nfa.size(); node++) {
            count(nfa.out(node), firstEdge);
            count(other(nfa, node), firstEdge);
        }
        for (int node = 0; node < nfa.size(); node++) {
            firstEdge[node + 1] += firstEdge[node];
        }
        int[] sources = new int[firstEdge[nfa.size()]];
        int[] next = firstEdge.clone();
        for (int node = 0; node < nfa.size(); node++) {
            put(node, nfa.out(node), sources, next);
            put(node, other(nfa, node), sources, next);
        }
        int[] stack = new int[sources.length + 1];
        for (int node = 0; node < nfa.size(); node++) {
            if (nfa.kind(node) == Nfa.ACCEPT) {
                mark(node, 1 << nfa.arg(node), firstEdge, sources, stack);
            }
        }
    }

    private static int other(Nfa nfa, int node) {
        return nfa.kind(node) == Nfa.SPLIT ? nfa.arg(node) : Nfa.NOWHERE;
    }

    private static void count(int target, int[] edges) {
        if (target != Nfa.NOWHERE) {
            edges[target + 1]++;
        }
    }

    private static void put(int node, int target, int[] sources, int[] next) {
        if (target != Nfa.NOWHERE) {
            sources[next[target]++] = node;
        }
    }

    /** Goes backwards from an accepting node; what has the bit already has been left before. */
    private void mark(int accept, int bit, int[] firstEdge, int[] sources, int[] stack) {
        int depth = 0;
        masks[accept] |= bit;
        stack[depth++] = accept;
        while (depth > 0) {
            int node = stack[--depth];
            for (int edge = firstEdge[node]; edge < firstEdge[node + 1]; edge++) {
                int source = sources[edge];
                if ((masks[source] & bit) == 0) {
                    masks[source] |= bit;
                    stack[depth++] = source;
                }
            }
        }
    }

    /** The patterns that can be reached from a node. */
    int mask(int node) {
        return masks[node];
    }
}
