package org.loghost.mail;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    /** By id: mails that wait alone while others pass. */
    private final Map<String, Held> held = new HashMap<>();

    private int failures;
    private String lastFailure = "";
    private long pausedUntil = System.nanoTime();
    private final Ending refusal = new Ending(" refused", " refuses report %s: %s; it is kept in %s");
    private final Ending partial = new Ending(" partial", ": report %s did not reach everyone: %s");

    /** A mail's own failures in a row, and until when it waits. */
    private record Held(int failures, long until) {}

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
        long now = System.nanoTime();
        pausedUntil = now;
        held.replaceAll((id, mail) -> new Held(mail.failures(), now));
    }

    /** The mail has left the outbox. */
    synchronized void forget(OutboxEntry entry) {
        held.remove(entry.id());
    }

    /** The next growing pause. */
    private synchronized void pause() {
        failures++;
        pausedUntil = System.nanoTime() + pauses.nanosAfter(failures);
    }

    /** Nanoseconds until this mail may be tried; not positive when it is due, the maximum when it needs no more. */
    synchronized long nanosUntilDue(OutboxEntry entry) {
        long now = System.nanoTime();
        Held mail = held.get(entry.id());
        if (entry.isDone(name())) {
            // Held when its removal failed.
            return mail == null ? Long.MAX_VALUE : mail.until() - now;
        }
        return Math.max(pausedUntil - now, mail == null ? 0 : mail.until() - now);
    }

    /**
     * Tries what is due, in order. A failure that took long ends it: the other destinations have their turn before the
     * mails behind it.
     */
    void deliver(List<OutboxEntry> waiting, BooleanSupplier closed) {
        String failure = "";
        long begin = System.nanoTime();
        for (OutboxEntry entry : waiting) {
            if (closed.getAsBoolean()) {
                break;
            }
            if (!entry.isDone(name()) && nanosUntilDue(entry) <= 0) {
                Delivery delivery = attempt(entry);
                record(entry, delivery);
                failure = note(entry, delivery, waiting.size(), failure);
                if (delivery.outcome() == Delivery.Outcome.DEFERRED
                        && System.nanoTime() - begin > pauses.first().toNanos()) {
                    break;
                }
            }
        }
        if (!failure.isEmpty() || waiting.stream().allMatch(entry -> entry.isDone(name()))) {
            lastFailure(failure);
        }
    }

    private synchronized void lastFailure(String reason) {
        lastFailure = reason;
    }

    /** Why a mail that waits was not taken; empty when none waits, or none was tried. */
    synchronized String lastFailure() {
        return lastFailure;
    }

    /** A fault of ours with one mail, or memory that it alone wants, must not keep the others. */
    private Delivery attempt(OutboxEntry entry) {
        try {
            return destination.deliver(entry.id(), entry.mail(), entry.accepted(name()));
        } catch (RuntimeException | OutOfMemoryError e) {
            logger.log(
                    isHeld(entry) ? Level.INFO : Level.ERROR,
                    "{}: delivery of {} failed unexpectedly; it is repeated",
                    place(),
                    entry.mail(),
                    e);
            return Delivery.deferred(e.toString());
        }
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
                if (delivery.reason().isEmpty()) {
                    refusal.lastReason = "";
                    partial.lastReason = "";
                } else {
                    tell(partial, entry, delivery.reason());
                }
                return failure;
            }
            case LATER -> {
                pause();
                later(failures == 1, delivery, waiting);
            }
            case DEFERRED -> {
                later(defer(entry), delivery, waiting);
            }
            case REFUSED -> {
                refused(entry);
                metrics.increment(Count.MAIL_RETRIES);
                tell(refusal, entry, delivery.reason());
            }
        }
        return place() + ": " + delivery.reason();
    }

    /** A warning is a finding of this very server: once per outage, or each report would cause the next. */
    private void later(boolean first, Delivery delivery, int waiting) {
        metrics.increment(Count.MAIL_RETRIES);
        logger.log(
                first ? Level.WARN : Level.INFO,
                "{}: {} ({} waiting, tried again)",
                place(),
                delivery.reason(),
                waiting);
        notices.post(
                Notice.Level.INFO,
                "mail " + name() + " later",
                "mail: " + place() + " did not take reports for a while: " + delivery.reason());
    }

    private synchronized void recovered(OutboxEntry entry) {
        failures = 0;
        held.remove(entry.id());
    }

    /** The mail's own growing pause; whether it is the only one that is held. Says nothing of the destination. */
    synchronized boolean defer(OutboxEntry entry) {
        boolean first = held.isEmpty();
        Held before = held.get(entry.id());
        int number = before == null ? 1 : before.failures() + 1;
        held.put(entry.id(), new Held(number, System.nanoTime() + pauses.nanosAfter(number)));
        return first;
    }

    /** Whether this mail waits alone, and has been told of. */
    synchronized boolean isHeld(OutboxEntry entry) {
        return held.containsKey(entry.id());
    }

    private synchronized void refused(OutboxEntry entry) {
        failures = 0;
        held.put(entry.id(), new Held(1, System.nanoTime() + pauses.longestNanos()));
    }

    /**
     * Worth a mail the first time; after that it would make a report of every interval for ever. Known is what this mail
     * was told of before, and what befell the mail before it: each report to a recipient that is gone.
     */
    private void tell(Ending ending, OutboxEntry entry, String reason) {
        String what = reason.replaceAll("\\d", "");
        boolean told = ending.tell(entry.id());
        boolean known = told || what.equals(ending.lastReason);
        ending.lastReason = what;
        String text = "mail: " + place() + String.format(Locale.ROOT, ending.text, entry.id(), reason, entry.mail());
        logger.log(known ? Level.INFO : Level.WARN, "{}", text);
        notices.post(known ? Notice.Level.INFO : Notice.Level.WARNING, "mail " + name() + ending.key, text);
    }

    /** What can become of a mail for good, and of which mails that has been told. The outbox's thread alone. */
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
