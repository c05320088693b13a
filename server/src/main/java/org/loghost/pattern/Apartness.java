package org.loghost.pattern;

import java.util.List;

/**
 * Finds the rules that would multiply the states of a common automaton, such as {@code a.{20}b}: it must remember for
 * each of the last twenty bytes whether it was an {@code a}. They get an automaton apart, and in the common one a hint:
 * a simpler pattern that matches each line they match.
 */
final class Apartness {
    /** A set that takes as much as this cannot tell where a repetition begins. */
    private static final int WIDE = 11;

    private static final int NEARLY_ALL = 128;
    /** Fewer wide positions in a row of a floating pattern than this are harmless. */
    private static final int HARMLESS = 8;

    private static final int MOST_STATES = 1_000;
    /** Each rule of the kind x.*y may double the states of the automaton. */
    private static final int MOST_REMEMBERING = 4;

    /** What holding to the line's start adds to a hint, in bits. */
    private static final int ANCHOR_TELLS = 16;

    private int remembering;

    /** Tells for each rule of a set in turn, since how many of a kind came before matters. */
    boolean needs(List<Branch> branches) {
        for (Branch branch : branches) {
            if (remembers(branch) && ++remembering > MOST_REMEMBERING) {
                return true;
            }
            if (suspicious(branch) && !StateCount.staysBelow(MOST_STATES, branch)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a state must keep in mind for the rest of the line that this branch has begun, as for {@code x.*y}. */
    private static boolean remembers(Branch branch) {
        return !branch.anchored()
                && branch.items().stream()
                        .anyMatch(item -> item instanceof Ast.Repeat repeat
                                && repeat.max() == Ast.Repeat.UNBOUNDED
                                && widest(repeat.body()) >= NEARLY_ALL);
    }

    /** Cheap test that most rules pass: few wide positions where the match may have begun anywhere. */
    private static boolean suspicious(Branch branch) {
        boolean floating = !branch.anchored();
        long wide = 0;
        for (Ast item : branch.items()) {
            wide += floating ? width(item) : 0;
            floating |= item instanceof Ast.Repeat repeat
                    && repeat.max() == Ast.Repeat.UNBOUNDED
                    && widest(repeat.body()) >= NEARLY_ALL;
        }
        return wide >= HARMLESS;
    }

    private static long width(Ast ast) {
        if (ast instanceof Ast.Repeat repeat) {
            long copies = repeat.max() == Ast.Repeat.UNBOUNDED ? repeat.min() : repeat.max();
            return Math.min(Integer.MAX_VALUE, copies * width(repeat.body()));
        }
        if (ast instanceof Ast.Sequence sequence) {
            return sequence.items().stream().mapToLong(Apartness::width).sum();
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().mapToLong(Apartness::width).sum();
        }
        return size(ast) >= WIDE ? 1 : 0;
    }

    /** How many bytes an item that takes one byte or character tells apart from none; 0 of others. */
    private static int size(Ast ast) {
        if (ast instanceof Ast.Chars chars) {
            return chars.set().width();
        }
        return ast instanceof Ast.Bytes bytes ? bytes.set().size() : 0;
    }

    private static int widest(Ast ast) {
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().mapToInt(Apartness::widest).max().orElse(0);
        }
        return ast instanceof Ast.Repeat repeat ? widest(repeat.body()) : size(ast);
    }

    /**
     * The stretch of items that says most about a line: without repetitions of something wide, and with few wide
     * positions, so that it is harmless in the common automaton. Each line that the branch matches holds it.
     */
    Branch hint(Branch branch) {
        List<Ast> best = List.of();
        boolean bestAnchored = false;
        double most = 0;
        int from = 0;
        while (from < branch.items().size()) {
            int to = stretch(branch.items(), from);
            boolean anchored = branch.anchored() && from == 0;
            List<Ast> items = branch.items().subList(from, to);
            double telling = items.stream().mapToDouble(Apartness::telling).sum() + (anchored ? ANCHOR_TELLS : 0);
            if (telling > most) {
                most = telling;
                best = items;
                bestAnchored = anchored;
            }
            from = Math.max(to, from + 1);
        }
        return new Branch(bestAnchored, List.copyOf(best));
    }

    /** Where the stretch from here ends. */
    private static int stretch(List<Ast> items, int from) {
        int to = from;
        long wide = 0;
        while (to < items.size() && !(items.get(to) instanceof Ast.Repeat repeat && wild(repeat))) {
            wide += width(items.get(to));
            if (wide >= HARMLESS) {
                break;
            }
            to++;
        }
        return to;
    }

    private static boolean wild(Ast.Repeat repeat) {
        return widest(repeat.body()) >= NEARLY_ALL
                || (repeat.max() != Ast.Repeat.UNBOUNDED && width(repeat) >= HARMLESS && repeat.max() >= HARMLESS);
    }

    /** How many bits a match of this fixes at least: eight for a certain byte, one less for each doubling of its set. */
    private static double telling(Ast ast) {
        if (size(ast) > 0) {
            return 8 - Math.log(size(ast)) / Math.log(2);
        }
        if (ast instanceof Ast.Repeat repeat) {
            return repeat.min() * telling(repeat.body());
        }
        if (ast instanceof Ast.Sequence sequence) {
            return sequence.items().stream().mapToDouble(Apartness::telling).sum();
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().mapToDouble(Apartness::telling).min().orElse(0);
        }
        return 0;
    }
}
