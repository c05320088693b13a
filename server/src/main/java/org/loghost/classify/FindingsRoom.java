package org.loghost.classify;

import java.util.HashMap;
import java.util.Map;

/**
 * Divides the budget of bytes between the tiers: attacks may take all of it, violations leave 15 % to them, unusual lines
 * 40 % to both. When a tier has used most of what it may, each program of each host gets a small share of the rest, so
 * that what floods runs out and the others do not. Guarded by its store.
 */
final class FindingsRoom {
    /** Programs of hosts that are looked at one by one; those beyond have one share together. */
    private static final int MAX_SOURCES = 4_096;

    private static final int SHARES = 16;

    private final long[] most = new long[Tier.values().length];
    private final long[] tight = new long[most.length];
    private final Map<String, long[]> sources = new HashMap<>();

    FindingsRoom(long budget) {
        set(Tier.ATTACK, budget / 10 * 9, budget);
        set(Tier.VIOLATION, budget / 100 * 70, budget / 100 * 85);
        set(Tier.UNUSUAL, budget / 100 * 30, budget / 100 * 60);
    }

    private void set(Tier tier, long tightFrom, long upTo) {
        tight[tier.ordinal()] = tightFrom;
        most[tier.ordinal()] = upTo;
    }

    /** Whether so many bytes may be used without a look at what they are. */
    boolean isAmple(long used) {
        if (used <= tight[Tier.UNUSUAL.ordinal()]) {
            sources.clear();
            return true;
        }
        return false;
    }

    /**
     * Whether a finding may be stored, and if so, counts its bytes for its source.
     *
     * @param used the bytes of all findings before it
     */
    boolean admits(Tier tier, String host, String program, int length, long used) {
        int t = tier.ordinal();
        if (used + length > most[t]) {
            return false;
        }
        if (used + length <= tight[t]) {
            return true;
        }
        String source = t + host + ' ' + program;
        if (sources.size() >= MAX_SOURCES && !sources.containsKey(source)) {
            source = t + "";
        }
        long[] bytes = sources.computeIfAbsent(source, unknown -> new long[1]);
        if (bytes[0] > 0 && bytes[0] + length > (most[t] - tight[t]) / SHARES) {
            return false;
        }
        bytes[0] += length;
        return true;
    }
}
