package org.loghost.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;
import org.loghost.rules.RuleSet;
import org.loghost.rules.Suggestion;
import org.loghost.rules.Verdicts;

/** What suggested rules would have hidden, counted line by line. One thread. */
final class HiddenLines {
    private static final int MOST_EXAMPLES = 3;
    /** Beyond, kinds are not told apart any more: making a pattern of a line takes its time. */
    private static final int MOST_LOOKED_AT = 200_000;

    private final PatternSet patterns;
    private final RuleSet rules;
    private final Verdicts verdicts = new Verdicts();
    private final Set<String> hosts = new TreeSet<>();
    private final Set<String> kinds = new HashSet<>();
    private final List<String> examples = new ArrayList<>();
    private long lines;
    private long alarms;

    HiddenLines(List<Suggestion> suggestions, RuleSet rules) throws PatternException {
        PatternSet.Builder builder = PatternSet.builder();
        for (Suggestion suggestion : suggestions) {
            builder.add(suggestion.pattern().getBytes(StandardCharsets.ISO_8859_1), false, 0, 0);
        }
        this.patterns = builder.build();
        this.rules = rules;
    }

    void add(String host, byte[] bytes, int offset, int length) {
        if (patterns.match(bytes, offset, length).isEmpty()) {
            return;
        }
        lines++;
        hosts.add(host);
        rules.classify(bytes, new int[] {offset}, new int[] {length}, 1, verdicts);
        if ((verdicts.tiers(0) & (RuleSet.ATTACK | RuleSet.VIOLATION)) != 0) {
            alarms++;
        }
        if (lines <= MOST_LOOKED_AT) {
            kind(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        }
    }

    /** Lines are of one kind when the same rule would be suggested for each alone. */
    private void kind(String line) {
        List<Suggestion> alone = Suggestion.of(List.of(line), true);
        if (!alone.isEmpty() && kinds.add(alone.get(0).pattern()) && examples.size() < MOST_EXAMPLES) {
            examples.add(line);
        }
    }

    /** How many kinds of lines there are, at least. */
    int kinds() {
        return kinds.size();
    }

    long lines() {
        return lines;
    }

    /** Lines that are an attack or a violation as well. */
    long alarms() {
        return alarms;
    }

    Set<String> hosts() {
        return hosts;
    }

    /** The first line of each of the first kinds, one byte per char. */
    List<String> examples() {
        return examples;
    }
}
