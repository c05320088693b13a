package org.loghost.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.DamagedFindingsException;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;
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

    /**
     * The first pass. Damage is no failure: what is sound is counted.
     *
     * @throws IOException when the findings could not be read this time
     */
    Tally tally(FindingSource findings) throws IOException {
        Tally tally = new Tally(config.repeat());
        tally.damaged(damage(findings, tally::add));
        return tally;
    }

    /** What is damaged; null for nothing. */
    private static @Nullable String damage(FindingSource findings, Consumer<Finding> reader) throws IOException {
        try {
            findings.read(reader);
            return null;
        } catch (DamagedFindingsException e) {
            return String.valueOf(e.getMessage());
        }
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

    /**
     * The second pass, and the letter.
     *
     * @throws IOException when the findings could not be read this time, or were not those of the first pass
     */
    Letter letter(
            String id, Tally tally, FindingSource findings, Period period, List<Notice> notices, CountsSince counts)
            throws IOException {
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
        IOException failure = keep(id, text);
        if (failure != null && complete != null) {
            text = new ReportText(tally, excerpts, period, places).write(all, counts, notKept(failure));
        }
        String subject = ReportSubject.of(tally, all, period);
        return new Letter(id, period.until().atZone(places.zone()), subject, text, urgency(tally));
    }

    private static Letter.Urgency urgency(Tally tally) {
        if (tally.section(Tier.ATTACK).members > 0) {
            return Letter.Urgency.ATTACK;
        }
        if (tally.section(Tier.VIOLATION).members > 0) {
            return Letter.Urgency.VIOLATIONS;
        }
        return tally.lines() > 0 ? Letter.Urgency.UNUSUAL : Letter.Urgency.NOTICES;
    }

    /** Picks the lines to print; returns where the complete list lies, or what became of it. */
    private @Nullable String pick(String id, Tally tally, FindingSource findings, Excerpts excerpts)
            throws IOException {
        Second second = new Second(excerpts);
        second.open(folder, id, places.zone());
        try {
            String damage = damage(findings, second::add);
            if (second.lines != tally.lines() || !Objects.equals(damage, tally.damage())) {
                throw new IOException("findings: read twice, " + second.lines + " lines the second time (expected: "
                        + tally.lines() + " as the first time)");
            }
        } finally {
            second.close();
        }
        if (second.failure != null) {
            return notKept(second.failure);
        }
        return tally.lines() == 0 ? null : place(id, second);
    }

    private String place(String id, Second second) {
        String where = String.valueOf(folder.completeList(id));
        CompleteList complete = second.complete;
        return complete != null && complete.isCut()
                ? String.format(
                        Locale.ROOT,
                        "%s\n(its first %,d lines; the budget keep-size allows no more)",
                        where,
                        complete.written())
                : where;
    }

    private static String notKept(IOException failure) {
        return "not kept: " + failure;
    }

    /** A report that cannot be kept here goes out all the same; returns why not, null when it is. */
    private @Nullable IOException keep(String id, String text) {
        try {
            folder.publish(id, text);
            return null;
        } catch (IOException e) {
            logger.error("Report {} could not be kept on the server", id, e);
            return e;
        }
    }

    /** The second pass: a full disk stops the complete list, not the report. */
    private static final class Second {
        private final Excerpts excerpts;
        private @Nullable CompleteList complete;
        private @Nullable IOException failure;
        private long lines;

        Second(Excerpts excerpts) {
            this.excerpts = excerpts;
        }

        void open(ReportFolder folder, String id, ZoneId zone) {
            try {
                complete = new CompleteList(folder.begin(id), folder.completeLimit(), zone);
            } catch (IOException e) {
                failed(e);
            }
        }

        void add(Finding finding) {
            lines++;
            excerpts.add(finding);
            if (complete != null && failure == null) {
                try {
                    complete.add(finding);
                } catch (IOException e) {
                    failed(e);
                }
            }
        }

        void close() {
            try {
                if (complete != null) {
                    complete.close();
                }
            } catch (IOException e) {
                if (failure == null) {
                    failed(e);
                }
            }
        }

        private void failed(IOException e) {
            failure = e;
            logger.error("The complete list of a report could not be kept", e);
        }
    }
}
