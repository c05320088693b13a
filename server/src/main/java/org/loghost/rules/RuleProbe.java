package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.loghost.pattern.Matches;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;

/**
 * Tells every rule that matches a line, not only the lowest: each rule is a group of its own. Slower and larger than
 * the automata for traffic; for explaining single lines. Any thread.
 */
final class RuleProbe {
    private final List<PatternSet> parts = new ArrayList<>();

    /** Of rules that have been compiled before under this configuration. */
    RuleProbe(List<Rule> rules, RulesConfig config) {
        int count = (rules.size() + PatternSet.MAX_GROUPS - 1) / PatternSet.MAX_GROUPS;
        for (int from = 0; from < rules.size(); from += PatternSet.MAX_GROUPS) {
            List<Rule> part = rules.subList(from, Math.min(rules.size(), from + PatternSet.MAX_GROUPS));
            parts.add(part(part, config, config.memory() / count));
        }
    }

    private static PatternSet part(List<Rule> rules, RulesConfig config, long memory) {
        PatternSet.Builder builder = RuleCompiler.builder(config).memory(memory);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            builder.undecidedGroup(rule.kind().hides() ? null : i);
            byte[] pattern = rule.pattern().getBytes(StandardCharsets.ISO_8859_1);
            try {
                builder.add(pattern, RuleCompiler.ignoresCase(config, rule.kind()), i, rule.id());
            } catch (PatternException e) {
                throw new IllegalStateException(rule.name() + " compiled before", e);
            }
        }
        return builder.build();
    }

    /** The ids of all rules that give up on a line. */
    BitSet undecided(byte[] bytes, int offset, int length) {
        BitSet ids = new BitSet();
        parts.forEach(part -> ids.or(part.undecided(bytes, offset, length)));
        return ids;
    }

    /** The ids of all rules that match, and of those that report and give up. */
    BitSet matching(byte[] bytes, int offset, int length) {
        BitSet ids = new BitSet();
        for (PatternSet part : parts) {
            Matches matches = part.match(bytes, offset, length);
            for (int i = 0; i < matches.count(); i++) {
                ids.set(matches.rule(matches.group(i)));
            }
        }
        return ids;
    }
}
