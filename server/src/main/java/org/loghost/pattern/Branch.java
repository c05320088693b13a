package org.loghost.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.loghost.pattern.Ast.Anchor;
import org.loghost.pattern.Ast.Edge;

/**
 * One top-level alternative of a pattern in normal form: a flat list of items without parentheses, and whether it must
 * match from the start of the line. It finds a match in exactly the lines the alternative does; where that match lies
 * is of no interest, so what may be left out at its two ends is left out.
 *
 * <p>Not for patterns with back-references.
 */
record Branch(boolean anchored, List<Ast> items) {
    private static final Ast.Repeat ANYTHING = new Ast.Repeat(new Ast.Bytes(ByteSet.ALL), 0, Ast.Repeat.UNBOUNDED);

    static List<Branch> of(Ast pattern) {
        Ast plain = withoutGroups(pattern);
        List<Branch> branches = new ArrayList<>();
        for (Ast alternative : plain instanceof Ast.Choice choice ? choice.items() : List.of(plain)) {
            branches.add(trim(alternative instanceof Ast.Sequence sequence ? sequence.items() : List.of(alternative)));
        }
        return branches;
    }

    private static Ast withoutGroups(Ast ast) {
        if (ast instanceof Ast.Group group) {
            return withoutGroups(group.body());
        }
        if (ast instanceof Ast.Repeat repeat) {
            return Ast.repeat(withoutGroups(repeat.body()), repeat.min(), repeat.max());
        }
        if (ast instanceof Ast.Sequence sequence) {
            List<Ast> items = new ArrayList<>();
            for (Ast item : sequence.items()) {
                Ast plain = withoutGroups(item);
                items.addAll(plain instanceof Ast.Sequence inner ? inner.items() : List.of(plain));
            }
            return Ast.sequence(items);
        }
        if (ast instanceof Ast.Choice choice) {
            List<Ast> items = new ArrayList<>();
            for (Ast item : choice.items()) {
                Ast plain = withoutGroups(item);
                items.addAll(plain instanceof Ast.Choice inner ? inner.items() : List.of(plain));
            }
            return Ast.choice(items);
        }
        return ast;
    }

    private static Branch trim(List<Ast> sequence) {
        Ast[] items = sequence.toArray(Ast[]::new);
        int from = 0;
        int to = items.length;
        boolean anchored = false;
        while (from < to && items[from].equals(new Anchor(Edge.LINE_START))) {
            anchored = true;
            from++;
        }
        if (anchored && from < to && items[from].equals(ANYTHING)) {
            anchored = false; // ^.*x finds what x finds
        }
        while (!anchored && from < to && items[from] instanceof Ast.Repeat repeat && repeat.min() == 0) {
            from++;
        }
        int last = to - 1;
        if (last > from && items[last].equals(new Anchor(Edge.LINE_END)) && items[last - 1].equals(ANYTHING)) {
            to = last; // x.*$ finds what x finds
        }
        while (from < to && items[to - 1] instanceof Ast.Repeat repeat && repeat.min() == 0) {
            to--;
        }
        if (!anchored && from < to) {
            items[from] = shortest(items[from]);
        }
        if (from < to) {
            items[to - 1] = shortest(items[to - 1]);
        }
        return new Branch(anchored, List.of(Arrays.copyOfRange(items, from, to)));
    }

    private static Ast shortest(Ast item) {
        return item instanceof Ast.Repeat repeat ? Ast.repeat(repeat.body(), repeat.min(), repeat.min()) : item;
    }
}
