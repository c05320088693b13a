package org.loghost.classify;

import java.util.EnumMap;
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

    private final Map<Tier, Limits> limits;
    private final Map<String, long[]> sources = new HashMap<>();

    /** Up to how many bytes in use a tier is not looked at closely, and up to how many it may add to them. */
    private record Limits(long tight, long most) {}

    FindingsRoom(long budget) {
        limits = new EnumMap<>(Map.of(
                Tier.ATTACK, new Limits(budget / 10 * 9, budget),
                Tier.VIOLATION, new Limits(budget / 100 * 70, budget / 100 * 85),
                Tier.UNUSUAL, new Limits(budget / 100 * 30, budget / 100 * 60)));
    }

    private Limits of(Tier tier) {
        Limits found = limits.get(tier);
        if (found == null) {
            throw new AssertionError(tier);
        }
        return found;
    }

    /** Whether so many bytes may be used without a look at what they are. */
    boolean isAmple(long used) {
        if (used <= of(Tier.UNUSUAL).tight()) {
            sources.clear();
            return true;
        }
        return false;
    }

    /**
     * Whether the finding at a place may be stored, and if so, counts its bytes for its source.
     *
     * @param used the bytes of all findings before it
     */
    boolean admits(FindingsBuffer findings, int at, long used) {
        Tier tier = findings.tier(at);
        int length = findings.size(at);
        Limits limit = of(tier);
        if (used + length > limit.most()) {
            return false;
        }
        if (used + length <= limit.tight()) {
            return true;
        }
        String source = tier.name() + ' ' + findings.host(at) + ' ' + findings.program(at);
        if (sources.size() >= MAX_SOURCES && !sources.containsKey(source)) {
            source = tier.name();
        }
        long[] bytes = sources.computeIfAbsent(source, unknown -> new long[1]);
        if (bytes[0] > 0 && bytes[0] + length > (limit.most() - limit.tight()) / SHARES) {
            return false;
        }
        bytes[0] += length;
        return true;
    }
}
