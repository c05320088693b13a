package org.loghost.pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    /** Each rule of the kind x.*y may double the states of the automaton; of the kind ^z.*x.*y, of those that share z. */
    private static final int MOST_REMEMBERING = 4;

    /** What holding to the line's start adds to a hint, in bits. */
    private static final int ANCHOR_TELLS = 16;

    /** What stands between two parts of a hint. */
    private final Ast anything;

    private int remembering;
    /** The same for anchored branches, by what they begin with: those that begin otherwise are hardly about one line. */
    private final Map<List<Ast>, Integer> rememberingBehind = new HashMap<>();

    /** For patterns of characters, {@code utf8}, or of bytes. */
    Apartness(boolean utf8) {
        Ast any = utf8 ? new Ast.Chars(CharSet.ALL) : new Ast.Bytes(ByteSet.ALL);
        anything = new Ast.Repeat(any, 0, Ast.Repeat.UNBOUNDED);
    }

    /** Tells for each rule of a set in turn, since how many of a kind came before matters. */
    boolean needs(List<Branch> branches) {
        for (Branch branch : branches) {
            if (tooManyRemember(branch)) {
                return true;
            }
            if (suspicious(branch) && !StateCount.staysBelow(MOST_STATES, branch)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether this branch is one too many for which a state must keep in mind for the rest of the line that it has begun,
     * as {@code x.*y}. An anchored one begins so behind its first {@code .*}; up to there a line leads to one state.
     */
    private boolean tooManyRemember(Branch branch) {
        List<Ast> items = branch.items();
        int first = endless(items, 0);
        if (!branch.anchored()) {
            return first < items.size() && ++remembering > MOST_REMEMBERING;
        }
        return endless(items, first + 1) < items.size()
                && rememberingBehind.merge(List.copyOf(items.subList(0, first)), 1, Integer::sum) > MOST_REMEMBERING;
    }

    /** Where from here the first repetition without end of nearly anything is. */
    private static int endless(List<Ast> items, int from) {
        int at = from;
        while (at < items.size() && !isEndless(items.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean isEndless(Ast item) {
        return item instanceof Ast.Repeat repeat
                && repeat.max() == Ast.Repeat.UNBOUNDED
                && widest(repeat.body()) >= NEARLY_ALL;
    }

    /** Cheap test that most rules pass: few wide positions where the match may have begun anywhere. */
    private static boolean suspicious(Branch branch) {
        boolean floating = !branch.anchored();
        long wide = 0;
        for (Ast item : branch.items()) {
            wide += floating ? width(item) : 0;
            floating |= isEndless(item);
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
     * positions, so that it is harmless in the common automaton. Each line that the branch matches holds it. An anchored
     * beginning is often that of very many rules: with it goes what else says much.
     */
    Branch hint(Branch branch) {
        if (!branch.anchored()) {
            return new Branch(false, best(branch, 0));
        }
        int begun = stretch(branch.items(), 0);
        List<Ast> beginning = branch.items().subList(0, begun);
        List<Ast> further = best(branch, begun);
        if (telling(beginning) == 0 && !further.isEmpty()) {
            return new Branch(false, further);
        }
        if (telling(further) <= ANCHOR_TELLS) {
            return new Branch(true, List.copyOf(beginning));
        }
        List<Ast> both = new ArrayList<>(beginning);
        both.add(anything);
        both.addAll(further);
        return new Branch(true, List.copyOf(both));
    }

    /** The stretch that tells most of those from here. */
    private static List<Ast> best(Branch branch, int start) {
        List<Ast> best = List.of();
        double most = 0;
        int from = start;
        while (from < branch.items().size()) {
            int to = stretch(branch.items(), from);
            List<Ast> items = branch.items().subList(from, to);
            double telling = telling(items);
            if (telling > most) {
                most = telling;
                best = items;
            }
            from = Math.max(to, from + 1);
        }
        return List.copyOf(best);
    }

    private static double telling(List<Ast> items) {
        return items.stream().mapToDouble(Apartness::telling).sum();
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
