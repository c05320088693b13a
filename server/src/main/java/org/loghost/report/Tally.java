package org.loghost.report;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;

/**
 * The counts of one segment's findings, made by a first pass: they head the report and divide its room. Its size is
 * bounded by the number of hosts and rules, never by that of the findings. One thread.
 */
final class Tally {
    /** Hosts counted one by one; lines of hosts beyond are counted under {@link #OTHERS}. */
    static final int MAX_HOSTS = 20_000;

    static final String OTHERS = "(other hosts)";

    private final boolean repeat;
    private final Map<Tier, Section> sections = new EnumMap<>(Tier.class);
    private final Map<String, TierCounts> membersByHost = new TreeMap<>();
    private long lines;
    private long firstMillis = Long.MAX_VALUE;
    private long lastMillis = Long.MIN_VALUE;
    private @Nullable String damage;

    /** What one tier's section has to print. */
    static final class Section {
        /** Lines that fall into the tier, wherever they are printed. */
        long members;
        /** Those of them that are printed in a higher tier's section. */
        long above;
        /** What is printed here, by host. */
        final TreeMap<String, HostLines> hosts = new TreeMap<>();
        /** The rules that put lines here, in the order of their first line. */
        final Map<String, RuleLines> rules = new LinkedHashMap<>();
        /** Hosts with lines in the tier, wherever these are printed. */
        int memberHosts;
    }

    /** One host's lines in one section: those of severity emerg, alert and crit, which are never cut, and the others. */
    static final class HostLines {
        long lines;
        long cost;
        long criticalLines;
        long criticalCost;
        /** The room given to it; see {@link Room}. */
        long roomLines;

        long roomCost;
        long roomCriticalCost;

        long all() {
            return lines + criticalLines;
        }
    }

    /** One rule's lines in one section. */
    static final class RuleLines {
        final @Nullable String meaning;
        final String firstHost;
        long lines;

        RuleLines(Finding first, String host) {
            meaning = first.meaning();
            firstHost = host;
        }
    }

    Tally(boolean repeat) {
        this.repeat = repeat;
        for (Tier tier : Tier.values()) {
            sections.put(tier, new Section());
        }
    }

    void add(Finding finding) {
        lines++;
        firstMillis = Math.min(firstMillis, finding.receivedMillis());
        lastMillis = Math.max(lastMillis, finding.receivedMillis());
        String host = hostOf(finding);
        Tier highest = finding.highest();
        long cost = ShownText.cost(ShownText.of(finding.line()));
        for (Tier tier : finding.tiers()) {
            Section section = section(tier);
            section.members++;
            if (members(host).increment(tier) == 0) {
                section.memberHosts++;
            }
            if (repeat || tier == highest) {
                addLine(section, host, isCritical(finding), cost);
            } else {
                section.above++;
            }
        }
        String rule = finding.rule();
        if (rule != null) {
            section(highest).rules.computeIfAbsent(rule, name -> new RuleLines(finding, host)).lines++;
        }
    }

    /** What was unreadable, for the report to say; null for nothing. */
    void damaged(@Nullable String what) {
        damage = what;
    }

    /** What was unreadable; null for nothing. */
    @Nullable
    String damage() {
        return damage;
    }

    /** The tiers in whose sections a line is printed. */
    Iterable<Tier> printedIn(Finding finding) {
        return repeat ? finding.tiers() : List.of(finding.highest());
    }

    /** The name under which a finding's host is counted. */
    String hostOf(Finding finding) {
        String host = ShownText.ofText(finding.host());
        return membersByHost.containsKey(host) || membersByHost.size() < MAX_HOSTS ? host : OTHERS;
    }

    /** Severity emerg, alert or crit (RFC 3164 section 4.1.1). */
    static boolean isCritical(Finding finding) {
        return (finding.pri() & 7) <= 2;
    }

    Section section(Tier tier) {
        Section section = sections.get(tier);
        if (section == null) {
            throw new AssertionError(tier);
        }
        return section;
    }

    /** By host: how many lines fall into each tier. */
    Map<String, TierCounts> membersByHost() {
        return membersByHost;
    }

    /** Findings seen. */
    long lines() {
        return lines;
    }

    /** When the first came; meaningless without any. */
    long firstMillis() {
        return firstMillis;
    }

    /** When the last came; meaningless without any. */
    long lastMillis() {
        return lastMillis;
    }

    private TierCounts members(String host) {
        return membersByHost.computeIfAbsent(host, name -> new TierCounts());
    }

    private static void addLine(Section section, String host, boolean critical, long cost) {
        HostLines counts = section.hosts.computeIfAbsent(host, name -> new HostLines());
        if (critical) {
            counts.criticalLines++;
            counts.criticalCost += cost;
        } else {
            counts.lines++;
            counts.cost += cost;
        }
    }
}
