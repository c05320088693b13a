package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pattern that was accepted, as parsed, with the caller's group and number. {@code backReferences} says that only
 * backtracking can match it.
 */
record Member(
        Ast ast,
        boolean backReferences,
        boolean ignoreCase,
        boolean utf8,
        int group,
        int number,
        @Nullable Integer undecidedGroup) {
    /** More nodes than this in one pattern, repetitions written out, are refused. GNU grep takes minutes there. */
    static final int MAX_POSITIONS = 40_000;

    /** Reads a pattern for bytes. */
    static Member parse(byte[] pattern, boolean ignoreCase, int group, int number) throws PatternException {
        return parse(pattern, ignoreCase, false, group, number);
    }

    static Member parse(byte[] pattern, boolean ignoreCase, boolean utf8, int group, int number)
            throws PatternException {
        if (pattern.length > PatternSet.MAX_PATTERN) {
            throw new PatternException(
                    pattern.length + " bytes long (expected: at most " + PatternSet.MAX_PATTERN + ")",
                    PatternSet.MAX_PATTERN);
        }
        if (utf8) {
            refuseOtherThanUtf8(pattern);
        }
        Parser dfa = new Parser(pattern, ignoreCase, utf8, Parser.Dialect.DFA);
        Parser regex = new Parser(pattern, ignoreCase, utf8, Parser.Dialect.REGEX);
        Ast asRegex = regex.parse();
        Ast asDfa = dfa.parse();
        Ast ast = dfa.needsRegex() ? asRegex : asDfa;
        long positions = Positions.of(ast);
        if (positions > MAX_POSITIONS) {
            throw new PatternException(
                    "too large: " + (positions == Integer.MAX_VALUE ? "billions of" : positions)
                            + " positions once repetitions are written out (expected: at most " + MAX_POSITIONS + ")",
                    0);
        }
        return new Member(ast, !ast.equals(loosened(ast, utf8)), ignoreCase, utf8, group, number, null);
    }

    /** The same, to be reported in this group for lines on which backtracking gives up; null: not to be. */
    Member undecidedIn(@Nullable Integer other) {
        return new Member(ast, backReferences, ignoreCase, utf8, group, number, other);
    }

    Matches outcome() {
        return new Matches(new int[] {group}, new int[] {number}, new int[0]);
    }

    /** The outcome for a line on which backtracking gave up. */
    Matches undecidedOutcome() {
        return undecidedGroup == null
                ? Matches.NONE
                : new Matches(new int[] {undecidedGroup}, new int[] {number}, new int[0]);
    }

    private static void refuseOtherThanUtf8(byte[] pattern) throws PatternException {
        int at = 0;
        while (at < pattern.length) {
            int character = Utf8Decoder.decode(pattern, at, pattern.length);
            if (character == CharSet.INVALID) {
                throw new PatternException(
                        "byte 0x%02x is no character (expected: UTF-8, as utf8 = true says)"
                                .formatted(pattern[at] & 0xff),
                        at);
            }
            at += Utf8Decoder.length(character);
        }
    }

    /**
     * A pattern that the automaton can match, and that matches every line this one does, and maybe more: without
     * back-references, and in UTF-8 without the edges of words, for which a byte to either side is not enough.
     */
    Ast loosened() {
        return backReferences ? loosened(ast, utf8) : ast;
    }

    private static Ast loosened(Ast ast, boolean utf8) {
        if (ast instanceof Ast.BackReference) {
            Ast anything = utf8 ? new Ast.Chars(CharSet.ALL) : new Ast.Bytes(ByteSet.ALL);
            return new Ast.Repeat(anything, 0, Ast.Repeat.UNBOUNDED);
        }
        if (utf8
                && ast instanceof Ast.Anchor anchor
                && anchor.edge() != Ast.Edge.LINE_START
                && anchor.edge() != Ast.Edge.LINE_END) {
            return Ast.EMPTY;
        }
        if (ast instanceof Ast.Group group) {
            return new Ast.Group(group.number(), loosened(group.body(), utf8));
        }
        if (ast instanceof Ast.Repeat repeat) {
            return new Ast.Repeat(loosened(repeat.body(), utf8), repeat.min(), repeat.max());
        }
        if (ast instanceof Ast.Sequence sequence) {
            return new Ast.Sequence(each(sequence.items(), utf8));
        }
        if (ast instanceof Ast.Choice choice) {
            return new Ast.Choice(each(choice.items(), utf8));
        }
        return ast;
    }

    private static List<Ast> each(List<Ast> items, boolean utf8) {
        List<Ast> result = new ArrayList<>();
        for (Ast item : items) {
            result.add(loosened(item, utf8));
        }
        return List.copyOf(result);
    }
}
