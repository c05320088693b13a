package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import org.loghost.pattern.Ast.Edge;

/** A pattern with back-references as instructions for {@link BackReferenceMatcher}. Immutable once constructed. */
final class BackReferenceProgram {
    enum Op {
        BYTES,
        CHARS,
        ANCHOR,
        BACK_REFERENCE,
        /** Goes on, and later elsewhere. */
        SPLIT,
        JUMP,
        /** Notes the place in a slot. */
        SAVE,
        /** Goes on if the place is another than the slot's. */
        PROGRESS,
        MATCH
    }

    private static final int LAST_GROUP = 9;
    private static final List<Edge> EDGES = List.of(Edge.values());

    private final List<Op> ops = new ArrayList<>();
    private final List<Integer> args = new ArrayList<>();
    private final List<ByteSet> sets = new ArrayList<>();
    private final List<CharSet> charSets = new ArrayList<>();
    /** Group n has slots 2n and 2n + 1; loops have the slots behind those. */
    private int slots = 2 * (LAST_GROUP + 1);

    BackReferenceProgram(Ast pattern) {
        compile(pattern);
        emit(Op.MATCH, 0);
    }

    Op op(int pc) {
        return ops.get(pc);
    }

    int arg(int pc) {
        return args.get(pc);
    }

    ByteSet set(int pc) {
        return sets.get(args.get(pc));
    }

    CharSet charSet(int pc) {
        return charSets.get(args.get(pc));
    }

    Edge edge(int pc) {
        return EDGES.get(args.get(pc));
    }

    int slots() {
        return slots;
    }

    private void compile(Ast ast) {
        if (ast instanceof Ast.Bytes bytes) {
            sets.add(bytes.set());
            emit(Op.BYTES, sets.size() - 1);
        } else if (ast instanceof Ast.Chars chars) {
            charSets.add(chars.set());
            emit(Op.CHARS, charSets.size() - 1);
        } else if (ast instanceof Ast.Anchor anchor) {
            emit(Op.ANCHOR, EDGES.indexOf(anchor.edge()));
        } else if (ast instanceof Ast.BackReference reference) {
            emit(Op.BACK_REFERENCE, reference.number());
        } else if (ast instanceof Ast.Sequence sequence) {
            sequence.items().forEach(this::compile);
        } else if (ast instanceof Ast.Choice choice) {
            choice(choice.items());
        } else if (ast instanceof Ast.Repeat repeat) {
            repeat(repeat);
        } else if (ast instanceof Ast.Group group) {
            group(group);
        }
    }

    private void choice(List<Ast> items) {
        List<Integer> exits = new ArrayList<>();
        for (Ast item : items.subList(0, items.size() - 1)) {
            int split = emit(Op.SPLIT, 0);
            compile(item);
            exits.add(emit(Op.JUMP, 0));
            args.set(split, ops.size());
        }
        compile(items.get(items.size() - 1));
        exits.forEach(exit -> args.set(exit, ops.size()));
    }

    private void repeat(Ast.Repeat repeat) {
        for (int i = 0; i < repeat.min(); i++) {
            compile(repeat.body());
        }
        if (repeat.max() == Ast.Repeat.UNBOUNDED) {
            int slot = slots++;
            int split = emit(Op.SPLIT, 0);
            emit(Op.SAVE, slot);
            compile(repeat.body());
            emit(Op.PROGRESS, slot);
            emit(Op.JUMP, split);
            args.set(split, ops.size());
        } else {
            List<Integer> splits = new ArrayList<>();
            for (int i = repeat.min(); i < repeat.max(); i++) {
                splits.add(emit(Op.SPLIT, 0));
                compile(repeat.body());
            }
            splits.forEach(split -> args.set(split, ops.size()));
        }
    }

    private void group(Ast.Group group) {
        boolean named = group.number() <= LAST_GROUP;
        if (named) {
            emit(Op.SAVE, 2 * group.number());
        }
        compile(group.body());
        if (named) {
            emit(Op.SAVE, 2 * group.number() + 1);
        }
    }

    private int emit(Op op, int arg) {
        ops.add(op);
        args.add(arg);
        return ops.size() - 1;
    }
}
