package org.loghost.report;

import org.loghost.classify.Tier;

/** One count for each tier. */
final class TierCounts {
    private long attack;
    private long violation;
    private long unusual;

    /** Adds one; returns the count before. */
    long increment(Tier tier) {
        return switch (tier) {
            case ATTACK -> attack++;
            case VIOLATION -> violation++;
            case UNUSUAL -> unusual++;
        };
    }

    long of(Tier tier) {
        return switch (tier) {
            case ATTACK -> attack;
            case VIOLATION -> violation;
            case UNUSUAL -> unusual;
        };
    }
}
