package org.loghost.classify;

/** LogSentry's three tiers, the highest first. A line may fall into several. */
public enum Tier {
    /** What matches {@code logcheck.hacking}. */
    ATTACK("ACTIVE SYSTEM ATTACK"),
    /** What matches {@code logcheck.violations} and not {@code logcheck.violations.ignore}. */
    VIOLATION("Security Violations"),
    /** What {@code logcheck.ignore} does not name. */
    UNUSUAL("Unusual System Activity");

    private final String heading;

    Tier(String heading) {
        this.heading = heading;
    }

    /** The heading of the tier's section in the report. */
    public String heading() {
        return heading;
    }
}
