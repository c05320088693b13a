package org.loghost.classify;

import java.time.Clock;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleSet;

/**
 * Sorts the messages of a batch into the tiers and encodes a {@link Finding} for each that falls into one.
 *
 * <p>A line {@code last message repeated N times} says nothing by itself: it falls into the tiers of its host's previous
 * message, as far as that was seen, and into those that rules of attack or violation give it. What is previous is exact
 * with one classifying thread; with several, a repeat at the start of a batch may be judged by an older message.
 *
 * <p>Any number of threads; each batch is judged by one rule set as a whole. Allocates nothing once warm.
 */
public final class Classifier {
    private final RuleHits hits;
    private final ServerMetrics metrics;
    private final Clock clock;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);
    private final RecentLines recent = new RecentLines();
    private volatile ActiveRules active;

    /** A classifier by these rules. */
    public Classifier(RuleSet rules, RuleHits hits, ServerMetrics metrics, Clock clock) {
        this.hits = hits;
        this.metrics = metrics;
        this.clock = clock;
        this.active = new ActiveRules(rules, hits.of(rules, clock.millis()));
    }

    /**
     * Judges batches by other rules from now on; a batch that is being judged is finished by the old ones. The new ones are
     * warmed before, on the calling thread.
     */
    public void use(RuleSet rules) {
        recent.warm(rules);
        active = new ActiveRules(rules, hits.of(rules, clock.millis()));
    }

    /** The rules in use. */
    public RuleSet rules() {
        return active.rules();
    }

    /** How often each rule in use decided. */
    public RuleHits.Counters counters() {
        return active.counters();
    }

    /** Judges every message of a batch by the text that rules match, and adds what is found to {@code out}, in order. */
    public void classify(MessageBatch batch, FindingsBuffer out) {
        ActiveRules by = active;
        Scratch own = scratch.get();
        own.take(batch);
        by.rules().classify(batch.slab(), own.offsets(), own.lengths(), batch.count(), own.verdicts());
        long now = clock.millis();
        by.counters().add(own.verdicts(), now);
        recent.note(batch, own, now);
        int attacks = 0;
        int violations = 0;
        int unusual = 0;
        for (int i = 0; i < batch.count(); i++) {
            int judgement = by.judge(batch, i, own.verdicts());
            int tiers = ActiveRules.tiers(judgement);
            if (tiers != 0) {
                attacks += tiers & RuleSet.ATTACK;
                violations += tiers >> 1 & 1;
                unusual += tiers >> 2 & 1;
                add(batch, i, tiers, by.text(ActiveRules.rule(judgement)), out);
            }
        }
        metrics.add(Count.CLASSIFIED, batch.count());
        metrics.add(Count.FOUND_ATTACK, attacks);
        metrics.add(Count.FOUND_VIOLATION, violations);
        metrics.add(Count.FOUND_UNUSUAL, unusual);
    }

    private static void add(MessageBatch batch, int i, int tiers, byte[] rule, FindingsBuffer out) {
        out.add(
                batch.receivedMillis(i),
                tiers,
                batch.pri(i),
                batch.repeat(i),
                batch.host(i).bytes(),
                rule,
                batch.slab(),
                batch.lineOffset(i),
                batch.lineLength(i));
    }
}
