package org.loghost.mail;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * One destination as the outbox sees it: what it was given, when it may be tried again. The outbox's thread delivers;
 * pauses are read and forgotten from any thread.
 */
final class Route {
    private static final Logger logger = LogManager.getLogger(Route.class);

    private final Destination destination;
    private final RetryPauses pauses;
    private final ServerMetrics metrics;
    private final Notices notices;
    /** Mails refused for good, and when to try them again. */
    private final Map<String, Long> refusedUntil = new HashMap<>();

    private int failures;
    private long pausedUntil = System.nanoTime();
    private String warnedOf = "";

    Route(Destination destination, RetryPauses pauses, ServerMetrics metrics, Notices notices) {
        this.destination = destination;
        this.pauses = pauses;
        this.metrics = metrics;
        this.notices = notices;
    }

    String name() {
        return destination.name();
    }

    String place() {
        return destination.place();
    }

    void close() {
        destination.close();
    }

    synchronized void forgetPauses() {
        pausedUntil = System.nanoTime();
        refusedUntil.clear();
    }

    /** The next growing pause. */
    synchronized void pause() {
        failures++;
        pausedUntil = System.nanoTime() + pauses.nanosAfter(failures);
    }

    /** Nanoseconds until this mail may be tried; not positive when it is due, the maximum when it needs no more. */
    synchronized long nanosUntilDue(OutboxEntry entry) {
        long now = System.nanoTime();
        if (entry.isDone(name())) {
            // Nothing but a removal that failed keeps it here; it is repeated with the pause.
            return Math.max(pausedUntil - now, pauses.first().toNanos());
        }
        Long refused = refusedUntil.get(entry.id());
        return Math.max(pausedUntil - now, refused == null ? 0 : refused - now);
    }

    /** Tries what is due, in order; the reason of the last failure, empty for none. */
    String deliver(List<OutboxEntry> waiting, BooleanSupplier closed) {
        String failure = "";
        for (OutboxEntry entry : waiting) {
            if (closed.getAsBoolean()) {
                return failure;
            }
            if (!entry.isDone(name()) && nanosUntilDue(entry) <= 0) {
                Delivery delivery = destination.deliver(entry.id(), entry.mail(), entry.accepted(name()));
                record(entry, delivery);
                failure = note(entry, delivery, waiting.size(), failure);
            }
        }
        return failure;
    }

    private void record(OutboxEntry entry, Delivery delivery) {
        try {
            entry.record(name(), delivery.accepted(), delivery.outcome() == Delivery.Outcome.ACCEPTED);
        } catch (IOException e) {
            logger.error("{}: delivered, but that could not be written down: a crash now repeats it", entry.mail(), e);
        }
    }

    private String note(OutboxEntry entry, Delivery delivery, int waiting, String failure) {
        switch (delivery.outcome()) {
            case ACCEPTED -> {
                recovered(entry);
                if (!delivery.reason().isEmpty()) {
                    tell("mail: " + place() + ": report " + entry.id() + " did not reach everyone: "
                            + delivery.reason());
                } else {
                    warnedOf = "";
                }
                return failure;
            }
            case LATER -> {
                pause();
                metrics.increment(Count.MAIL_RETRIES);
                // A warning is a finding of this very server: once per outage, or each report would cause the next.
                logger.log(
                        failures == 1 ? Level.WARN : Level.INFO,
                        "{}: {} ({} waiting, tried again)",
                        place(),
                        delivery.reason(),
                        waiting);
                notices.post(
                        Notice.Level.INFO,
                        "mail " + name() + " later",
                        "mail: " + place() + " did not take reports for a while: " + delivery.reason());
                return place() + ": " + delivery.reason();
            }
            case REFUSED -> {
                refused(entry);
                metrics.increment(Count.MAIL_RETRIES);
                tell("mail: " + place() + " refuses report " + entry.id() + ": " + delivery.reason()
                        + "; it is kept in " + entry.mail());
                return place() + ": " + delivery.reason();
            }
        }
        throw new AssertionError(delivery);
    }

    private synchronized void recovered(OutboxEntry entry) {
        failures = 0;
        refusedUntil.remove(entry.id());
    }

    private synchronized void refused(OutboxEntry entry) {
        failures = 0;
        refusedUntil.put(entry.id(), System.nanoTime() + pauses.longestNanos());
    }

    /** Worth a mail the first time; after that it would make a report of every interval for ever. */
    private void tell(String text) {
        String what = text.replaceAll("\\d", "");
        boolean known = what.equals(warnedOf);
        warnedOf = what;
        logger.log(known ? Level.INFO : Level.WARN, "{}", text);
        Notice.Level level = known ? Notice.Level.INFO : Notice.Level.WARNING;
        notices.post(level, "mail " + name() + " refused", text);
    }
}
