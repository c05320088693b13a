package org.loghost.pattern;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Makes the states of a branch's own automaton, all of them, to see whether they stay few. */
final class StateCount {
    private StateCount() {}

    static boolean staysBelow(int limit, Branch branch) {
        Nfa nfa = new Nfa();
        nfa.add(branch, 0);
        int[] roots = nfa.finish();
        ByteClasses classes = new ByteClasses(nfa);
        Stepper stepper = new Stepper(nfa, classes);
        Set<State> seen = new HashSet<>();
        Deque<State> waiting = new ArrayDeque<>();
        stepper.start(roots);
        State start = State.of(stepper);
        seen.add(start);
        waiting.add(start);
        while (!waiting.isEmpty() && seen.size() < limit) {
            State state = waiting.remove();
            for (int c = 0; c < classes.count(); c++) {
                stepper.step(state.places, state.context, c);
                State next = State.of(stepper);
                if (seen.add(next)) {
                    waiting.add(next);
                }
            }
        }
        return seen.size() < limit;
    }

    private static final class State {
        private final int[] places;
        private final int context;

        private State(int[] places, int context) {
            this.places = places;
            this.context = context;
        }

        static State of(Stepper stepper) {
            return new State(stepper.places(), stepper.context());
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof State other && context == other.context && Arrays.equals(places, other.places);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(places) * 31 + context;
        }
    }
}
