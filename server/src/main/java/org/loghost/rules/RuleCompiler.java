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
    /** What follows the time stamp in lines that have nothing in common but the form of a log line. */
    private static final List<String> BODIES =
            List.of(" a b", " zz 9", " 10.0.0.1 ~~~~", " x-y #033", " goblin kernel: K", " h_ q[7]: =");

    private static final String CLASSIC = "a classic time stamp";
    private static final String ISO = "an ISO time stamp";

    /**
     * The forms of time stamps, with different times: archives have the first, classic one; the files of other syslog
     * servers, and what RFC 5424 sends, the others. A rule that hides all lines of one form hides
     * everything where that form is in use.
     */
    private static final List<Form> FORMS = List.of(
            Form.of(
                    "Jan  1 00:00:00",
                    "Feb 22 11:11:11",
                    "Mar 13 22:22:22",
                    "Apr 30 03:33:33",
                    "Jul 14 14:54:45",
                    "Dec 31 23:59:59"),
            iso("Z", "Z"),
            iso("+00:00", "-05:30"),
            iso(".000Z", ".987Z"),
            iso(".000+00:00", ".987-05:30"),
            iso(".000000Z", ".987654Z"),
            iso(".000000+00:00", ".987654-05:30"));

    /** Lines with time stamps of one form. */
    private record Form(List<byte[]> lines) {
        static Form of(String... stamps) {
            List<byte[]> lines = new ArrayList<>();
            for (int i = 0; i < BODIES.size(); i++) {
                lines.add((stamps[i] + BODIES.get(i)).getBytes(StandardCharsets.US_ASCII));
            }
            return new Form(lines);
        }
    }

    private static Form iso(String one, String other) {
        return Form.of(
                "2000-01-01T00:00:00" + one,
                "2022-02-22T11:11:11" + other,
                "2013-03-13T22:22:22" + one,
                "2030-04-30T03:33:33" + other,
                "1997-07-14T14:54:45" + one,
                "2099-12-31T23:59:59" + other);
    }

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
        lines.stream()
                .map(RuleLine::source)
                .filter(groups::hasNoRoomFor)
                .distinct()
                .forEach(this::reportNoRoom);
    }

    private void reportNoRoom(RuleSource source) {
        faults.add(new RuleFault(
                source.path(),
                0,
                RuleFault.Level.WARNING,
                "of more than " + PatternSet.MAX_GROUPS
                        + " violations files with ignore files of their own, this one is"
                        + " cancelled by the local ignore files alone",
                "put the rules of several such files into one"));
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
        List<BitSet> matching = new ArrayList<>();
        BitSet any = new BitSet();
        for (Form form : FORMS) {
            BitSet all = matchingAll(form);
            matching.add(all);
            any.or(all);
        }
        List<RuleLine> kept = new ArrayList<>();
        for (int i = 0; i < valid.size(); i++) {
            if (!any.get(i) || !report(valid.get(i), which(i, matching))) {
                kept.add(valid.get(i));
            }
        }
        return kept;
    }

    /** The rules that match all lines of a form. Nearly always none matches the first one, and this is over. */
    private BitSet matchingAll(Form form) {
        BitSet all = new BitSet();
        byte[] first = form.lines().get(0);
        if (alarms.match(first, 0, first.length).isEmpty()
                && reliefs.match(first, 0, first.length).isEmpty()
                && ignores.match(first, 0, first.length).isEmpty()) {
            return all;
        }
        RuleProbe probe = new RuleProbe(rules, config);
        all.set(0, rules.size());
        form.lines().forEach(line -> all.and(probe.matching(line, 0, line.length)));
        return all;
    }

    /** Which lines a rule matches. */
    private static String which(int rule, List<BitSet> matching) {
        if (matching.stream().allMatch(all -> all.get(rule))) {
            return "every line";
        }
        return "every line with " + (matching.get(0).get(rule) ? CLASSIC : ISO);
    }

    /** Says that a rule matches everything; returns whether it is not to be used. */
    private boolean report(RuleLine line, String which) {
        boolean hides = line.source().kind().hides();
        String what = RuleFault.shown(line.text()) + " matches " + which;
        faults.add(
                hides
                        ? line.error(
                                what + " and would hide everything",
                                "this rule is not used; say what the lines to hide have of their own")
                        : line.warning(what, "every line is reported by it; delete it or say what it looks for"));
        return hides;
    }

    static PatternSet.Builder builder(RulesConfig config) {
        return PatternSet.builder().memory(config.memory()).utf8(config.utf8());
    }
}
