package org.loghost.pattern;

import java.util.List;

/** What a pattern says, after parsing: immutable, compared by content, so that equal parts of rules can be shared. */
sealed interface Ast {
    /** Matches the empty string anywhere. */
    Ast EMPTY = new Sequence(List.of());

    /** One byte of the set. An empty set never matches. */
    record Bytes(ByteSet set) implements Ast {}

    /** One character of the set, in UTF-8: used for what goes beyond ASCII where patterns match characters. */
    record Chars(CharSet set) implements Ast {}

    /** A condition on the place between two bytes. */
    record Anchor(Edge edge) implements Ast {}

    record Sequence(List<Ast> items) implements Ast {}

    record Choice(List<Ast> items) implements Ast {}

    /** {@code max} is {@link #UNBOUNDED} where there is no upper bound. */
    record Repeat(Ast body, int min, int max) implements Ast {
        static final int UNBOUNDED = -1;
    }

    /** A pair of parentheses; the number matters to back-references only. */
    record Group(int number, Ast body) implements Ast {}

    record BackReference(int number) implements Ast {}

    /** The places a pattern can ask for. */
    enum Edge {
        LINE_START,
        LINE_END,
        WORD_START,
        WORD_END,
        WORD_EDGE,
        NOT_WORD_EDGE;

        /** Whether the place lies here, given whether the bytes before and after it exist and are word bytes. */
        boolean holds(int before, int after) {
            boolean wordBefore = before == Context.WORD;
            boolean wordAfter = after == Context.WORD;
            return switch (this) {
                case LINE_START -> before == Context.LINE_EDGE;
                case LINE_END -> after == Context.LINE_EDGE;
                case WORD_START -> !wordBefore && wordAfter;
                case WORD_END -> wordBefore && !wordAfter;
                case WORD_EDGE -> wordBefore != wordAfter;
                case NOT_WORD_EDGE -> wordBefore == wordAfter;
            };
        }
    }

    /** What stands beside a place in the line. */
    final class Context {
        static final int LINE_EDGE = 0;
        static final int WORD = 1;
        static final int OTHER = 2;
        /** How many contexts there are. */
        static final int COUNT = 3;

        private Context() {}
    }

    /** Concatenation without needless nesting. */
    static Ast sequence(List<Ast> items) {
        return items.size() == 1 ? items.get(0) : new Sequence(List.copyOf(items));
    }

    static Ast choice(List<Ast> items) {
        return items.size() == 1 ? items.get(0) : new Choice(List.copyOf(items));
    }

    /** Repetition; what is stacked on another one becomes one with it where that says exactly the same. */
    static Ast repeat(Ast body, int min, int max) {
        if (min == 1 && max == 1) {
            return body;
        }
        if (max == 0 || body.equals(EMPTY)) {
            return EMPTY;
        }
        if (body instanceof Repeat inner && inner.min == 0 && inner.max == 1) {
            return new Repeat(inner.body, 0, max);
        }
        if (body instanceof Repeat inner && inner.min <= 1 && inner.max == Repeat.UNBOUNDED && min <= 1) {
            return new Repeat(inner.body, Math.min(inner.min, min), Repeat.UNBOUNDED);
        }
        return new Repeat(body, min, max);
    }
}
