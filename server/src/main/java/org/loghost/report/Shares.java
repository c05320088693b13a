package org.loghost.report;

import java.util.Arrays;

/** How a budget is divided: between tiers, the higher first, and between hosts, each alike. */
final class Shares {
    private Shares() {}

    /**
     * Between tiers, the highest first: a tier takes what it wants of what is left, but a tenth of the budget is kept
     * for each lower tier that wants it, so that a flood above never hides all that is below.
     */
    static long[] byTier(long[] wants, long budget) {
        long[] shares = new long[wants.length];
        long left = budget;
        for (int i = 0; i < wants.length; i++) {
            long kept = 0;
            for (int lower = i + 1; lower < wants.length; lower++) {
                kept += Math.min(wants[lower], budget / 10);
            }
            shares[i] = Math.min(wants[i], Math.max(0, left - kept));
            left -= shares[i];
        }
        return shares;
    }

    /**
     * Between equals, as water fills vessels: who wants little gets all of it, the rest share alike; what does not
     * divide goes to the first ones.
     */
    static long[] alike(long[] wants, long budget) {
        long[] sorted = wants.clone();
        Arrays.sort(sorted);
        long left = Math.max(0, budget);
        long level = 0;
        for (int i = 0; i < sorted.length; i++) {
            int drinkers = sorted.length - i;
            long step = sorted[i] - level;
            if (step > left / drinkers) {
                return upTo(wants, level + left / drinkers, left % drinkers);
            }
            left -= step * drinkers;
            level = sorted[i];
        }
        return wants.clone();
    }

    private static long[] upTo(long[] wants, long level, long extra) {
        long[] shares = new long[wants.length];
        long left = extra;
        for (int i = 0; i < wants.length; i++) {
            shares[i] = Math.min(wants[i], level);
            if (wants[i] > level && left > 0) {
                shares[i]++;
                left--;
            }
        }
        return shares;
    }
}
