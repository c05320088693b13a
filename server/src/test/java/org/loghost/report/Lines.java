package org.loghost.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;

/** Findings for tests, in memory, a second apart. */
final class Lines implements FindingSource {
    static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    /** auth.info */
    static final int INFO = 38;
    /** kern.crit */
    static final int CRIT = 2;

    final List<Finding> findings = new ArrayList<>();

    Lines add(String host, int pri, @Nullable String rule, @Nullable String meaning, String line, Tier... tiers) {
        EnumSet<Tier> set = EnumSet.noneOf(Tier.class);
        set.addAll(List.of(tiers));
        long millis = SEVEN.toEpochMilli() + 1_000L * findings.size();
        findings.add(new Finding(millis, host, pri, set, rule, meaning, 1, line));
        return this;
    }

    Lines unusual(String host, String line) {
        return add(host, INFO, null, null, line, Tier.UNUSUAL);
    }

    Lines many(int number, String host, Tier tier) {
        for (int i = 1; i <= number; i++) {
            add(host, INFO, null, null, "Nov 22 07:00:00 " + host + " app[1]: event " + i, tier);
        }
        return this;
    }

    @Override
    public void read(Consumer<Finding> reader) {
        findings.forEach(reader);
    }
}
