package org.loghost.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Tier;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.report.Tally.RuleLines;
import org.loghost.report.Tally.Section;

/**
 * Writes one report's text: what happened in numbers, the three sections, notices, counts, and where to go on. Our own
 * words keep to 78 columns and to ASCII; received lines stand at the left edge, whole. Used once, by one thread.
 */
final class ReportText {
    private static final int HOSTS_IN_SUMMARY = 20;
    private static final int RULES = 40;

    private final StringBuilder out = new StringBuilder(16_384);
    private final Tally tally;
    private final Excerpts excerpts;
    private final Period period;
    private final ReportPlaces places;

    ReportText(Tally tally, Excerpts excerpts, Period period, ReportPlaces places) {
        this.tally = tally;
        this.excerpts = excerpts;
        this.period = period;
        this.places = places;
    }

    /**
     * The text.
     *
     * @param complete says where the complete list of lines lies, or why there is none; null when there are no lines
     */
    String write(List<Notice> notices, CountsSince counts, @Nullable String complete) {
        out.append("Loghost report of ").append(places.server()).append('\n');
        out.append(period.full()).append("\n\n");
        summary(notices);
        for (Tier tier : Tier.values()) {
            section(tier);
        }
        notices(notices);
        counts(counts);
        places(complete);
        return out.toString();
    }

    private void summary(List<Notice> notices) {
        for (Tier tier : Tier.values()) {
            Section section = tally.section(tier);
            if (section.members > 0) {
                out.append(String.format(
                        Locale.ROOT,
                        "%,9d  %-23s  %s\n",
                        section.members,
                        tier.heading(),
                        many(section.memberHosts, "host")));
            }
        }
        if (!notices.isEmpty()) {
            out.append(String.format(Locale.ROOT, "%,9d  Notices\n", notices.size()));
        }
        severalTiers();
        out.append('\n');
        hosts();
        if (excerpts.cut() > 0) {
            Wrapped.append(
                    out,
                    "",
                    "",
                    String.format(
                            Locale.ROOT,
                            "%,d of %s are shown; the others are counted by host below; where all of them"
                                    + " are stands at the end.",
                            excerpts.shown(),
                            many(excerpts.shown() + excerpts.cut(), "line")));
            out.append('\n');
        }
        if (excerpts.criticalCut() > 0) {
            String cut = many(excerpts.criticalCut(), "line") + " of severity emerg, alert or crit";
            Wrapped.append(
                    out, "! ", "  ", "The mail has reached its greatest size: among the others are " + cut + ".");
            out.append('\n');
        }
    }

    /** Else the numbers at the head are more than the lines below. */
    private void severalTiers() {
        long members = 0;
        long lines = 0;
        for (Tier tier : Tier.values()) {
            members += tally.section(tier).members;
            lines += linesIn(tally.section(tier));
        }
        if (members > lines) {
            String all = "In all " + many(lines, "line")
                    + ": one that is in several tiers counts in each, and stands once, in the highest.";
            Wrapped.append(out, "", "", all);
        }
    }

    private static long linesIn(Section section) {
        return section.hosts.values().stream().mapToLong(Tally.HostLines::all).sum();
    }

    /** One line a host, the worst first; one host alone needs no table. */
    private void hosts() {
        Map<String, TierCounts> byHost = tally.membersByHost();
        if (byHost.size() < 2) {
            return;
        }
        List<Map.Entry<String, TierCounts>> hosts = new ArrayList<>(byHost.entrySet());
        Comparator<Map.Entry<String, TierCounts>> worstFirst =
                Comparator.comparingLong(host -> -host.getValue().of(Tier.ATTACK));
        hosts.sort(worstFirst
                .thenComparingLong(host -> -host.getValue().of(Tier.VIOLATION))
                .thenComparingLong(host -> -host.getValue().of(Tier.UNUSUAL)));
        out.append("   attack  violations    unusual  host\n");
        for (Map.Entry<String, TierCounts> host : hosts.subList(0, Math.min(HOSTS_IN_SUMMARY, hosts.size()))) {
            TierCounts members = host.getValue();
            out.append(String.format(
                    Locale.ROOT,
                    "%9s  %10s  %9s  %s\n",
                    orDash(members.of(Tier.ATTACK)),
                    orDash(members.of(Tier.VIOLATION)),
                    orDash(members.of(Tier.UNUSUAL)),
                    host.getKey()));
        }
        if (hosts.size() > HOSTS_IN_SUMMARY) {
            out.append(String.format(
                    Locale.ROOT, "%33s and %s\n", "", many(hosts.size() - HOSTS_IN_SUMMARY, "more host")));
        }
        out.append('\n');
    }

    private static String orDash(long number) {
        return number == 0 ? "-" : String.format(Locale.ROOT, "%,d", number);
    }

    private void section(Tier tier) {
        Section section = tally.section(tier);
        if (section.members == 0) {
            return;
        }
        heading(tier.heading());
        long here = linesIn(section);
        if (here > 0) {
            out.append(many(here, "line"))
                    .append(" from ")
                    .append(many(section.hosts.size(), "host"))
                    .append('\n');
        }
        if (section.above > 0) {
            boolean one = section.above == 1;
            Wrapped.append(
                    out,
                    here > 0 ? "also: " : "",
                    "",
                    many(section.above, "line") + " above " + (one ? "is " : "are ") + tier.heading() + " too");
        }
        out.append('\n');
        TreeMap<String, Long> hidden = new TreeMap<>();
        excerpts.of(tier).forEach((host, excerpt) -> {
            if (excerpt.shown() > 0) {
                host(host, excerpt);
            }
            if (excerpt.cut() > 0) {
                hidden.put(host, excerpt.cut());
            }
        });
        CutLines.append(out, hidden);
        rules(section.rules);
    }

