package org.loghost.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * One destination as the outbox sees it: what it was given, when it may be tried again. A thread of its own, {@code
 * outbox-NAME}, delivers, so that a destination that hangs keeps nothing from the others; all methods may be called from
 * any thread.
 */
final class Route {
    private final Destination destination;
    private final Supplier<List<OutboxEntry>> waiting;
    private final RetryPauses pauses;
    private final ServerMetrics metrics;
    private final RouteNews news;
    /** By id: mails that wait alone while others pass. */
    private final Map<String, Held> held = new HashMap<>();

    private int failures;
    private String lastFailure = "";
    private long pausedUntil = System.nanoTime();
    private long failingSince;

    /** A round tries each mail that is due, once. */
    private final Rounds rounds;

    /** A mail's own failures in a row, since when, and until when it waits. */
    private record Held(int failures, long since, long until) {}

    /**
     * Nothing runs before {@link #start}.
     *
     * @param waiting the mails in the outbox, in the order of their ids
     * @param afterRound runs on this route's thread after each round
     */
    Route(
            Destination destination,
            Supplier<List<OutboxEntry>> waiting,
            Runnable afterRound,
            RetryPauses pauses,
            ServerMetrics metrics,
            Notices notices) {
        this.destination = destination;
        this.waiting = waiting;
        this.pauses = pauses;
        this.metrics = metrics;
        news = new RouteNews(destination, notices);
        rounds = new Rounds(
                "outbox-" + name(),
                () -> {
                    deliver();
                    afterRound.run();
                },
                this::nanosUntilDue);
    }

    String name() {
        return destination.name();
    }

    RouteNews news() {
        return news;
    }

    void start() {
        rounds.start();
    }

    /** Ends the thread after the delivery in progress; returns it, null when there is none. */
    @Nullable
    Thread end() {
        return rounds.end();
    }

    /** Cuts the delivery in progress short. */
    void cut() {
        destination.close();
    }

    /** Something is new. */
    void look() {
        rounds.ask();
    }

    /** Everything is due now; returns the number of the round that tries it. */
    synchronized long lookWithoutPauses() {
        long now = System.nanoTime();
        pausedUntil = now;
        held.replaceAll((id, mail) -> new Held(mail.failures(), mail.since(), now));
        return rounds.ask();
    }

    /** Waits for a round's end; whether it came before the deadline (by {@link System#nanoTime}) and before the stop. */
    boolean awaitRound(long round, long deadline) throws InterruptedException {
        return rounds.await(round, deadline);
    }

    /** The mail has left the outbox. */
    synchronized void forget(OutboxEntry entry) {
        held.remove(entry.id());
    }

    /** For how long this run has tried this mail, or the destination with any, in vain. */
    synchronized Duration triedInVain(OutboxEntry entry) {
        long now = System.nanoTime();
        Held mail = held.get(entry.id());
        long alone = mail == null ? 0 : now - mail.since();
        return Duration.ofNanos(Math.max(alone, failures == 0 ? 0 : now - failingSince));
    }

    /** Why a mail that waits was not taken; empty when none waits, or none was tried. */
    synchronized String lastFailure() {
        return lastFailure;
    }

    /** Nanoseconds until a mail may be tried; {@link Rounds#NEVER} when none needs it. */
    private long nanosUntilDue() {
        return waiting.get().stream().mapToLong(this::nanosUntilDue).min().orElse(Rounds.NEVER);
    }

    /** Nanoseconds until this mail may be tried; not positive when it is due, {@link Rounds#NEVER} when it needs no more. */
    private synchronized long nanosUntilDue(OutboxEntry entry) {
        if (entry.isSettled(name())) {
            return Rounds.NEVER;
        }
        long now = System.nanoTime();
        Held mail = held.get(entry.id());
        return Math.max(pausedUntil - now, mail == null ? 0 : mail.until() - now);
    }

