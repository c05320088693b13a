package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternAnalysis;
import org.loghost.pattern.PatternException;

/**
 * A few lines of each rule, and which of all rules match them: a rule that another one does without must match all its
 * lines, so that of the millions of pairs of rules few are left to look into. One thread.
 */
final class SampledRules {
    /** Alternatives of one rule that are tried. */
    private static final int MOST_SAMPLES = 12;

    private final RulesConfig config;
    private final List<Rule> rules;
    private final List<List<Sample>> samples = new ArrayList<>();
    private final List<BitSet> matchingAll = new ArrayList<>();
    private final List<@Nullable PatternAnalysis> analyses = new ArrayList<>();

    /**
     * A line that a rule matches.
     *
     * @param line one byte per char; it reads well, and where the rule leaves open what stands there, nothing telling does
     * @param matching the ids of all rules that match it
     */
    record Sample(String line, BitSet matching) {}

    /** Of rules that have been compiled under this configuration; takes about a second for some thousand rules. */
    SampledRules(List<Rule> rules, RulesConfig config, Lint.Progress progress) {
        this.config = config;
        this.rules = rules;
        RuleProbe probe = new RuleProbe(rules, config);
        for (Rule rule : rules) {
            analyses.add(null);
            sample(rule, probe);
            progress.at(rule.id() + 1, rules.size());
        }
    }

    private void sample(Rule rule, RuleProbe probe) {
        PatternAnalysis analysis = analysis(rule);
        List<Sample> plain = new ArrayList<>();
        for (byte[] line : analysis.plainSamples(MOST_SAMPLES)) {
            BitSet matching = probe.matching(line, 0, line.length);
            if (matching.get(rule.id())) {
                plain.add(new Sample(new String(line, StandardCharsets.ISO_8859_1), matching));
            }
        }
        samples.add(plain);
        BitSet all = new BitSet();
        if (!plain.isEmpty()) {
            byte[] odd = analysis.oddSample();
            BitSet matching = probe.matching(odd, 0, odd.length);
            all.or(matching.get(rule.id()) ? matching : plain.get(0).matching());
            plain.forEach(sample -> all.and(sample.matching()));
        }
        matchingAll.add(all);
    }

    List<Rule> rules() {
        return rules;
    }

    /** Lines of a rule that read well; none when none was found at once. */
    List<Sample> of(Rule rule) {
        return samples.get(rule.id());
    }

    /** The rules that match all samples of a rule, itself among them; empty when it has none. */
    BitSet matchingAll(Rule rule) {
        return matchingAll.get(rule.id());
    }

    /** Whether it is certain that each line that the rule matches is matched by the other one. */
    boolean isWithin(Rule rule, Rule other) {
        return matchingAll(rule).get(other.id())
                && analysis(rule).subsumedBy(analysis(other)) == PatternAnalysis.Answer.YES;
    }

    /** Whether it is certain that no line matches. */
    boolean isImpossible(Rule rule) {
        return of(rule).isEmpty() && analysis(rule).neverMatches() == PatternAnalysis.Answer.YES;
    }

    /** A shortest line that the rule matches; null when none was found. */
    @Nullable
    String shortestLine(Rule rule) {
        return analysis(rule)
                .witness()
                .map(line -> new String(line, StandardCharsets.ISO_8859_1))
                .orElse(null);
    }

    private PatternAnalysis analysis(Rule rule) {
        PatternAnalysis known = analyses.get(rule.id());
        if (known != null) {
            return known;
        }
        try {
            PatternAnalysis analysis = PatternAnalysis.of(
                    rule.pattern().getBytes(StandardCharsets.ISO_8859_1),
                    RuleCompiler.ignoresCase(config, rule.kind()));
            analyses.set(rule.id(), analysis);
            return analysis;
        } catch (PatternException e) {
            throw new IllegalStateException(rule.name() + " compiled before", e);
        }
    }
}
