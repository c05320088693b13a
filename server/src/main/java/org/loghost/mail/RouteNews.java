package org.loghost.mail;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * What the operator hears of one destination, in the log and in the next report. A warning causes a report; so each kind
 * of trouble is one warning and news of level INFO after that, or each report would cause the next. Any thread.
 */
final class RouteNews {
    private static final Logger logger = LogManager.getLogger(RouteNews.class);

    private final String name;
    private final String place;
    private final Notices notices;
    private final Ending refusal = new Ending(" refused", " refuses report %s: %s; it is kept in %s");
    private final Ending partial = new Ending(" partial", ": report %s did not reach everyone: %s");
    private boolean giveUpTold;

    RouteNews(Destination destination, Notices notices) {
        this.name = destination.name();
        this.place = destination.place();
        this.notices = notices;
    }

    /** Not taken for now. */
    void later(boolean first, String reason, int waiting) {
        logger.log(first ? Level.WARN : Level.INFO, "{}: {} ({} waiting, tried again)", place, reason, waiting);
        notices.post(
                Notice.Level.INFO,
                "mail " + name + " later",
                "mail: " + place + " did not take reports for a while: " + reason);
    }

    /** Taken, after all; without this line the log would end with the trouble. */
    void takenLate(OutboxEntry entry, Duration after) {
        logger.info("{}: took report {} after {}", place, entry.id(), text(after));
    }

    /** Taken by every recipient. */
    synchronized void taken() {
        refusal.lastReason = "";
        partial.lastReason = "";
        giveUpTold = false;
    }

    synchronized void partial(OutboxEntry entry, String reason) {
        giveUpTold = false;
        tell(partial, entry, reason);
    }

    synchronized void refused(OutboxEntry entry, String reason) {
        tell(refusal, entry, reason);
    }

    /** No longer tried with so many reports, of which this is the last one. */
    synchronized void givenUp(int number, OutboxEntry entry, String why, DeadLetters dead) {
        String reports = number == 1 ? "report " + entry.id() : number + " reports, the last one " + entry.id() + ",";
        String text = String.format(
                Locale.ROOT,
                "mail: %s is no longer tried with %s: %s; put aside in %s",
                place,
                reports,
                why,
                dead.folder());
        logger.log(giveUpTold ? Level.INFO : Level.WARN, "{}", text);
        notices.post(giveUpTold ? Notice.Level.INFO : Notice.Level.WARNING, "mail " + name + " given up", text);
        giveUpTold = true;
    }

    /** A fault of ours, or memory that this mail alone wants. */
    void failedUnexpectedly(boolean known, OutboxEntry entry, Throwable failure) {
        logger.log(
                known ? Level.INFO : Level.ERROR,
                "{}: delivery of {} failed unexpectedly; it is repeated",
                place,
                entry.mail(),
                failure);
    }

    /** Delivered, and the disk does not take that down. */
    void notWrittenDown(OutboxEntry entry, Exception failure) {
        logger.error(
                "{}: delivered, but that could not be written down: a crash now repeats it", entry.mail(), failure);
    }

    /** Known is what this mail was told of before, and what befell the mail before it: each report to one who is gone. */
    private void tell(Ending ending, OutboxEntry entry, String reason) {
        String what = reason.replaceAll("\\d", "");
        boolean told = ending.tell(entry.id());
        boolean known = told || what.equals(ending.lastReason);
        ending.lastReason = what;
        String text = "mail: " + place + String.format(Locale.ROOT, ending.text, entry.id(), reason, entry.mail());
        logger.log(known ? Level.INFO : Level.WARN, "{}", text);
        notices.post(known ? Notice.Level.INFO : Notice.Level.WARNING, "mail " + name + ending.key, text);
    }

    /** {@code 45 s}, {@code 20 min}, {@code 31 h}. */
    static String text(Duration duration) {
        if (duration.toMinutes() < 2) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() < 3
                ? duration.toMinutes() + " min"
                : duration.toDays() < 3 ? duration.toHours() + " h" : duration.toDays() + " days";
    }

    /** What can become of a mail for good, and of which mails that has been told. */
    private static final class Ending {
        private static final int KEPT = 1_000;

        private final String key;
        private final String text;
        private final Set<String> told = new LinkedHashSet<>();
        private String lastReason = "";

        Ending(String key, String text) {
            this.key = key;
            this.text = text;
        }

        /** Whether this mail was told of before. */
        boolean tell(String id) {
            boolean known = !told.add(id);
            if (told.size() > KEPT) {
                told.remove(told.iterator().next());
            }
            return known;
        }
    }
}
