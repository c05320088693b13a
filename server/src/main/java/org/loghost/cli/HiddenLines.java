package org.loghost.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    private final PatternSet patterns;
    private final RuleSet rules;
    private final Verdicts verdicts = new Verdicts();
    private final Set<String> hosts = new TreeSet<>();
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
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        }
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

    /** The first lines, one byte per char. */
    List<String> examples() {
        return examples;
    }
}
