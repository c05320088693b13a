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

    /** Nodes visited in one search. */
    private static final int VISIT_LIMIT = 2_000_000;

    private final Member rule;

    private PatternAnalysis(Member rule) {
        this.rule = rule;
    }

    /** Reads a pattern as {@link PatternSet.Builder#add} does. */
    public static PatternAnalysis of(byte[] pattern, boolean ignoreCase) throws PatternException {
        return of(pattern, ignoreCase, false);
    }

    /** The same for characters, if wanted. */
    public static PatternAnalysis of(byte[] pattern, boolean ignoreCase, boolean utf8) throws PatternException {
        return new PatternAnalysis(Member.parse(pattern, ignoreCase, utf8, 0, 0));
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
