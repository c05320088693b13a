package org.loghost.classify;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.loghost.message.MessageBatch;
import org.loghost.rules.Rule;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleSet;
import org.loghost.rules.Verdicts;

/** A rule set in use: its counters, its rules as findings carry them, and what each host's last message was. Any thread. */
final class ActiveRules {
    /** Hosts whose last message is remembered; a repeat of another host's is judged by its own text. */
    private static final int MAX_HOSTS = 65_536;

    private static final int KNOWN = 8;
    private static final int TIERS = 7;
    private static final int RULE_SHIFT = 4;

    private final RuleSet rules;
    private final RuleHits.Counters counters;
    private final byte[][] texts;
    private final byte[] noRule = FindingsBuffer.noRule();
    /** By host id: tiers, {@link #KNOWN}, and the rule's id plus 1. A race of threads costs the order alone. */
    private final AtomicIntegerArray previous = new AtomicIntegerArray(MAX_HOSTS);

    ActiveRules(RuleSet rules, RuleHits.Counters counters) {
        this.rules = rules;
        this.counters = counters;
        this.texts = new byte[rules.rules().size()][];
        for (Rule rule : rules.rules()) {
            String meaning = rule.meaning();
            texts[rule.id()] = FindingsBuffer.ruleText(rule.name(), meaning == null ? "" : meaning);
        }
    }

    RuleSet rules() {
        return rules;
    }

    RuleHits.Counters counters() {
        return counters;
    }

    /**
     * The tiers of a message, and behind {@link #RULE_SHIFT} bits the id, plus 1, of the rule that put it into the
     * highest.
     */
    int judge(MessageBatch batch, int i, Verdicts verdicts) {
        int own = verdicts.tiers(i) | ((verdicts.rule(i) + 1) << RULE_SHIFT);
        int host = batch.host(i).id();
        if (host >= MAX_HOSTS || !batch.host(i).isItself()) {
            return own; // the message before may be of another machine
        }
        if (RepeatedLine.is(batch, i)) {
            return repeated(own, previous.getOpaque(host));
        }
        previous.setOpaque(host, own | KNOWN);
        return own;
    }

    private static int repeated(int own, int before) {
        if ((before & KNOWN) == 0) {
            return own;
        }
        int alarms = own & (RuleSet.ATTACK | RuleSet.VIOLATION);
        int inherited = before & TIERS;
        int rule = Integer.numberOfTrailingZeros(alarms) < Integer.numberOfTrailingZeros(inherited) ? own : before;
        return alarms | inherited | ((rule >>> RULE_SHIFT) << RULE_SHIFT);
    }

    static int tiers(int judgement) {
        return judgement & TIERS;
    }

    static int rule(int judgement) {
        return (judgement >>> RULE_SHIFT) - 1;
    }

    /** Name and meaning of the rule that put a finding into its highest tier; of none for Unusual. */
    byte[] text(int rule) {
        return rule < 0 ? noRule : texts[rule];
    }
}
