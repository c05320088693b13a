package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.loghost.pattern.Matches;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;

/**
 * Tells all rules that match a line, while the automata of a {@link RuleSet} tell the first of each group: every rule is
 * a group of its own here. For tools. Any thread.
 */
final class RuleIndex {
    private final List<PatternSet> sets = new ArrayList<>();

    /** Pattern number i is the i-th of the list; one that is refused matches nothing. */
    RuleIndex(List<RulePattern> patterns) {
        for (int from = 0; from < patterns.size(); from += PatternSet.MAX_GROUPS) {
            PatternSet.Builder set = PatternSet.builder();
            for (int i = from; i < Math.min(from + PatternSet.MAX_GROUPS, patterns.size()); i++) {
                add(set, patterns.get(i), i - from, i);
            }
            sets.add(set.build());
        }
    }

    private static void add(PatternSet.Builder set, RulePattern pattern, int group, int number) {
        try {
            set.add(pattern.text().getBytes(StandardCharsets.ISO_8859_1), pattern.ignoreCase(), group, number);
        } catch (PatternException refused) {
            // Whoever loads the rule says so.
        }
    }

    /** The numbers of the patterns that match, ascending. */
    List<Integer> matching(byte[] line) {
        List<Integer> numbers = new ArrayList<>();
        for (PatternSet set : sets) {
            Matches matches = set.match(line, 0, line.length);
            for (int i = 0; i < matches.count(); i++) {
                numbers.add(matches.rule(matches.group(i)));
            }
        }
        return numbers;
    }
}
