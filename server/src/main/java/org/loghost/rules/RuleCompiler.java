package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;

/**
 * Makes three automata of the patterns of all files: alarms (attack and violations), reliefs (violations.ignore) and
 * ignores. Apart they stay small where one for all would multiply its states, and reliefs are asked for rarely.
 *
 * <p>Used once, by one thread.
 */
final class RuleCompiler {
    /**
     * Lines that have nothing in common but the form of a log line. A rule that hides all of them hides everything.
     */
    private static final List<String> PROBES = List.of(
            "Jan  1 00:00:00 a b",
            "Feb 22 11:11:11 zz 9",
            "Mar 13 22:22:22 10.0.0.1 ~~~~",
            "Apr 30 03:33:33 x-y #033",
            "Jul 14 14:54:45 goblin kernel: K",
            "Dec 31 23:59:59 h_ q[7]: =");

    private final RulesConfig config;
    private final List<RuleFault> faults;
    private List<Rule> rules = new ArrayList<>();
    private RuleGroups groups = new RuleGroups(List.of());
    private PatternSet alarms;
    private PatternSet reliefs;
    private PatternSet ignores;

    RuleCompiler(RulesConfig config, List<RuleFault> faults) {
        this.config = config;
        this.faults = faults;
        alarms = builder(config).build();
        reliefs = alarms;
        ignores = alarms;
    }

    /** Makes a fault of each pattern that cannot be used, and the automata of the others. */
    void compile(List<RuleLine> lines) {
        List<RuleLine> valid = compileValid(lines);
        List<RuleLine> harmless = withoutHidingAll(valid);
        if (harmless.size() < valid.size()) {
            compileValid(harmless);
        }
    }

    List<Rule> rules() {
        return rules;
    }

    PatternSet alarms() {
        return alarms;
    }

    PatternSet reliefs() {
        return reliefs;
    }

    PatternSet ignores() {
        return ignores;
    }

    RuleGroups groups() {
        return groups;
    }

    private List<RuleLine> compileValid(List<RuleLine> lines) {
        rules = new ArrayList<>();
        groups = new RuleGroups(lines);
        PatternSet.Builder alarm = builder(config);
        PatternSet.Builder relief = builder(config);
        PatternSet.Builder ignore = builder(config);
        List<RuleLine> valid = new ArrayList<>();
        for (RuleLine line : lines) {
            PatternSet.Builder target = switch (line.source().kind()) {
                case ATTACK, VIOLATION -> alarm;
                case VIOLATION_IGNORE -> relief;
                case IGNORE -> ignore;
            };
            target.undecidedGroup(groups.undecided(line.source(), config.style()));
            if (add(target, line, groups.of(line.source()), rules.size())) {
                rules.add(rule(line, rules.size()));
                valid.add(line);
            }
        }
        alarms = alarm.build();
        reliefs = relief.build();
        ignores = ignore.build();
        return valid;
    }

    private boolean add(PatternSet.Builder target, RuleLine line, int group, int id) {
        try {
            target.add(
                    line.text().getBytes(StandardCharsets.ISO_8859_1),
                    ignoresCase(config, line.source().kind()),
                    group,
                    id);
            return true;
        } catch (PatternException e) {
            faults.add(line.error(
                    e.getMessage() + " at byte " + (e.offset() + 1) + " of " + RuleFault.shown(line.text()),
                    "this rule is not used; correct it"));
            return false;
        }
    }

    /** LogSentry calls egrep with -i for the first two files alone; logcheck never does. */
    static boolean ignoresCase(RulesConfig config, Rule.Kind kind) {
        return config.style() == RulesConfig.Style.LOGSENTRY && !kind.hides();
    }

    private static Rule rule(RuleLine line, int id) {
        RuleSource source = line.source();
        return new Rule(id, source.kind(), source.path(), source.name(), line.line(), line.text(), line.meaning());
    }

    private List<RuleLine> withoutHidingAll(List<RuleLine> valid) {
        BitSet all = matchingAllProbes(valid);
        List<RuleLine> kept = new ArrayList<>();
        for (int i = 0; i < valid.size(); i++) {
            RuleLine line = valid.get(i);
            if (!all.get(i)) {
                kept.add(line);
            } else if (line.source().kind().hides()) {
                faults.add(line.error(
                        RuleFault.shown(line.text()) + " matches every line and would hide everything",
                        "this rule is not used; say what the lines to hide have of their own"));
            } else {
                kept.add(line);
                faults.add(line.warning(
                        RuleFault.shown(line.text()) + " matches every line",
                        "every line is reported by it; delete it or say what it looks for"));
            }
        }
        return kept;
    }

    /** Nearly always no rule matches the first probe, and this is over. */
    private BitSet matchingAllProbes(List<RuleLine> valid) {
        BitSet all = new BitSet();
        byte[] first = PROBES.get(0).getBytes(StandardCharsets.US_ASCII);
        if (alarms.match(first, 0, first.length).isEmpty()
                && reliefs.match(first, 0, first.length).isEmpty()
                && ignores.match(first, 0, first.length).isEmpty()) {
            return all;
        }
        RuleProbe probe = new RuleProbe(rules, config);
        all.set(0, valid.size());
        for (String line : PROBES) {
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            all.and(probe.matching(bytes, 0, bytes.length));
        }
        return all;
    }

    static PatternSet.Builder builder(RulesConfig config) {
        return PatternSet.builder().memory(config.memory()).utf8(config.utf8());
    }
}
