package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.Matches;
import org.loghost.pattern.PatternSet;

/**
 * All rules in use, compiled: says of each line which tiers it falls into and which rule decided.
 *
 * <p>In LogSentry's style the tiers are independent: a line may fall into all three, and an ignore rule hides it from
 * Unusual System Activity alone. In logcheck's style a line falls into one tier at most: an attack is nothing else, and
 * what a violations rule matches is never Unusual, even where violations.ignore cancels it; blanks at a line's end do
 * not count.
 *
 * <p>Immutable; any number of threads, each with {@link Verdicts} of its own.
 */
public final class RuleSet {
    /** The bit of ACTIVE SYSTEM ATTACK. */
    public static final int ATTACK = 1;

    /** The bit of Security Violations. */
    public static final int VIOLATION = 2;

    /** The bit of Unusual System Activity. */
    public static final int UNUSUAL = 4;

    private final RulesConfig config;
    private final boolean exclusive;
    private final List<Rule> rules;
    private final PatternSet alarms;
    private final PatternSet reliefs;
    private final PatternSet ignores;
    private final RuleGroups groups;
    private final List<RuleFile> files;
    private final List<RuleFault> faults;
    private final List<Path> writableByOthers;
    private final boolean complete;
    private final String digest;
    private volatile @Nullable RuleProbe probe;

    RuleSet(
            RulesConfig config,
            RuleCompiler compiled,
            List<RuleFile> files,
            List<RuleFault> faults,
            List<Path> writableByOthers,
            boolean complete) {
        this.config = config;
        this.exclusive = config.style() == RulesConfig.Style.LOGCHECK;
        this.rules = List.copyOf(compiled.rules());
        this.alarms = compiled.alarms();
        this.reliefs = compiled.reliefs();
        this.ignores = compiled.ignores();
        this.groups = compiled.groups();
        this.files = files;
        this.faults = faults;
        this.writableByOthers = writableByOthers;
        this.complete = complete;
        this.digest = digest(files);
    }

    /** The rules in use; a rule's id is its index. */
    public List<Rule> rules() {
        return rules;
    }

    /** The rule of this id. */
    public Rule rule(int id) {
        return rules.get(id);
    }

    RulesConfig config() {
        return config;
    }

    /** What is wrong with the rule files, in the order in which they were read. */
    public List<RuleFault> faults() {
        return faults;
    }

    /** The files that were read. */
    public List<RuleFile> files() {
        return files;
    }

    /** Rule files and folders that their group or everyone may change. */
    public List<Path> writableByOthers() {
        return writableByOthers;
    }

    /** Whether every file and folder that is there could be read; if not, a reload should keep the old set. */
    public boolean isComplete() {
        return complete;
    }

    /** How many states the automata hold now: they make them as lines need them. */
    public long states() {
        return alarms.states() + reliefs.states() + ignores.states();
    }

    /**
     * Rules that some lines took beyond the engine's limit of steps, with the number of such lines. A rule that reports
     * was taken to match them, one that hides not to, so that none was hidden. Only rules with back-references can do so,
     * and with {@code utf8} those with the edges of words.
     */
    public Map<Rule, Long> overLimit() {
        Map<Rule, Long> over = new LinkedHashMap<>();
        for (PatternSet patterns : List.of(alarms, reliefs, ignores)) {
            patterns.overLimit().forEach((id, lines) -> over.put(rules.get(id), lines));
        }
        return over;
    }

    /** What the operator is to know of each rule of {@link #overLimit}. */
    public List<String> undecided() {
        List<String> sentences = new ArrayList<>();
        overLimit().forEach((rule, lines) -> sentences.add(gaveUp(rule, lines)));
        return sentences;
    }

    /** What the operator is to know of a rule that gave up on so many lines. */
    public static String gaveUp(Rule rule, long lines) {
        return rule.file() + ":" + rule.line() + ": gave up on " + lines + (lines == 1 ? " line" : " lines")
                + " after too many steps, taken " + (rule.kind().hides() ? "not to match" : "to match")
                + " (expected: a rule without back-reference, or with fewer .* in it)";
    }

    /** Names this set by the contents of its files: SHA-256 in lower-case hexadecimal. */
    public String digest() {
        return digest;
    }

    /**
     * Classifies lines.
     *
     * @param bytes holds the lines; line {@code i} is the {@code lengths[i]} bytes at {@code offsets[i]}
     * @param count how many lines
     * @param out gets the verdicts, and the hits of these lines alone
     */
    public void classify(byte[] bytes, int[] offsets, int[] lengths, int count, Verdicts out) {
        out.begin(count, rules.size());
        int[] ends = exclusive ? trimmed(bytes, offsets, lengths, count, out.lengths) : lengths;
        alarms.match(bytes, offsets, ends, 0, count, out.alarms);
        ignores.match(bytes, offsets, ends, 0, count, out.ignores);
        for (int i = 0; i < count; i++) {
            if (out.alarms[i].isEmpty()) {
                quiet(out, i);
            } else {
                alarm(out, i, bytes, offsets[i], ends[i]);
            }
        }
    }

    /** The common case: no attack, no violation. */
    private static void quiet(Verdicts out, int line) {
        int ignore = out.ignores[line].rule(RuleGroups.IGNORE);
        if (ignore >= 0) {
            out.hit(ignore);
            out.set(line, 0, Verdicts.NO_RULE);
        } else {
            out.set(line, UNUSUAL, Verdicts.NO_RULE);
        }
    }

