package org.loghost.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that could be deleted and nothing would change: those that stand twice, and those whose lines another
 * rule that does the same matches all. What is found is certain, proved on the automaton of both; a pair that takes too
 * long is left out. Used once, by one thread.
 */
final class Redundancy {
    /** Rules that are looked into for one; who has more of them has found one before. */
    private static final int MOST_CANDIDATES = 16;

    private final SampledRules samples;
    private final RulesConfig config;
    private final BitSet distinct = new BitSet();
    private final List<Complaint> found = new ArrayList<>();

    private Redundancy(SampledRules samples, RulesConfig config) {
        this.samples = samples;
        this.config = config;
    }

    /** At most one complaint for each rule, in their order. */
    static List<Complaint> among(SampledRules samples, RulesConfig config, Lint.Progress progress) {
        Redundancy search = new Redundancy(samples, config);
        search.sameText();
        search.sameLines(progress);
        return search.found;
    }

    private void sameText() {
        Map<String, Rule> kept = new HashMap<>();
        for (Rule rule : samples.rules()) {
            kept.merge(scope(rule) + " " + rule.pattern(), rule, (one, two) -> isBefore(one, two) ? one : two);
        }
        for (Rule rule : samples.rules()) {
            Rule other = kept.getOrDefault(scope(rule) + " " + rule.pattern(), rule);
            if (other.id() == rule.id()) {
                distinct.set(rule.id());
            } else {
                say(rule, "the same as " + place(other), "", "delete one of them", null);
            }
        }
    }

    private void sameLines(Lint.Progress progress) {
        for (Rule rule : samples.rules()) {
            if (distinct.get(rule.id())) {
                compare(rule);
            }
            progress.at(rule.id() + 1, samples.rules().size(), "comparing rules");
        }
    }

    private void compare(Rule rule) {
        BitSet candidates = (BitSet) samples.matchingAll(rule).clone();
        candidates.and(distinct);
        candidates.clear(rule.id());
        int left = MOST_CANDIDATES;
        for (int id = candidates.nextSetBit(0); id >= 0 && left > 0; id = candidates.nextSetBit(id + 1)) {
            Rule other = samples.rules().get(id);
            if (scope(rule).equals(scope(other)) && level(other) <= level(rule)) {
                left--;
                if (isNeedlessBeside(rule, other)) {
                    return;
                }
            }
        }
    }

    private boolean isNeedlessBeside(Rule rule, Rule other) {
        if (!samples.isWithin(rule, other)) {
            return false;
        }
        String line = samples.of(rule).get(0).line();
        if (samples.isWithin(other, rule)) {
            boolean second = isBefore(other, rule);
            if (second) {
                say(rule, "equivalent to " + place(other), "both match the same lines", "delete one of them", line);
            }
            return second;
        }
        if (saysMore(rule, other)) {
            return false;
        }
        say(
                rule,
                "shadowed by " + place(other),
                "which matches all lines that this rule does",
                "delete it, or make that one narrower",
                line);
        return true;
    }

    /** Whether a report tells what this rule's lines mean because it stands before the wider one. */
    private static boolean saysMore(Rule rule, Rule other) {
        return !rule.kind().hides() && rule.meaning() != null && rule.id() < other.id();
    }

    /** Of two rules alike the one to keep. */
    private boolean isBefore(Rule one, Rule two) {
        return level(one) != level(two) ? level(one) < level(two) : one.id() < two.id();
    }

    /** A rule of a lower level is there in all levels above, and not the other way round. */
    private int level(Rule rule) {
        List<RulesConfig.Level> levels = List.of(RulesConfig.Level.values());
        for (int i = 1; i < levels.size(); i++) {
            if (folder(rule).equals("ignore.d." + levels.get(i).name().toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        return 0;
    }

    private static String folder(Rule rule) {
        int slash = rule.source().lastIndexOf('/');
        String above = slash < 0 ? "" : rule.source().substring(0, slash);
        return above.substring(above.lastIndexOf('/') + 1);
    }

    /** logcheck cancels violations file by file: there the same pattern in two files is not the same rule. */
    private String scope(Rule rule) {
        boolean perFile = config.style() == RulesConfig.Style.LOGCHECK
                && (rule.kind() == Rule.Kind.VIOLATION || rule.kind() == Rule.Kind.VIOLATION_IGNORE);
        return rule.kind() + (perFile ? " " + rule.file().getFileName() : "");
    }

    static String place(Rule rule) {
        return rule.file() + ":" + rule.line();
    }

    private void say(Rule rule, String what, String why, String instead, @Nullable String line) {
        found.add(new Complaint(rule.file(), rule.line(), RuleFault.Level.WARNING, what, why, instead, line));
    }
}
