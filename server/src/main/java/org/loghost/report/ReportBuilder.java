package org.loghost.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Finding;
import org.loghost.mail.Letter;
import org.loghost.metrics.Notice;

/**
 * Findings to one report, in two passes: the first counts, the second picks the lines that have room and writes the
 * complete list beside. Holds counts by host and rule, and the lines it prints; never the findings. One thread.
 */
final class ReportBuilder {
    private static final Logger logger = LogManager.getLogger(ReportBuilder.class);
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Octets of log in one mail. Postfix takes 10,240,000 in all unless told otherwise. */
    private static final long MAX_COST = 8L << 20;

    private final ReportConfig config;
    private final ReportPlaces places;
    private final ReportFolder folder;
    private final long maxCost;

    ReportBuilder(ReportConfig config, ReportPlaces places) {
        this(config, places, MAX_COST);
    }

    /** For tests: with another greatest size. */
    ReportBuilder(ReportConfig config, ReportPlaces places, long maxCost) {
        this.config = config;
        this.places = places;
        this.maxCost = maxCost;
        this.folder = new ReportFolder(places.reports(), config.keepSize());
    }

    /** The first pass. Damage is no failure: what could be read is counted. */
    Tally tally(FindingSource findings) {
        Tally tally = new Tally(config.repeat());
        try {
            findings.read(tally::add);
        } catch (IOException e) {
            tally.damaged(String.valueOf(e.getMessage()));
        }
        return tally;
    }

    /** The id that a segment's report always has, also when it is made again after a crash. */
    static String id(Tally tally, long segment) {
        long millis = tally.lines() == 0 ? 0 : tally.firstMillis();
        return ID_TIME.format(Instant.ofEpochMilli(millis)) + String.format(Locale.ROOT, "-%08d", segment);
    }

    /** The id of a report that has notices alone. */
    static String id(Instant now) {
        return ID_TIME.format(now) + String.format(Locale.ROOT, "-%03d-n", now.toEpochMilli() % 1_000);
    }

    /** The second pass, and the letter. */
    Letter letter(
            String id, Tally tally, FindingSource findings, Period period, List<Notice> notices, CountsSince counts) {
        Room.divide(tally, config.maxLines(), maxCost);
        Excerpts excerpts = new Excerpts(tally);
        List<Notice> all = new ArrayList<>(notices);
        String damage = tally.damage();
        if (damage != null) {
            String text = "findings: " + damage + "; the report has what could be read, the archive has all lines";
            all.add(new Notice(Notice.Level.WARNING, text, 1, period.until(), period.until()));
        }
        String complete = pick(id, tally, findings, excerpts);
        String text = new ReportText(tally, excerpts, period, places).write(all, counts, complete);
        keep(id, text);
        return new Letter(id, period.until().atZone(places.zone()), ReportSubject.of(tally, all, period), text);
    }

    /** Picks the lines to print; returns where the complete list lies, or what became of it. */
    private @Nullable String pick(String id, Tally tally, FindingSource findings, Excerpts excerpts) {
        try (CompleteList complete = new CompleteList(folder.begin(id), folder.completeLimit(), places.zone())) {
            Second second = new Second(excerpts, complete);
            read(findings, second);
            IOException failure = second.failure;
            if (failure != null) {
                return notKept(failure);
            }
            if (tally.lines() == 0) {
                return null;
            }
            String where = String.valueOf(folder.completeList(id));
            return complete.isCut()
                    ? String.format(
                            Locale.ROOT,
                            "%s\n(its first %,d lines; the budget keep-size allows no more)",
                            where,
                            complete.written())
                    : where;
        } catch (IOException e) {
            if (excerpts.shown() == 0) {
                read(findings, new Second(excerpts, null));
            }
            return notKept(e);
        }
    }

    private static void read(FindingSource findings, Second second) {
        try {
            findings.read(second::add);
        } catch (IOException e) {
            logger.debug("Damage in the findings, as the first pass has told", e);
        }
    }

    private static String notKept(IOException failure) {
        logger.error("The complete list of a report could not be kept", failure);
        return "not kept: " + failure;
    }

    /** A report that cannot be kept here goes out all the same. */
    private void keep(String id, String text) {
        try {
            folder.publish(id, text);
        } catch (IOException e) {
            logger.error("Report {} could not be kept on the server", id, e);
        }
    }

    /** The second pass: a full disk stops the complete list, not the report. */
    private static final class Second {
        private final Excerpts excerpts;
        private final @Nullable CompleteList complete;
        private @Nullable IOException failure;

        Second(Excerpts excerpts, @Nullable CompleteList complete) {
            this.excerpts = excerpts;
            this.complete = complete;
        }

        void add(Finding finding) {
            excerpts.add(finding);
            if (complete != null && failure == null) {
                try {
                    complete.add(finding);
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
    }
}