    private void alarm(Verdicts out, int line, byte[] bytes, int offset, int length) {
        Matches alarm = out.alarms[line];
        int attack = alarm.rule(RuleGroups.ATTACK);
        if (attack >= 0) {
            out.hit(attack);
            if (exclusive) {
                out.set(line, ATTACK, attack);
                return;
            }
        }
        int violation = alarm.count() > (attack >= 0 ? 1 : 0) ? violation(out, alarm, bytes, offset, length) : -1;
        int tiers = (attack >= 0 ? ATTACK : 0) | (violation >= 0 ? VIOLATION : 0);
        if (!exclusive) {
            int ignore = out.ignores[line].rule(RuleGroups.IGNORE);
            if (ignore >= 0) {
                out.hit(ignore);
            } else {
                tiers |= UNUSUAL;
            }
        }
        out.set(line, tiers, attack >= 0 ? attack : violation);
    }

    /** The lowest violations rule whose family is not cancelled, or -1. */
    private int violation(Verdicts out, Matches alarm, byte[] bytes, int offset, int length) {
        Matches relief = reliefs.match(bytes, offset, length);
        int lowest = -1;
        for (int i = 0; i < alarm.count(); i++) {
            int family = alarm.group(i);
            if (family == RuleGroups.ATTACK) {
                continue;
            }
            int rule = alarm.rule(family);
            out.hit(rule);
            int cancelling = cancelling(relief, family);
            if (cancelling >= 0) {
                out.hit(cancelling);
            } else if ((lowest < 0 || rule < lowest) && !isOfAnother(alarm, family)) {
                lowest = rule;
            }
        }
        return lowest;
    }

    /** The general violations file does not count for what another one matches, whether that is cancelled or not. */
    private boolean isOfAnother(Matches alarm, int family) {
        if (!groups.isGeneral(family)) {
            return false;
        }
        for (int i = 0; i < alarm.count(); i++) {
            int other = alarm.group(i);
            if (other != RuleGroups.ATTACK && groups.outranksGeneral(other)) {
                return true;
            }
        }
        return false;
    }

    private int cancelling(Matches relief, int family) {
        if (relief.isEmpty()) {
            return -1;
        }
        for (int group : groups.cancelling(family)) {
            int rule = relief.rule(group);
            if (rule >= 0) {
                return rule;
            }
        }
        return -1;
    }

    private static int[] trimmed(byte[] bytes, int[] offsets, int[] lengths, int count, int[] out) {
        for (int i = 0; i < count; i++) {
            int length = lengths[i];
            while (length > 0 && isBlank(bytes[offsets[i] + length - 1])) {
                length--;
            }
            out[i] = length;
        }
        return out;
    }

    /** {@code [[:space:]]} in the C locale. */
    private static boolean isBlank(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /** Why a line is reported or hidden. Slow; for single lines. */
    public Explanation explain(byte[] bytes, int offset, int length) {
        Verdicts verdicts = new Verdicts();
        int[] lengths = {length};
        classify(bytes, new int[] {offset}, lengths, 1, verdicts);
        int end = exclusive ? verdicts.lengths[0] : length;
        BitSet matching = probe().matching(bytes, offset, end);
        List<Rule> said = new ArrayList<>();
        Rule.Kind strongest = Rule.Kind.IGNORE;
        for (int id = matching.nextSetBit(0); id >= 0; id = matching.nextSetBit(id + 1)) {
            Rule rule = rules.get(id);
            if (rule.kind() != Rule.Kind.VIOLATION_IGNORE || cancelsOneOf(rule, matching)) {
                said.add(rule);
                strongest = rule.kind().compareTo(strongest) < 0 ? rule.kind() : strongest;
            }
        }
        if (exclusive) {
            withdraw(said, strongest);
        }
        List<Rule> undecided = probe().undecided(bytes, offset, end).stream()
                .mapToObj(rules::get)
                .toList();
        return new Explanation(verdicts.tiers(0), List.copyOf(said), undecided);
    }

    /** An attack leaves nothing to say to other rules, nor a violation, cancelled or not, to ignore rules. */
    private static void withdraw(List<Rule> said, Rule.Kind strongest) {
        said.removeIf(rule -> strongest == Rule.Kind.ATTACK
                ? rule.kind() != Rule.Kind.ATTACK
                : strongest == Rule.Kind.VIOLATION && rule.kind() == Rule.Kind.IGNORE);
    }

    private boolean cancelsOneOf(Rule relief, BitSet matching) {
        return matching.stream()
                .mapToObj(rules::get)
                .anyMatch(rule -> rule.kind() == Rule.Kind.VIOLATION
                        && (!exclusive || RuleGroups.isRelief(fileName(rule), fileName(relief))));
    }

    private static String fileName(Rule rule) {
        return rule.file().getFileName().toString();
    }

    private RuleProbe probe() {
        RuleProbe known = probe;
        if (known == null) {
            known = new RuleProbe(rules, config);
            probe = known;
        }
        return known;
    }

    private static String digest(List<RuleFile> files) {
        StringBuilder all = new StringBuilder();
        for (RuleFile file : files) {
            all.append(file.kind())
                    .append(' ')
                    .append(file.sha256())
                    .append(' ')
                    .append(file.path())
                    .append('\n');
        }
        return RuleLoader.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
