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
 * Looks for a shortest line that some patterns match and others do not, breadth first through all states of their common
 * automaton: the product of the patterns' own automata. A state from which the line can no longer be found is left, and
 * so are nodes that decide nothing any more. One use, one thread.
 */
final class LineSearch {
    /** Nodes of one state whose bytes are told apart; beyond, every class of bytes is tried. */
    private static final int MOST_TOLD_APART = 60;

    private final Nfa nfa = new Nfa();
    private final int[] roots;
    private final ByteClasses classes;
    private final Stepper stepper;
    private final Reach reach;
    private final byte[] bytes;
    private final int wanted;
    private final int unwanted;
    private final int visitLimit;
    private final Deque<Place> waiting = new ArrayDeque<>();
    private final Set<Place> seen = new HashSet<>();
    private int visits;

    /**
     * Bit n of the masks is the n-th pattern: the line must match all the wanted and none of the unwanted ones. The limit
     * counts nodes visited, and with them time and memory.
     */
    LineSearch(List<Ast> patterns, int wanted, int unwanted, int visitLimit) {
        for (int i = 0; i < patterns.size(); i++) {
            int number = i;
            Branch.of(patterns.get(i)).forEach(branch -> nfa.add(branch, number));
        }
        this.wanted = wanted;
        this.unwanted = unwanted;
        this.visitLimit = visitLimit;
        this.roots = nfa.finish();
        this.classes = new ByteClasses(nfa);
        this.stepper = new Stepper(nfa, classes);
        this.reach = new Reach(nfa);
        this.bytes = readable(classes);
    }

    /** Whether the search came to an end within its limit. */
    boolean complete() {
        return visits <= visitLimit;
    }

    /** The line found, or null. */
    byte @Nullable [] find() {
        stepper.start(roots);
        offer(null, 0);
        while (!waiting.isEmpty() && complete()) {
            Place place = waiting.remove();
            int atEnd = matched(stepper.end(place.places, place.context), place.matched);
            if ((atEnd & wanted) == wanted && (atEnd & unwanted) == 0) {
                return place.line();
            }
            leave(place);
        }
        return null;
    }

    /** Tries one byte of each kind that the nodes of this place tell apart. */
    private void leave(Place place) {
        boolean apart = place.places.length > MOST_TOLD_APART || holdsAnchor(place.places) || classes.decoder() != null;
        long[] tried = new long[apart ? 0 : bytes.length];
        int count = 0;
        for (byte value : bytes) {
            if (!apart) {
                long kind = kind(place.places, value & 0xff);
                if (contains(tried, count, kind)) {
                    continue;
                }
                tried[count++] = kind;
            }
            stepper.step(place.places, place.context, classes.table()[value & 0xff]);
            visits += 1 + place.places.length;
            offer(place, value);
        }
    }

    private boolean holdsAnchor(int[] places) {
        for (int node : places) {
            if (nfa.kind(node) == Nfa.ANCHOR) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of one kind lead from these nodes, none of them an anchor, to the same nodes and the same context. */
    private long kind(int[] places, int value) {
        long kind = classes.context(classes.table()[value]);
        for (int node : places) {
            boolean takes = nfa.kind(node) == Nfa.BYTES && nfa.takes(node, value);
            kind = kind << 1 | (takes ? 1 : 0);
        }
        return kind;
    }

    private static boolean contains(long[] values, int count, long value) {
        for (int i = 0; i < count; i++) {
            if (values[i] == value) {
                return true;
            }
        }
        return false;
    }

    /** Keeps what the stepper has come to, if the line may lie behind it. */
    private void offer(@Nullable Place from, int by) {
        int[] places = stepper.places();
        int matched = matched(places, from == null ? 0 : from.matched);
        int possible = matched;
        int kept = 0;
        for (int node : places) {
            int mask = reach.mask(node);
            possible |= mask;
            if ((mask & ~matched) != 0) {
                places[kept++] = node;
            }
        }
        if ((matched & unwanted) == 0 && (possible & wanted) == wanted) {
            Place place = new Place(Arrays.copyOf(places, kept), stepper.context(), matched, from, by);
            if (seen.add(place)) {
                waiting.add(place);
            }
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
