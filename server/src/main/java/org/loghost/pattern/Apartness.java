package org.loghost.pattern;

import java.util.ArrayList;
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

    /** A hint that does not hold to the line's start should have this many definite bytes. */
    private static final int TELLING = 3;

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
        return ast instanceof Ast.Bytes bytes && bytes.set().size() >= WIDE ? 1 : 0;
    }

    private static int widest(Ast ast) {
        if (ast instanceof Ast.Bytes bytes) {
            return bytes.set().size();
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().mapToInt(Apartness::widest).max().orElse(0);
        }
        return ast instanceof Ast.Repeat repeat ? widest(repeat.body()) : 0;
    }

    /** What comes before the first repetition of something wide, or the longest literal, whichever tells more. */
    Branch hint(Branch branch) {
        int cut = 0;
        while (cut < branch.items().size() && !(branch.items().get(cut) instanceof Ast.Repeat repeat && wild(repeat))) {
            cut++;
        }
        List<Ast> head = branch.items().subList(0, cut);
        List<Ast> literal = longestLiteral(branch.items());
        boolean headTells = branch.anchored() ? cut > 0 : literalIn(head) >= Math.min(TELLING, literal.size());
        return headTells ? new Branch(branch.anchored(), List.copyOf(head)) : new Branch(false, literal);
    }

    private static boolean wild(Ast.Repeat repeat) {
        return widest(repeat.body()) >= NEARLY_ALL
                || (repeat.max() != Ast.Repeat.UNBOUNDED && width(repeat) >= HARMLESS && repeat.max() >= HARMLESS);
    }

    private static int literalIn(List<Ast> items) {
        return longestLiteral(items).size();
    }

    private static List<Ast> longestLiteral(List<Ast> items) {
        List<Ast> longest = List.of();
        List<Ast> run = new ArrayList<>();
        for (Ast item : items) {
            if (item instanceof Ast.Bytes bytes && bytes.set().size() <= 2) {
                run.add(item);
                longest = run.size() > longest.size() ? List.copyOf(run) : longest;
            } else {
                run.clear();
            }
        }
        return longest;
    }
}
