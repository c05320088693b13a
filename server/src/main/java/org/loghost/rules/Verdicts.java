package org.loghost.rules;

import java.util.Arrays;
import org.loghost.pattern.Matches;

/**
 * What a {@link RuleSet} says about a run of lines, and how often each rule decided. Reused from run to run, so that
 * classifying allocates nothing; one thread.
 */
public final class Verdicts {
    /** {@link #rule} of a line that no rule put into its highest tier. */
    public static final int NO_RULE = -1;

    Matches[] alarms = new Matches[0];
    Matches[] ignores = new Matches[0];
    int[] lengths = new int[0];
    private byte[] tiers = new byte[0];
    private int[] rules = new int[0];
    private int[] hits = new int[0];
    private int[] hitRules = new int[0];
    private int hitCount;

    /** Room for a first run; it grows as needed. */
    public Verdicts() {}

    /**
     * The tiers of a line: bits {@link RuleSet#ATTACK}, {@link RuleSet#VIOLATION}, {@link RuleSet#UNUSUAL}; 0 when it is
     * hidden.
     */
    public int tiers(int line) {
        return tiers[line];
    }

    /** The id of the rule that put a line into its highest tier, or {@link #NO_RULE}. */
    public int rule(int line) {
        return rules[line];
    }

    /** How many rules were hit since {@link #clearHits()}. */
    int hitCount() {
        return hitCount;
    }

    /** The rule of a hit, from 0 to {@link #hitCount()} - 1. */
    int hitRule(int index) {
        return hitRules[index];
    }

    /** How often the rule of a hit was hit. */
    int hitTimes(int index) {
        return hits[hitRules[index]];
    }

    /** Starts counting afresh; done by who has taken the hits over. */
    void clearHits() {
        for (int i = 0; i < hitCount; i++) {
            hits[hitRules[i]] = 0;
        }
        hitCount = 0;
    }

    void begin(int lines, int ruleCount) {
        clearHits();
        if (hits.length < ruleCount) {
            hits = new int[ruleCount];
            hitRules = new int[ruleCount];
        }
        if (tiers.length < lines) {
            int size = Math.max(lines, tiers.length * 2);
            alarms = Arrays.copyOf(alarms, size);
            ignores = Arrays.copyOf(ignores, size);
            lengths = new int[size];
            tiers = new byte[size];
            rules = new int[size];
        }
    }

    void set(int line, int newTiers, int newRule) {
        tiers[line] = (byte) newTiers;
        rules[line] = newRule;
    }

    void hit(int rule) {
        if (hits[rule]++ == 0) {
            hitRules[hitCount++] = rule;
        }
    }
}
