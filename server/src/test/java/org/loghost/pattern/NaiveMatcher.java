package org.loghost.pattern;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The definition of matching, written down: the set of places a part of a pattern can end at, given where it begins.
 * Slow, and without back-references.
 */
final class NaiveMatcher {
    private static final int PATIENCE = 300_000;

    private final byte[] line;
    private int steps;
    private boolean gaveUp;

    /** The line's case is left alone: it is the pattern's that is folded. */
    NaiveMatcher(byte[] line) {
        this.line = line;
    }

    boolean finds(Ast pattern) {
        for (int start = 0; start <= line.length; start++) {
            if (!ends(pattern, Set.of(start)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** True when the answer means nothing. */
    boolean gaveUp() {
        return gaveUp;
    }

    private Set<Integer> ends(Ast ast, Set<Integer> starts) {
        steps += 1 + starts.size();
        if (steps > PATIENCE) {
            gaveUp = true;
            return Set.of();
        }
        Set<Integer> ends = new HashSet<>();
        if (ast instanceof Ast.Bytes bytes) {
            starts.stream()
                    .filter(at -> at < line.length && bytes.set().has(line[at] & 0xff))
                    .forEach(at -> ends.add(at + 1));
        } else if (ast instanceof Ast.Anchor anchor) {
            starts.stream().filter(at -> holds(anchor.edge(), at)).forEach(ends::add);
        } else if (ast instanceof Ast.Group group) {
            return ends(group.body(), starts);
        } else if (ast instanceof Ast.Sequence sequence) {
            return inTurn(sequence.items(), starts);
        } else if (ast instanceof Ast.Choice choice) {
            choice.items().forEach(item -> ends.addAll(ends(item, starts)));
        } else if (ast instanceof Ast.Repeat repeat) {
            return repeated(repeat, starts);
        } else {
            gaveUp = true;
        }
        return ends;
    }

    private Set<Integer> inTurn(List<Ast> items, Set<Integer> starts) {
        Set<Integer> at = starts;
        for (Ast item : items) {
            at = ends(item, at);
        }
        return at;
    }

    private Set<Integer> repeated(Ast.Repeat repeat, Set<Integer> starts) {
        Set<Integer> at = starts;
        for (int i = 0; i < repeat.min() && !gaveUp; i++) {
            at = ends(repeat.body(), at);
        }
        Set<Integer> all = new HashSet<>(at);
        for (int i = repeat.min(); (repeat.max() < 0 || i < repeat.max()) && !gaveUp; i++) {
            at = ends(repeat.body(), at);
            if (!all.addAll(at)) {
                break;
            }
        }
        return all;
    }

    private boolean holds(Ast.Edge edge, int at) {
        boolean before = at > 0 && isWord(line[at - 1]);
        boolean after = at < line.length && isWord(line[at]);
        return switch (edge) {
            case LINE_START -> at == 0;
            case LINE_END -> at == line.length;
            case WORD_START -> !before && after;
            case WORD_END -> before && !after;
            case WORD_EDGE -> before != after;
            case NOT_WORD_EDGE -> before == after;
        };
    }

    private static boolean isWord(byte b) {
        return b == '_' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    }
}
