package org.loghost.report;

import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;

/** The lines of one report that are printed, picked by a second pass within the {@link Room} divided. One thread. */
final class Excerpts {
    private final Tally tally;
    private final Map<Tier, NavigableMap<String, Excerpt>> byTier = new EnumMap<>(Tier.class);

    Excerpts(Tally tally) {
        this.tally = tally;
        for (Tier tier : Tier.values()) {
            TreeMap<String, Excerpt> byHost = new TreeMap<>();
            tally.section(tier).hosts.forEach((host, counts) -> byHost.put(host, new Excerpt(counts)));
            byTier.put(tier, byHost);
        }
    }

    void add(Finding finding) {
        String host = tally.hostOf(finding);
        for (Tier tier : tally.printedIn(finding)) {
            Excerpt excerpt = of(tier).get(host);
            if (excerpt != null) {
                excerpt.add(finding);
            }
        }
    }

    /** By host name. */
    NavigableMap<String, Excerpt> of(Tier tier) {
        NavigableMap<String, Excerpt> byHost = byTier.get(tier);
        if (byHost == null) {
            throw new AssertionError(tier);
        }
        return byHost;
    }

    long shown() {
        return total(Excerpt::shown);
    }

    long cut() {
        return total(Excerpt::cut);
    }

    /** Lines of severity emerg, alert or crit that the mail's greatest size has cut. */
    long criticalCut() {
        return total(Excerpt::criticalCut);
    }

    private long total(ToLongFunction<Excerpt> part) {
        return byTier.values().stream()
                .flatMap(byHost -> byHost.values().stream())
                .mapToLong(part)
                .sum();
    }
}
