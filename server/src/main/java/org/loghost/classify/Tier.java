package org.loghost.classify;

import org.loghost.rules.RuleSet;

/** LogSentry's three tiers, the highest first. A line may fall into several. */
public enum Tier {
    /** What matches {@code logcheck.hacking}. */
    ATTACK(RuleSet.ATTACK, "ACTIVE SYSTEM ATTACK"),
    /** What matches {@code logcheck.violations} and not {@code logcheck.violations.ignore}. */
    VIOLATION(RuleSet.VIOLATION, "Security Violations"),
    /** What {@code logcheck.ignore} does not name. */
    UNUSUAL(RuleSet.UNUSUAL, "Unusual System Activity");

    private final int bit;
    private final String heading;

    Tier(int bit, String heading) {
        this.bit = bit;
        this.heading = heading;
    }

    /** The heading of the tier's section in the report. */
    public String heading() {
        return heading;
    }

    /** The tier's bit in a {@link org.loghost.rules.Verdicts}. */
    public int bit() {
        return bit;
    }

    /** The highest of a set of tiers, given as their bits; of none, {@link #UNUSUAL}. */
    static Tier highest(int bits) {
        for (Tier tier : values()) {
            if ((bits & tier.bit) != 0) {
                return tier;
            }
        }
        return UNUSUAL;
    }
}
