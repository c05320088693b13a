package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternAnalysis;
import org.loghost.pattern.PatternAnalysis.Answer;

/**
 * Rules that change nothing because of another one: all their lines match a rule that does the same, or are hidden, or
 * are reported, by a rule that outweighs them. Decided by the automata of the two patterns, over all lines there are;
 * what cannot be decided within bounds is left out.
 *
 * <p>Comparing every rule with every other would take hours. A rule can only be covered by one that matches a shortest
 * line of it; so that line is tried on all rules at once, and the few that match are compared. Used once, by one thread.
 */
final class RuleOverlaps {
    /** Of the rules that match a rule's shortest line, so many are compared with it. */
    private static final int MOST_COMPARED = 32;

    private final List<RulePattern> patterns;
    private final List<@Nullable PatternAnalysis> analyses = new ArrayList<>();
    private final RuleIndex index;
    private final List<Complaint> found = new ArrayList<>();

    RuleOverlaps(List<RulePattern> patterns) {
        this.patterns = patterns;
        patterns.forEach(pattern -> analyses.add(pattern.analysis()));
        this.index = new RuleIndex(patterns);
    }

    /** All of them; {@code progress} is told how many rules are done. */
    List<Complaint> find(IntConsumer progress) {
        for (int i = 0; i < patterns.size(); i++) {
            byte[] line = shortestLine(i);
            if (line != null) {
                compare(i, line, index.matching(line));
            }
            progress.accept(i + 1);
        }
        return found;
    }

    private byte @Nullable [] shortestLine(int number) {
        PatternAnalysis analysis = analyses.get(number);
        return analysis == null ? null : analysis.witness().orElse(null);
    }

    private void compare(int number, byte[] line, List<Integer> matching) {
        RulePattern rule = patterns.get(number);
        boolean relieved = rule.kind() == Rule.Kind.IGNORE
                && matching.stream().anyMatch(other -> patterns.get(other).kind() == Rule.Kind.VIOLATION_IGNORE);
        int compared = 0;
        for (int other : matching) {
            RulePattern candidate = patterns.get(other);
            if (other == number || !concerns(rule, candidate, relieved)) {
                continue;
            }
            if (++compared > MOST_COMPARED) {
                return;
            }
            if (isCovered(number, other)) {
                say(number, other, line);
                return;
            }
        }
    }

    /** Whether a rule is idle when the other matches all of its lines. */
    private static boolean concerns(RulePattern rule, RulePattern other, boolean relieved) {
        if (rule.kind() == other.kind()) {
            boolean perFile = rule.kind() == Rule.Kind.VIOLATION || rule.kind() == Rule.Kind.VIOLATION_IGNORE;
            return !rule.text().equals(other.text())
                    && other.accompanies(rule)
                    && (!perFile || rule.family().equals(other.family()));
        }
        return switch (rule.kind()) {
            case ATTACK, VIOLATION_IGNORE -> false;
            case VIOLATION ->
                other.kind() == Rule.Kind.VIOLATION_IGNORE && RuleGroups.isRelief(rule.family(), other.family());
            case IGNORE -> other.kind() != Rule.Kind.VIOLATION_IGNORE && !relieved;
        };
    }

    private boolean isCovered(int narrow, int wide) {
        PatternAnalysis rule = analyses.get(narrow);
        PatternAnalysis cover = analyses.get(wide);
        return rule != null && cover != null && rule.subsumedBy(cover) == Answer.YES;
    }

    private void say(int number, int other, byte[] line) {
        RulePattern rule = patterns.get(number);
        RulePattern cover = patterns.get(other);
        if (rule.kind() == cover.kind()) {
            if (!isCovered(other, number)) {
                add(
                        rule,
                        line,
                        "shadowed by " + cover.place(),
                        "that rule matches each of its lines",
                        "delete this one");
            } else if (other < number) {
                add(rule, line, "equivalent to " + cover.place(), "both match the same lines", "delete one of them");
            }
        } else if (rule.kind() == Rule.Kind.VIOLATION) {
            add(
                    rule,
                    line,
                    "never reports",
                    "the ignore rule " + cover.place() + " hides each of its lines",
                    "a narrower ignore rule, or delete this one");
        } else {
            add(
                    rule,
                    line,
                    "hides nothing",
                    "each of its lines is reported all the same by the "
                            + (cover.kind() == Rule.Kind.ATTACK ? "attack" : "violations") + " rule " + cover.place(),
                    "a narrower rule there"
                            + (cover.kind() == Rule.Kind.ATTACK
                                    ? ""
                                    : ", or this one in the violations' ignore file too"));
        }
    }

    private void add(RulePattern rule, byte[] line, String what, String why, String instead) {
        String witness = new String(line, StandardCharsets.ISO_8859_1);
        found.add(new Complaint(rule.file(), rule.line(), RuleFault.Level.WARNING, what, why, instead, witness));
    }
}
