package org.loghost.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds ignore rules whose own text makes a line an attack or a violation: who wrote them expects such lines to be gone,
 * and they are reported all the same.
 *
 * <p>Nearly every pair of rules has some line in common, since {@code .*} and a host's name may hold any word. So it is
 * asked of lines that have nothing telling in such places: what makes an alarm of these stands in the ignore rule
 * itself. Rules of violations.ignore are there for such lines and are left in peace, and so are ignore rules whose
 * violations are cancelled. Used once, by one thread.
 */
final class AlarmOverlap {
    private final SampledRules samples;
    private final boolean logcheck;

    private AlarmOverlap(SampledRules samples, RulesConfig config) {
        this.samples = samples;
        this.logcheck = config.style() == RulesConfig.Style.LOGCHECK;
    }

    /** At most one complaint for each rule, in their order. */
    static List<Complaint> among(SampledRules samples, RulesConfig config) {
        AlarmOverlap search = new AlarmOverlap(samples, config);
        List<Complaint> found = new ArrayList<>();
        for (Rule rule : samples.rules()) {
            if (rule.kind() == Rule.Kind.IGNORE) {
                Complaint complaint = search.about(rule);
                if (complaint != null) {
                    found.add(complaint);
                }
            }
        }
        return found;
    }

    private @Nullable Complaint about(Rule rule) {
        for (SampledRules.Sample sample : samples.of(rule)) {
            Rule alarm = alarm(sample.matching());
            if (alarm != null) {
                return complaint(rule, alarm, sample.line());
            }
        }
        return null;
    }

    private @Nullable Rule alarm(BitSet matching) {
        for (int id = matching.nextSetBit(0); id >= 0; id = matching.nextSetBit(id + 1)) {
            Rule rule = samples.rules().get(id);
            if (rule.kind() == Rule.Kind.ATTACK || (rule.kind() == Rule.Kind.VIOLATION && !cancelled(rule, matching))) {
                return rule;
            }
        }
        return null;
    }

    private boolean cancelled(Rule violation, BitSet matching) {
        return matching.stream()
                .mapToObj(samples.rules()::get)
                .anyMatch(rule -> rule.kind() == Rule.Kind.VIOLATION_IGNORE
                        && (!logcheck || RuleGroups.isRelief(fileName(violation), fileName(rule))));
    }

    private static String fileName(Rule rule) {
        return rule.file().getFileName().toString();
    }

    private Complaint complaint(Rule rule, Rule alarm, String line) {
        boolean attack = alarm.kind() == Rule.Kind.ATTACK;
        String which = attack ? "attack" : "violations";
        String what = "hides lines that " + which + " rule " + Redundancy.place(alarm) + " matches";
        String why =
                "they are reported all the same" + (logcheck ? "" : ", and no longer stand among the unusual ones");
        String relief = logcheck ? "violations.ignore.d/" + fileName(alarm) : "logcheck.violations.ignore";
        String instead =
                attack ? "make the attack rule narrower" : "put the rule into " + relief + " to be rid of them";
        return new Complaint(rule.file(), rule.line(), RuleFault.Level.WARNING, what, why, instead, line);
    }
}
