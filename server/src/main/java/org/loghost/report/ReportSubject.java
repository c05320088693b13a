package org.loghost.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.loghost.classify.Tier;
import org.loghost.metrics.Notice;

/**
 * The subject, for a reader with a phone: the highest tier first, then how many hosts and when. Made of our own words
 * and of host names without anything that could end a header.
 */
final class ReportSubject {
    private static final int LONGEST_HOST = 40;

    private ReportSubject() {}

    static String of(Tally tally, List<Notice> notices, Period period) {
        StringJoiner counts = new StringJoiner(", ");
        for (Tier tier : Tier.values()) {
            long members = tally.section(tier).members;
            if (members > 0) {
                counts.add(String.format(Locale.ROOT, "%s %,d", word(tier), members));
            }
        }
        if (tally.lines() == 0) {
            return "[loghost] Notices " + notices.size() + " (" + period.brief() + ")";
        }
        return "[loghost] " + counts + " - " + hosts(tally) + " (" + period.brief() + ")";
    }

    private static String word(Tier tier) {
        return switch (tier) {
            case ATTACK -> "ATTACK";
            case VIOLATION -> "Violations";
            case UNUSUAL -> "Unusual";
        };
    }

    private static String hosts(Tally tally) {
        int others = tally.membersByHost().size() - 1;
        String first = plain(worst(tally));
        return others == 0 ? first : first + " +" + others + (others == 1 ? " host" : " hosts");
    }

    /** The host with the most lines in the highest tier there is. */
    private static String worst(Tally tally) {
        for (Tier tier : Tier.values()) {
            String worst = "";
            long most = 0;
            for (Map.Entry<String, TierCounts> host : tally.membersByHost().entrySet()) {
                if (host.getValue().of(tier) > most) {
                    most = host.getValue().of(tier);
                    worst = host.getKey();
                }
            }
            if (most > 0) {
                return worst;
            }
        }
        return "";
    }

    private static String plain(String host) {
        String name = host.replaceAll("[^A-Za-z0-9._:() -]", "?");
        return name.length() <= LONGEST_HOST ? name : name.substring(0, LONGEST_HOST) + "...";
    }
}
