package org.loghost.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds rules that do not what who wrote them expects, because rules of another kind outweigh them: ignore rules whose
 * own text makes a line an attack or a violation, and violations rules whose lines are cancelled all.
 *
 * <p>Nearly every ignore rule has some line in common with nearly every alarm, since {@code .*} and a host's name may
 * hold any word. So it is asked of lines that have nothing telling in such places: what makes an alarm of these stands
 * in the ignore rule itself. Rules of violations.ignore are there for such lines and are left in peace, and so are
 * ignore rules whose violations are cancelled. Used once, by one thread.
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
            Complaint complaint = switch (rule.kind()) {
                case ATTACK, VIOLATION_IGNORE -> null;
                case VIOLATION -> search.aboutViolation(rule);
                case IGNORE -> search.aboutIgnore(rule);
            };
            if (complaint != null) {
                found.add(complaint);
            }
        }
        return found;
    }

    private @Nullable Complaint aboutViolation(Rule rule) {
        BitSet matching = samples.matchingAll(rule);
        for (int id = matching.nextSetBit(0); id >= 0; id = matching.nextSetBit(id + 1)) {
            Rule relief = samples.rules().get(id);
            if (cancels(relief, rule) && samples.isWithin(rule, relief)) {
                return warning(
                        rule,
                        "never reports",
                        "the ignore rule " + Redundancy.place(relief) + " hides each of its lines",
                        "a narrower ignore rule, or delete this one",
                        samples.of(rule).get(0).line());
            }
        }
        return null;
    }

    private @Nullable Complaint aboutIgnore(Rule rule) {
        for (SampledRules.Sample sample : samples.of(rule)) {
            Rule alarm = alarm(sample.matching());
            if (alarm != null) {
                return outweighed(rule, alarm, sample.line());
            }
        }
        return null;
    }

    /** What reports a line that these rules match. */
    private @Nullable Rule alarm(BitSet matching) {
        for (int id = matching.nextSetBit(0); id >= 0; id = matching.nextSetBit(id + 1)) {
            Rule rule = samples.rules().get(id);
            if (rule.kind() == Rule.Kind.ATTACK || (rule.kind() == Rule.Kind.VIOLATION && counts(rule, matching))) {
                return rule;
            }
        }
        return null;
    }

    /** Whether no rule cancels the violation; the general file steps back where another one matches. */
    private boolean counts(Rule violation, BitSet matching) {
        return matching.stream()
                .mapToObj(samples.rules()::get)
                .noneMatch(other -> cancels(other, violation)
                        || (other.kind() == Rule.Kind.VIOLATION
                                && RuleGroups.stepsBack(family(violation), family(other))));
    }

    private boolean cancels(Rule relief, Rule violation) {
        return relief.kind() == Rule.Kind.VIOLATION_IGNORE && RuleGroups.isRelief(family(violation), family(relief));
    }

    private String family(Rule rule) {
        return logcheck ? rule.file().getFileName().toString() : "";
    }

    private Complaint outweighed(Rule rule, Rule alarm, String line) {
        boolean attack = alarm.kind() == Rule.Kind.ATTACK;
        String which = attack ? "attack" : "violations";
        String lines = samples.isWithin(rule, alarm) ? "each of its lines is" : "they are";
        String relief = logcheck ? "violations.ignore.d/" + family(alarm) : "logcheck.violations.ignore";
        return warning(
                rule,
                "hides lines that " + which + " rule " + Redundancy.place(alarm) + " matches",
                lines + " reported all the same",
                attack ? "make the attack rule narrower" : "put the rule into " + relief + " to be rid of them",
                line);
    }

    private static Complaint warning(Rule rule, String what, String why, String instead, String line) {
        return new Complaint(rule.file(), rule.line(), RuleFault.Level.WARNING, what, why, instead, line);
    }
}