    /** One try at everything that is due: first what was never tried, in order, also if it came meanwhile. */
    private void deliver() {
        String failure = "";
        Set<String> tried = new HashSet<>();
        OutboxEntry entry = nextDue(tried);
        while (entry != null) {
            tried.add(entry.id());
            Delivery delivery = attempt(entry);
            record(entry, delivery);
            failure = note(entry, delivery, failure);
            entry = nextDue(tried);
        }
        if (!failure.isEmpty() || waiting.get().stream().allMatch(mail -> mail.isSettled(name()))) {
            lastFailure(failure);
        }
    }

    private @Nullable OutboxEntry nextDue(Set<String> tried) {
        List<OutboxEntry> mails = waiting.get();
        synchronized (this) {
            OutboxEntry again = null;
            for (OutboxEntry entry : mails) {
                if (rounds.isClosed()) {
                    return null;
                }
                if (!tried.contains(entry.id()) && nanosUntilDue(entry) <= 0 && Files.exists(entry.mail())) {
                    if (!held.containsKey(entry.id())) {
                        return entry;
                    }
                    again = again == null ? entry : again;
                }
            }
            return again;
        }
    }

    private synchronized void lastFailure(String reason) {
        lastFailure = reason;
    }

    /** A fault of ours with one mail, or memory that it alone wants, must not keep the others. */
    private Delivery attempt(OutboxEntry entry) {
        try {
            return destination.deliver(entry.id(), entry.mail(), entry.accepted(name()));
        } catch (RuntimeException | OutOfMemoryError e) {
            news.failedUnexpectedly(isHeld(entry), entry, e);
            return Delivery.deferred(e.toString());
        }
    }

    private void record(OutboxEntry entry, Delivery delivery) {
        try {
            entry.record(name(), delivery.accepted(), delivery.outcome() == Delivery.Outcome.ACCEPTED);
        } catch (IOException e) {
            news.notWrittenDown(entry, e);
        }
    }

    private String note(OutboxEntry entry, Delivery delivery, String failure) {
        switch (delivery.outcome()) {
            case ACCEPTED -> {
                Duration vain = triedInVain(entry);
                Duration age = Duration.between(entry.since(), Instant.now());
                if (!vain.isZero()) {
                    news.takenLate(entry, vain.compareTo(age) < 0 || age.isNegative() ? vain : age);
                }
                recovered(entry);
                if (delivery.reason().isEmpty()) {
                    news.taken();
                } else {
                    news.partial(entry, delivery.reason());
                }
                return failure;
            }
            case LATER -> later(pause(), delivery);
            case DEFERRED -> later(hold(entry, false), delivery);
            case REFUSED -> {
                hold(entry, true);
                metrics.increment(Count.MAIL_RETRIES);
                news.refused(entry, delivery.reason());
            }
        }
        return destination.place() + ": " + delivery.reason();
    }

    private void later(boolean first, Delivery delivery) {
        metrics.increment(Count.MAIL_RETRIES);
        news.later(first, delivery.reason(), waiting.get().size());
    }

    /** The next growing pause of the destination; whether it is the first one. */
    private synchronized boolean pause() {
        long now = System.nanoTime();
        failingSince = failures == 0 ? now : failingSince;
        failures++;
        pausedUntil = now + pauses.nanosAfter(failures);
        return failures == 1;
    }

    /** The mail's own growing pause; whether it is the only one that is held. The destination is well. */
    private synchronized boolean hold(OutboxEntry entry, boolean refused) {
        if (refused) {
            failures = 0;
        }
        boolean first = held.isEmpty();
        long now = System.nanoTime();
        Held before = held.get(entry.id());
        int number = before == null ? 1 : before.failures() + 1;
        long pause = refused ? pauses.nanosAfterRefusal(number) : pauses.nanosAfter(number);
        held.put(entry.id(), new Held(number, before == null ? now : before.since(), now + pause));
        return first;
    }

    private synchronized void recovered(OutboxEntry entry) {
        failures = 0;
        held.remove(entry.id());
    }

    /** Whether this mail waits alone, and has been told of. */
    private synchronized boolean isHeld(OutboxEntry entry) {
        return held.containsKey(entry.id());
    }
}
