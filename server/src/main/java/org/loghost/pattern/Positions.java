package org.loghost.pattern;

/** Counts the nodes a pattern needs once its repetitions are written out, without writing them out. */
final class Positions {
    private static final long MANY = Integer.MAX_VALUE;

    private Positions() {}

    /** At most {@link Integer#MAX_VALUE}, which stands for that or more. */
    static long of(Ast ast) {
        if (ast instanceof Ast.Sequence sequence) {
            return sum(sequence.items());
        }
        if (ast instanceof Ast.Choice choice) {
            return Math.min(MANY, sum(choice.items()) + choice.items().size());
        }
        if (ast instanceof Ast.Group group) {
            return of(group.body());
        }
        if (ast instanceof Ast.Repeat repeat) {
            long copies = Math.max(1, Math.max(repeat.min(), repeat.max()));
            return Math.min(MANY, (of(repeat.body()) + 1) * copies);
        }
        return 1;
    }

    private static long sum(Iterable<Ast> items) {
        long sum = 0;
        for (Ast item : items) {
            sum = Math.min(MANY, sum + of(item));
        }
        return sum;
    }
}
