package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;

/** One pattern that was accepted, as parsed, with the caller's group and number. */
record Rule(Ast ast, boolean backReferences, boolean ignoreCase, int group, int number) {
    /** More nodes than this in one pattern, repetitions written out, are refused. GNU grep takes minutes there. */
    static final int MAX_POSITIONS = 40_000;

    private static final int MAX_LENGTH = 65_535;

    static Rule parse(byte[] pattern, boolean ignoreCase, int group, int number) throws PatternException {
        if (pattern.length > MAX_LENGTH) {
            throw new PatternException(
                    pattern.length + " bytes long (expected: at most " + MAX_LENGTH + ")", MAX_LENGTH);
        }
        Parser dfa = new Parser(pattern, ignoreCase, Parser.Dialect.DFA);
        Parser regex = new Parser(pattern, ignoreCase, Parser.Dialect.REGEX);
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
        return new Rule(ast, hasBackReference(ast), ignoreCase, group, number);
    }

    Matches outcome() {
        return new Matches(new int[] {group}, new int[] {number}, new int[0]);
    }

    private static boolean hasBackReference(Ast ast) {
        return !ast.equals(withoutBackReferences(ast));
    }

    /** A pattern without back-references that matches every line this one does, and maybe more. */
    Ast loosened() {
        return backReferences ? withoutBackReferences(ast) : ast;
    }

    private static Ast withoutBackReferences(Ast ast) {
        if (ast instanceof Ast.BackReference) {
            return new Ast.Repeat(new Ast.Bytes(ByteSet.ALL), 0, Ast.Repeat.UNBOUNDED);
        }
        if (ast instanceof Ast.Group group) {
            return new Ast.Group(group.number(), withoutBackReferences(group.body()));
        }
        if (ast instanceof Ast.Repeat repeat) {
            return new Ast.Repeat(withoutBackReferences(repeat.body()), repeat.min(), repeat.max());
        }
        if (ast instanceof Ast.Sequence sequence) {
            return new Ast.Sequence(each(sequence.items()));
        }
        if (ast instanceof Ast.Choice choice) {
            return new Ast.Choice(each(choice.items()));
        }
        return ast;
    }

    private static List<Ast> each(List<Ast> items) {
        List<Ast> result = new ArrayList<>();
        for (Ast item : items) {
            result.add(withoutBackReferences(item));
        }
        return List.copyOf(result);
    }
}
