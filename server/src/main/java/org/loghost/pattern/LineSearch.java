package org.loghost.pattern;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a shortest line that some patterns match and others do not, through all states of their common automaton.
 * One use, one thread.
 */
final class LineSearch {
    private final Nfa nfa = new Nfa();
    private final int wanted;
    private final int unwanted;
    private final int stepLimit;
    private int steps;

    /** Bit n of the masks is the n-th pattern: the line must match all the wanted and none of the unwanted ones. */
    LineSearch(List<Ast> patterns, int wanted, int unwanted, int stepLimit) {
        for (int i = 0; i < patterns.size(); i++) {
            int number = i;
            Branch.of(patterns.get(i)).forEach(branch -> nfa.add(branch, number));
        }
        this.wanted = wanted;
        this.unwanted = unwanted;
        this.stepLimit = stepLimit;
    }

    /** Whether the search came to an end within its steps. */
    boolean complete() {
        return steps <= stepLimit;
    }

    /** The line found, or null. */
    byte @Nullable [] find() {
        int[] roots = nfa.finish();
        ByteClasses classes = new ByteClasses(nfa);
        Stepper stepper = new Stepper(nfa, classes);
        Deque<Place> waiting = new ArrayDeque<>();
        Set<Place> seen = new HashSet<>();
        stepper.start(roots);
        offer(new Place(stepper.places(), stepper.context(), matched(stepper.places(), 0), null, 0), seen, waiting);
        byte[] bytes = readable(classes);
        while (!waiting.isEmpty() && complete()) {
            Place place = waiting.remove();
            int atEnd = matched(stepper.end(place.places, place.context), place.matched);
            if ((atEnd & wanted) == wanted && (atEnd & unwanted) == 0) {
                return place.line();
            }
            for (byte value : bytes) {
                steps++;
                stepper.step(place.places, place.context, classes.table()[value & 0xff]);
                int matched = matched(stepper.places(), place.matched);
                offer(new Place(stepper.places(), stepper.context(), matched, place, value), seen, waiting);
            }
        }
        return null;
    }

    private void offer(Place place, Set<Place> seen, Deque<Place> waiting) {
        boolean hopeless = (place.matched & unwanted) != 0;
        if (!hopeless && seen.add(place)) {
            waiting.add(place);
        }
    }

    private int matched(int[] places, int before) {
        int matched = before;
        for (int node : places) {
            matched |= nfa.kind(node) == Nfa.ACCEPT ? 1 << nfa.arg(node) : 0;
        }
        return matched;
    }

    /** One byte of each class, one that can be read where there is one; never a line feed. */
    private static byte[] readable(ByteClasses classes) {
        List<Integer> order = new ArrayList<>();
        for (int c = 'a'; c <= 'z'; c++) {
            order.add(c);
        }
        for (int c = '0'; c <= '9'; c++) {
            order.add(c);
        }
        for (int c = ' '; c < 127 + 256; c++) {
            order.add(c % 256);
        }
        byte[] bytes = new byte[classes.count()];
        boolean[] known = new boolean[classes.count()];
        int count = 0;
        for (int value : order) {
            int byteClass = classes.table()[value];
            if (!known[byteClass] && value != '\n') {
                known[byteClass] = true;
                bytes[count++] = (byte) value;
            }
        }
        return Arrays.copyOf(bytes, count);
    }

    /** A state, what has matched on the way, and the way; equal when all but the way is equal. */
    private static final class Place {
        private final int[] places;
        private final int context;
        private final int matched;
        private final @Nullable Place from;
        private final byte by;

        Place(int[] places, int context, int matched, @Nullable Place from, int by) {
            this.places = places;
            this.context = context;
            this.matched = matched;
            this.from = from;
            this.by = (byte) by;
        }

        byte[] line() {
            List<Byte> backwards = new ArrayList<>();
            for (Place place = this; place.from != null; place = place.from) {
                backwards.add(place.by);
            }
            byte[] line = new byte[backwards.size()];
            for (int i = 0; i < line.length; i++) {
                line[i] = backwards.get(line.length - 1 - i);
            }
            return line;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Place other
                    && context == other.context
                    && matched == other.matched
                    && Arrays.equals(places, other.places);
        }

        @Override
        public int hashCode() {
            return (Arrays.hashCode(places) * 31 + context) * 31 + matched;
        }
    }
}
