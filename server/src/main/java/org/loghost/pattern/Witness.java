package org.loghost.pattern;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A shortest line that a pattern matches, found by walking the states of its automaton breadth first; and with it the
 * proof that a pattern matches no line at all. For tools that talk about patterns; far too slow for traffic. Immutable;
 * any thread.
 */
public final class Witness {
    private static final int MAX_STATES = 5_000;
    /** What a byte of a class is shown as, when the class has it: first what reads well. */
    private static final String READABLE = "a0 x-._:/=,;'\"()<>@#%&*+!?$[]{}|^~\\`";

    private static final Witness UNKNOWN = new Witness(null, false);

    private final byte @Nullable [] line;
    private final boolean impossible;

    private Witness(byte @Nullable [] line, boolean impossible) {
        this.line = line;
        this.impossible = impossible;
    }

    /** A shortest line; null when there is none, or none was found within bounds. */
    public byte @Nullable [] line() {
        return line == null ? null : line.clone();
    }

    /** Whether it is certain that no line matches. */
    public boolean isImpossible() {
        return impossible;
    }

    /**
     * Looks for a line.
     *
     * @throws PatternException if the pattern is refused
     */
    public static Witness of(byte[] pattern, boolean ignoreCase) throws PatternException {
        Rule rule = Rule.parse(pattern, ignoreCase, 0, 0);
        Nfa nfa = new Nfa();
        Branch.of(rule.loosened()).forEach(branch -> nfa.add(branch, 0));
        Witness found = new Search(nfa).run();
        // A pattern without its back-references matches more: such a line must be tried.
        byte[] line = rule.backReferences() ? found.line : null;
        return line != null && !matches(pattern, ignoreCase, line) ? UNKNOWN : found;
    }

    private static boolean matches(byte[] pattern, boolean ignoreCase, byte[] line) throws PatternException {
        PatternSet set = PatternSet.builder().add(pattern, ignoreCase, 0, 0).build();
        return !set.match(line, 0, line.length).isEmpty();
    }

    /** A state on the way, and how it was reached. */
    private static final class Step {
        private final @Nullable Step from;
        private final int byteClass;
        private final int[] places;
        private final int context;
        private final int length;

        Step(@Nullable Step from, int byteClass, int[] places, int context) {
            this.from = from;
            this.byteClass = byteClass;
            this.places = places;
            this.context = context;
            this.length = from == null ? 0 : from.length + 1;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Step other && context == other.context && Arrays.equals(places, other.places);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(places) * 31 + context;
        }
    }

    /** One search. */
    private static final class Search {
        private final Nfa nfa;
        private final int[] roots;
        private final ByteClasses classes;
        private final Stepper stepper;

        Search(Nfa nfa) {
            this.nfa = nfa;
            this.roots = nfa.finish();
            this.classes = new ByteClasses(nfa);
            this.stepper = new Stepper(nfa, classes);
        }

        Witness run() {
            Set<Step> seen = new HashSet<>();
            Deque<Step> waiting = new ArrayDeque<>();
            stepper.start(roots);
            Step start = new Step(null, 0, stepper.places(), stepper.context());
            seen.add(start);
            waiting.add(start);
            while (!waiting.isEmpty()) {
                Step step = waiting.remove();
                if (accepts(step.places) || accepts(stepper.end(step.places, step.context))) {
                    return new Witness(line(step), false);
                }
                for (int c = 0; c < classes.count(); c++) {
                    // A newline ends a line and is never in one.
                    if (!isNewlineAlone(c)) {
                        stepper.step(step.places, step.context, c);
                        Step next = new Step(step, c, stepper.places(), stepper.context());
                        if (seen.add(next)) {
                            waiting.add(next);
                        }
                    }
                }
                if (seen.size() > MAX_STATES) {
                    return UNKNOWN;
                }
            }
            return new Witness(null, true);
        }

        private boolean accepts(int[] places) {
            for (int node : places) {
                if (nfa.kind(node) == Nfa.ACCEPT) {
                    return true;
                }
            }
            return false;
        }

        private boolean isNewlineAlone(int byteClass) {
            return classes.representative(byteClass) == '\n' && readable(byteClass) == '\n';
        }

        private byte[] line(Step last) {
            byte[] line = new byte[last.length];
            Step step = last;
            for (Step from = step.from; from != null; from = step.from) {
                line[step.length - 1] = (byte) readable(step.byteClass);
                step = from;
            }
            return line;
        }

        /** A member of the class that a person can read, if there is one. */
        private int readable(int byteClass) {
            char[] classOf = classes.table();
            for (int i = 0; i < READABLE.length(); i++) {
                if (classOf[READABLE.charAt(i)] == byteClass) {
                    return READABLE.charAt(i);
                }
            }
            for (int c = '~'; c >= ' '; c--) {
                if (classOf[c] == byteClass) {
                    return c;
                }
            }
            int first = classes.representative(byteClass);
            for (int c = first; c < 256 && first == '\n'; c++) {
                if (c != '\n' && classOf[c] == byteClass) {
                    return c;
                }
            }
            return first;
        }
    }
}
