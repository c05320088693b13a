package org.loghost.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.loghost.classify.Tier;
import org.loghost.report.Tally.HostLines;

/**
 * Divides a mail's room, in lines and in octets, between tiers (the higher first) and between a tier's hosts (alike).
 * Lines of severity emerg, alert and crit stand outside the budget of lines; nine tenths of the octets are theirs when
 * they need them.
 */
final class Room {
    private Room() {}

    /**
     * Sets the room of every host's lines.
     *
     * @param maxLines lines of log in the mail
     * @param maxCost octets of log in the mail
     */
    static void divide(Tally tally, int maxLines, long maxCost) {
        long criticalLines = total(tally, host -> host.criticalLines);
        long criticalCost = total(tally, host -> host.criticalCost);
        divide(tally, Math.min(criticalCost, maxCost / 10 * 9), h -> h.criticalCost, (h, v) -> h.roomCriticalCost = v);
        divide(tally, Math.max(maxLines - criticalLines, maxLines / 10), h -> h.lines, (h, v) -> h.roomLines = v);
        divide(tally, Math.max(maxCost - criticalCost, maxCost / 10), h -> h.cost, (h, v) -> h.roomCost = v);
    }

    private static void divide(
            Tally tally, long budget, ToLongFunction<HostLines> wanted, BiConsumer<HostLines, Long> give) {
        List<Collection<HostLines>> tiers = new ArrayList<>();
        for (Tier tier : Tier.values()) {
            tiers.add(tally.section(tier).hosts.values());
        }
        long[] shares = Shares.byTier(
                tiers.stream().mapToLong(hosts -> total(hosts, wanted)).toArray(), budget);
        for (int tier = 0; tier < shares.length; tier++) {
            long[] wants = tiers.get(tier).stream().mapToLong(wanted).toArray();
            long[] byHost = Shares.alike(wants, shares[tier]);
            int i = 0;
            for (HostLines host : tiers.get(tier)) {
                give.accept(host, byHost[i++]);
            }
        }
    }

    private static long total(Tally tally, ToLongFunction<HostLines> wanted) {
        long total = 0;
        for (Tier tier : Tier.values()) {
            total += total(tally.section(tier).hosts.values(), wanted);
        }
        return total;
    }

    private static long total(Collection<HostLines> hosts, ToLongFunction<HostLines> wanted) {
        return hosts.stream().mapToLong(wanted).sum();
    }
}
