package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can be said about one pattern without a line: for checking rules. Immutable; safe from several threads. Each
 * question explores the automaton of the patterns it concerns, up to a number of steps (some hundredths of a second), and is
 * {@link Answer#UNKNOWN} beyond, and always with back-references.
 */
public final class PatternAnalysis {
    /** The answer to a question about all lines. */
    public enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    /** Places of a pattern where its writer may have meant something else. */
    public enum Suspicion {
        /** A bracket expression, for looking into it. */
        BRACKET,
        /** An escape or operator that Perl knows and {@code grep -E} takes otherwise. */
        PERL
    }

    /** A part of the pattern: {@code length} bytes from {@code offset}. */
    public record Part(Suspicion suspicion, int offset, int length) {}

    /** Nodes visited in one search. */
    private static final int VISIT_LIMIT = 2_000_000;

    private final Member rule;
    private final List<Part> parts;

    private PatternAnalysis(Member rule, List<Part> parts) {
        this.rule = rule;
        this.parts = parts;
    }

    /** Reads a pattern as {@link PatternSet.Builder#add} does. */
    public static PatternAnalysis of(byte[] pattern, boolean ignoreCase) throws PatternException {
        return of(pattern, ignoreCase, false);
    }

    /** The same for characters, if wanted; then there are no {@link #parts}. */
    public static PatternAnalysis of(byte[] pattern, boolean ignoreCase, boolean utf8) throws PatternException {
        Member rule = Member.parse(pattern, ignoreCase, utf8, 0, 0);
        return new PatternAnalysis(rule, utf8 ? List.of() : new SuspicionScanner(pattern, ignoreCase).scan());
    }

    /** Whether every line matches, the empty one included. */
    public Answer matchesEveryLine() {
        return noLine(search(0, 1));
    }

    /** Whether no line can match. */
    public Answer neverMatches() {
        return noLine(search(1, 0));
    }

    /** Whether each line that matches this pattern matches the other too. */
    public Answer subsumedBy(PatternAnalysis other) {
        return other.rule.backReferences() ? Answer.UNKNOWN : noLine(search(1, 2, other.rule));
    }

    /** A shortest line that matches, if one is found. */
    public Optional<byte[]> witness() {
        return line(search(1, 0));
    }

    /** A shortest line that matches this pattern and not the other, if one is found. */
    public Optional<byte[]> witnessAgainst(PatternAnalysis other) {
        return other.rule.backReferences() ? Optional.empty() : line(search(1, 2, other.rule));
    }

    /**
     * Lines made of the pattern's own text, each alternative in one of them, with the same plain byte wherever many may
     * stand. Found without a search. Nearly all match; which ones do is for the caller to try.
     *
     * @param most at most so many, but two at least
     */
    public List<byte[]> plainSamples(int most) {
        return new SampleLines(rule.ast()).plain(most);
    }

    /** Such a line with the last byte of each set instead: patterns alike but for narrower sets do not match it. */
    public byte[] oddSample() {
        return new SampleLines(rule.ast()).odd();
    }

    public boolean hasBackReferences() {
        return rule.backReferences();
    }

    /** Whether there is a {@code |} outside all parentheses. */
    public boolean hasTopLevelAlternation() {
        return rule.ast() instanceof Ast.Choice;
    }

    /** Whether each top-level alternative begins with {@code ^}. */
    public boolean isAnchoredAtStart() {
        return alternatives().stream().allMatch(ast -> isEdge(ast, true, Ast.Edge.LINE_START));
    }

    /** Whether each top-level alternative ends with {@code $}. */
    public boolean isAnchoredAtEnd() {
        return alternatives().stream().allMatch(ast -> isEdge(ast, false, Ast.Edge.LINE_END));
    }

    /** Parts of the pattern worth a second look, in order. */
    public List<Part> parts() {
        return parts;
    }

    private List<Ast> alternatives() {
        return rule.ast() instanceof Ast.Choice choice ? choice.items() : List.of(rule.ast());
    }

    private static boolean isEdge(Ast ast, boolean first, Ast.Edge edge) {
        if (ast instanceof Ast.Sequence sequence) {
            int size = sequence.items().size();
            return size > 0 && isEdge(sequence.items().get(first ? 0 : size - 1), first, edge);
        }
        if (ast instanceof Ast.Group group) {
            return isEdge(group.body(), first, edge);
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().allMatch(item -> isEdge(item, first, edge));
        }
        return ast.equals(new Ast.Anchor(edge));
    }

    /** A search in this pattern, number 0, and the others after it. */
    private LineSearch search(int wanted, int unwanted, Member... others) {
        List<Ast> patterns = new ArrayList<>();
        patterns.add(rule.loosened());
        for (Member other : others) {
            patterns.add(other.loosened());
        }
        return new LineSearch(patterns, wanted, unwanted, VISIT_LIMIT);
    }

    private Answer noLine(LineSearch search) {
        if (rule.backReferences()) {
            return Answer.UNKNOWN;
        }
        boolean none = search.find() == null;
        return !none ? Answer.NO : search.complete() ? Answer.YES : Answer.UNKNOWN;
    }

    private Optional<byte[]> line(LineSearch search) {
        return rule.backReferences() ? Optional.empty() : Optional.ofNullable(search.find());
    }
}
