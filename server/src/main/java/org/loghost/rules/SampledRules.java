package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternAnalysis;
import org.loghost.pattern.PatternAnalysis.Answer;
import org.loghost.pattern.PatternException;

/**
 * A few lines of each rule, and which of all rules match them: a rule that another one does without must match all its
 * lines, so that of the millions of pairs of rules few are left to look into. Rules on which the automaton is slow may
 * use up the time for that or for the searches: those that come after have no samples, and nothing is certain of them.
 * One thread.
 */
final class SampledRules {
    /** Alternatives of one rule that are tried. */
    private static final int MOST_SAMPLES = 12;

    /** Real rules, 5,000 of them, need less than one second for the samples, and some tenths for the searches. */
    private static final long MOST_NANOS = 3_000_000_000L;

    private final RulesConfig config;
    private final List<Rule> rules;
    private final long mostNanos;
    private final List<List<Sample>> samples = new ArrayList<>();
    private final List<BitSet> matchingAll = new ArrayList<>();
    private final List<@Nullable PatternAnalysis> analyses = new ArrayList<>();
    private long searchedNanos;

    /**
     * A line that a rule matches.
     *
     * @param line one byte per char; it reads well, and where the rule leaves open what stands there, nothing telling does
     * @param matching the ids of all rules that match it
     */
    record Sample(String line, BitSet matching) {}

    /** Of rules that have been compiled under this configuration. */
    SampledRules(List<Rule> rules, RulesConfig config, Lint.Progress progress) {
        this(rules, config, progress, MOST_NANOS);
    }

    /**
     * With another limit.
     *
     * @param mostNanos the time for taking samples, and again for all searches together
     */
    SampledRules(List<Rule> rules, RulesConfig config, Lint.Progress progress, long mostNanos) {
        this.config = config;
        this.mostNanos = mostNanos;
        this.rules = rules;
        RuleProbe probe = new RuleProbe(rules, config);
        long start = System.nanoTime();
        for (Rule rule : rules) {
            analyses.add(null);
            samples.add(new ArrayList<>());
            matchingAll.add(new BitSet());
            if (System.nanoTime() - start < mostNanos) {
                sample(rule, probe);
            }
            progress.at(rule.id() + 1, rules.size(), "trying rules");
        }
    }

    private void sample(Rule rule, RuleProbe probe) {
        PatternAnalysis analysis = analysis(rule);
        List<Sample> plain = samples.get(rule.id());
        for (byte[] line : analysis.plainSamples(MOST_SAMPLES)) {
            BitSet matching = probe.matching(line, 0, line.length);
            if (matching.get(rule.id())) {
                plain.add(new Sample(new String(line, StandardCharsets.ISO_8859_1), matching));
            }
        }
        BitSet all = matchingAll.get(rule.id());
        if (!plain.isEmpty()) {
            byte[] odd = analysis.oddSample();
            BitSet matching = probe.matching(odd, 0, odd.length);
            all.or(matching.get(rule.id()) ? matching : plain.get(0).matching());
            plain.forEach(sample -> all.and(sample.matching()));
        }
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
                && searched(() -> analysis(rule).subsumedBy(analysis(other)), Answer.UNKNOWN) == Answer.YES;
    }

    /** Whether it is certain that no line matches. */
    boolean isImpossible(Rule rule) {
        return of(rule).isEmpty() && searched(() -> analysis(rule).neverMatches(), Answer.UNKNOWN) == Answer.YES;
    }

    /** A shortest line that the rule matches; null when none was found. */
    @Nullable
    String shortestLine(Rule rule) {
        return searched(() -> analysis(rule).witness(), Optional.<byte[]>empty())
                .map(line -> new String(line, StandardCharsets.ISO_8859_1))
                .orElse(null);
    }

    /** The outcome of a search, or what is said when all of them together have taken too long. */
    private <T> T searched(Supplier<T> search, T otherwise) {
        if (searchedNanos >= mostNanos) {
            return otherwise;
        }
        long start = System.nanoTime();
        T outcome = search.get();
        searchedNanos += System.nanoTime() - start;
        return outcome;
    }

    private PatternAnalysis analysis(Rule rule) {
        PatternAnalysis known = analyses.get(rule.id());
        if (known != null) {
            return known;
        }
        try {
            PatternAnalysis analysis = PatternAnalysis.of(
                    rule.pattern().getBytes(StandardCharsets.ISO_8859_1),
                    RuleCompiler.ignoresCase(config, rule.kind()),
                    config.utf8());
            analyses.set(rule.id(), analysis);
            return analysis;
        } catch (PatternException e) {
            throw new IllegalStateException(rule.name() + " compiled before", e);
        }
    }
}
