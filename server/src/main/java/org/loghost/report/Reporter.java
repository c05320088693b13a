package org.loghost.report;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.classify.DamagedFindingsException;
import org.loghost.classify.Finding;
import org.loghost.mail.Letter;
import org.loghost.mail.Outbox;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Makes reports: seals the findings, builds a report of each sealed segment, puts it into the outbox, and only then
 * deletes the segment. A crash at any step repeats the step: the report's id is made of the segment, and the outbox
 * knows an id it has had. So nothing is reported twice and nothing is forgotten.
 *
 * <p>Notices and counts go with the newest report; a notice of level WARNING causes one when there are no findings.
 * The thread {@code report} alone calls.
 */
final class Reporter {
    private static final Logger logger = LogManager.getLogger(Reporter.class);

    private final SealedFindings findings;
    private final Outbox outbox;
    private final ReportPlaces places;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Clock clock;
    private final BooleanSupplier stopped;

    private volatile ReportBuilder builder;
    private final Instant start;
    /** Until when findings have been reported, or looked for in vain. */
    private Instant reportedUntil;

    private Instant lastReport;
    private Map<Count, Long> lastCounts;

    /**
     * Counts go on from where the metrics say that reports have come; else they begin now.
     *
     * @param stopped ends a report in the making; it is made again by the next run
     */
    Reporter(
            SealedFindings findings,
            Outbox outbox,
            ReportBuilder builder,
            ReportPlaces places,
            ServerMetrics metrics,
            Notices notices,
            Clock clock,
            BooleanSupplier stopped) {
        this.findings = findings;
        this.outbox = outbox;
        this.builder = builder;
        this.places = places;
        this.metrics = metrics;
        this.notices = notices;
        this.clock = clock;
        this.stopped = stopped;
        Instant since = metrics.since();
        start = since == null ? clock.instant() : since;
        ServerMetrics.Reported before = metrics.reported();
        reportedUntil = before == null ? start : before.until();
        lastCounts = before == null ? Map.of() : before.counts();
        lastReport = before == null || lastCounts.isEmpty() ? start : before.at();
    }

    /** Builds the next reports. */
    void use(ReportBuilder fresh) {
        builder = fresh;
    }

    /** Thrown out of a reading that a stop ends: it must look neither like damage nor like an end. */
    static final class Stopped extends RuntimeException {
        Stopped() {
            super("stopped", null, false, false);
        }
    }

    /**
     * Reports everything up to now.
     *
     * @return the ids of the reports put into the outbox; empty when there is nothing to say
     * @throws IOException when a report could not be made or put; what was not put is still there for the next time.
     *     Findings that cannot be read do not keep those behind them from their report
     */
    List<String> report() throws IOException {
        List<Long> segments = findings.seal();
        Instant now = clock.instant();
        List<String> ids = new ArrayList<>();
        Unread unread = null;
        for (int i = 0; i < segments.size(); i++) {
            try {
                report(segments.get(i), i == segments.size() - 1, now, ids);
            } catch (Unread e) {
                unread = e;
            }
        }
        if (ids.isEmpty() && notices.hasWarning()) {
            reportNotices(now, ids);
        }
        if (unread != null) {
            throw unread;
        }
        reportedUntil = now;
        metrics.reported(new ServerMetrics.Reported(reportedUntil, lastReport, lastCounts));
        return ids;
    }

    /** Too many open files, say: no damage, and no reason to delete anything. */
    private static final class Unread extends IOException {
        private static final long serialVersionUID = 1L;

        Unread(long segment, IOException cause) {
            super("findings segment " + segment + " could not be read: " + cause, cause);
        }
    }

    private void read(long segment, Consumer<Finding> reader) throws IOException {
        try {
            findings.read(segment, stoppable(reader));
        } catch (DamagedFindingsException e) {
            throw e;
        } catch (IOException e) {
            throw new Unread(segment, e);
        }
    }

    private void report(long segment, boolean newest, Instant now, List<String> ids) throws IOException {
        FindingSource source = reader -> read(segment, reader);
        Tally tally = builder.tally(source);
        String id = ReportBuilder.id(tally, segment);
        if (outbox.contains(id)) {
            logger.info("Report {} is in the outbox already; its findings are removed", id);
        } else if (tally.lines() > 0 || tally.damage() != null) {
            Instant first = tally.lines() > 0 ? Instant.ofEpochMilli(tally.firstMillis()) : now;
            Instant until = newest || tally.lines() == 0 ? now : Instant.ofEpochMilli(tally.lastMillis());
            Instant from = newest && reportedUntil.isBefore(first) ? reportedUntil : first;
            put(id, tally, source, new Period(from, until, places.zone()), newest);
            ids.add(id);
        }
        findings.delete(segment);
    }

    private void reportNotices(Instant now, List<String> ids) throws IOException {
        String id = ReportBuilder.id(now);
        Period period = new Period(reportedUntil, now, places.zone());
        put(id, builder.tally(reader -> {}), reader -> {}, period, true);
        ids.add(id);
    }

    /** Notices stay on the board until their report is in the outbox. */
    private void put(String id, Tally tally, FindingSource source, Period period, boolean newest) throws IOException {
        Map<Count, Long> counts = metrics.snapshot();
        List<Notice> told = newest ? notices.take() : List.of();
        Letter letter =
                builder.letter(id, tally, source, period, told, new CountsSince(start, lastReport, counts, lastCounts));
        outbox.put(letter);
        if (newest) {
            notices.forgetTaken();
            notices.save();
            lastCounts = counts;
            lastReport = period.until();
            metrics.reported(new ServerMetrics.Reported(reportedUntil, lastReport, lastCounts));
        }
        logger.info(
                "Report {} is in the outbox", id); // not its subject: a copy of this line may come back as a message
    }

    private Consumer<Finding> stoppable(Consumer<Finding> reader) {
        return finding -> {
            if (stopped.getAsBoolean()) {
                throw new Stopped();
            }
            reader.accept(finding);
        };
    }
}