    private void host(String host, Excerpt excerpt) {
        out.append("-- ")
                .append(host)
                .append(": ")
                .append(many(excerpt.shown() + excerpt.cut(), "line"))
                .append('\n');
        lines(excerpt.head());
        if (excerpt.cut() > 0) {
            out.append(String.format(Locale.ROOT, "[... %s: %s ...]\n", host, many(excerpt.cut(), "more line")));
        }
        lines(excerpt.tail());
        out.append('\n');
    }

    private void lines(List<Excerpt.Line> lines) {
        for (Excerpt.Line line : lines) {
            out.append(line.text()).append('\n');
            if (line.repeat() > 1) {
                out.append(String.format(Locale.ROOT, "    ^ stands for %,d events\n", line.repeat()));
            }
        }
    }

    private void rules(Map<String, RuleLines> rules) {
        if (rules.isEmpty()) {
            return;
        }
        out.append("What these mean\n\n");
        int written = 0;
        for (Map.Entry<String, RuleLines> rule : rules.entrySet()) {
            if (written++ == RULES) {
                out.append("  and ")
                        .append(many(rules.size() - RULES, "more rule"))
                        .append("\n\n");
                return;
            }
            rule(rule.getKey(), rule.getValue());
        }
    }

    /** By convention the first line above a rule is its meaning, the others are the first response. */
    private void rule(String name, RuleLines rule) {
        Wrapped.append(
                out,
                "* ",
                "  ",
                ShownText.ofText(name) + ", " + many(rule.lines, "line") + ", first from " + rule.firstHost);
        String meaning = rule.meaning;
        if (meaning != null) {
            String mark = "  ";
            for (String line : meaning.lines().toList()) {
                Wrapped.append(out, mark, mark.isBlank() ? "  " : "     ", ShownText.ofText(line));
                mark = "  -> ";
            }
        }
        out.append('\n');
    }

    private void notices(List<Notice> notices) {
        if (notices.isEmpty()) {
            return;
        }
        heading("Notices");
        for (Notice notice : notices) {
            String times = notice.times() == 1 ? "" : String.format(Locale.ROOT, " (%,d times)", notice.times());
            String mark = notice.level() == Notice.Level.WARNING ? "! " : "  ";
            String moment = period.moment(notice.last().toEpochMilli());
            Wrapped.append(out, mark + moment + "  ", "    ", ShownText.ofText(notice.text()) + times);
        }
        out.append('\n');
    }

    private void counts(CountsSince counts) {
        heading("Counts");
        boolean first = counts.isFirst();
        out.append(first ? "since start, " : "since the last report, ")
                .append(period.dayAndTime(counts.last()))
                .append('\n');
        count(counts.grown(Count.RECEIVED), Count.RECEIVED.text());
        count(counts.grown(Count.ARCHIVED), Count.ARCHIVED.text());
        boolean lost = false;
        for (Count count : Count.values()) {
            boolean loss = count.name().startsWith("LOST_");
            if (counts.grown(count) > 0 && (loss || count.name().startsWith("REFUSED_") || isOdd(count))) {
                count(counts.grown(count), count.text());
                lost |= loss;
            }
        }
        if (!lost) {
            count(0, "lost");
        }
        equation(counts, first);
    }

    private static boolean isOdd(Count count) {
        return count == Count.EMPTY
                || count == Count.MALFORMED
                || count == Count.TRUNCATED
                || count == Count.EXPIRED_FRAMES
                || count == Count.REPORTS_GIVEN_UP;
    }

    private void count(long number, String text) {
        out.append(String.format(Locale.ROOT, "%,15d  %s\n", number, text));
    }

    /** Said each time: a report that cannot show where every message went is not to be trusted. */
    private void equation(CountsSince counts, boolean first) {
        String sum = String.format(
                Locale.ROOT,
                "received %,d = archived %,d + lost %,d + in flight %,d",
                counts.total(Count.RECEIVED),
                counts.total(Count.ARCHIVED),
                counts.lost(),
                counts.inFlight());
        String verdict = counts.inFlight() < 0 ? ": DOES NOT ADD UP, more archived than received" : "";
        Wrapped.append(
                out, "", "  ", (first ? "" : "since " + period.dayAndTime(counts.start()) + ", ") + sum + verdict);
        out.append('\n');
    }

    private void places(@Nullable String complete) {
        heading("Where to go on");
        if (complete != null) {
            place("all lines of this report", complete);
        }
        place("everything a host has sent", places.archive() + "/<host>/");
        place(
                "to hear no more of a harmless line, put an egrep pattern for it into",
                String.valueOf(places.localIgnore()));
        place("the server now", "loghost status");
    }

    private void place(String what, String where) {
        out.append(what).append('\n');
        where.lines().forEach(line -> Wrapped.append(out, "  ", "  ", line));
    }

    private void heading(String text) {
        out.append(text).append('\n').append("=".repeat(text.length())).append('\n');
    }

    /** {@code 1 line}, {@code 2,000 lines}. */
    static String many(long number, String what) {
        return String.format(Locale.ROOT, number == 1 ? "%,d %s" : "%,d %ss", number, what);
    }
}
