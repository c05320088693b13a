package org.loghost.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Keeps the outbox small: removes the mails that every destination is done with, and gives up what is too old or too
 * much. Its thread, {@code outbox}, looks after each round of a route and once an hour.
 */
final class OutboxKeeper {
    private static final Logger logger = LogManager.getLogger(OutboxKeeper.class);
    private static final Duration LOOK = Duration.ofHours(1);

    private final Outbox outbox;
    private final List<Route> routes;
    private final SentIds sent;
    private final DeadLetters dead;
    private final RetryPauses pauses;
    private final OutboxLimits limits;
    private final ServerMetrics metrics;
    private final Notices notices;
    /** By id: mails that are done with and could not be removed. */
    private final Map<String, Stuck> stuck = new HashMap<>();

    private final Rounds rounds = new Rounds("outbox", this::round, this::nanosUntilDue);

    /** How often in a row a removal failed, until when it waits, and why. */
    private record Stuck(int failures, long until, String reason) {}

    OutboxKeeper(
            Outbox outbox,
            List<Route> routes,
            SentIds sent,
            DeadLetters dead,
            RetryPauses pauses,
            OutboxLimits limits,
            ServerMetrics metrics,
            Notices notices) {
        this.outbox = outbox;
        this.routes = routes;
        this.sent = sent;
        this.dead = dead;
        this.pauses = pauses;
        this.limits = limits;
        this.metrics = metrics;
        this.notices = notices;
    }

    void start() {
        rounds.start();
    }

    /** Ends the thread after what it does; returns it, null when there is none. */
    @Nullable
    Thread end() {
        return rounds.end();
    }

    void look() {
        rounds.ask();
    }

    /** Tries removals at once too, and waits for the end of that, or for the deadline (by {@link System#nanoTime}). */
    void lookWithoutPauses(long deadline) throws InterruptedException {
        synchronized (this) {
            stuck.replaceAll((id, mail) -> new Stuck(mail.failures(), System.nanoTime(), mail.reason()));
        }
        rounds.await(rounds.ask(), deadline);
    }

    /** Why a mail could not be removed; empty when all could. */
    synchronized String lastFailure() {
        return stuck.values().stream().map(Stuck::reason).findFirst().orElse("");
    }

    private void round() {
        giveUpTheOld();
        giveUpTheUnfit();
        removeTheSettled();
    }

    /** Until a removal is due, or it is time to look at the mails' age. */
    private synchronized long nanosUntilDue() {
        long now = System.nanoTime();
        long least = Math.min(LOOK.toNanos(), limits.giveUp().toNanos());
        for (Stuck mail : stuck.values()) {
            least = Math.min(least, mail.until() - now);
        }
        return least;
    }

    /** A mail that this run has tried in vain for a while, and that has waited for longer than may be. */
    private void giveUpTheOld() {
        Instant oldest = Instant.now().minus(limits.giveUp());
        for (Route route : routes) {
            List<OutboxEntry> old = new ArrayList<>();
            for (OutboxEntry entry : outbox.entries()) {
                if (entry.since().isBefore(oldest)
                        && !entry.isSettled(route.name())
                        && route.triedInVain(entry).compareTo(limits.leastTried()) > 0) {
                    old.add(entry);
                }
            }
            String reason = route.lastFailure();
            giveUp(
                    route,
                    dead,
                    old,
                    "not taken within " + RouteNews.text(limits.giveUp())
                            + (reason.isEmpty() ? "" : " (" + reason + ")"));
        }
    }

    /** The least urgent first, and the oldest of these. */
    private void giveUpTheUnfit() {
        List<OutboxEntry> entries = outbox.entries();
        long octets = entries.stream().mapToLong(OutboxEntry::size).sum();
        int number = entries.size();
        if (octets <= limits.size() && number <= OutboxLimits.MOST_MAILS) {
            return;
        }
        entries.sort(Comparator.comparing(OutboxEntry::urgency).thenComparing(OutboxEntry::id));
        List<OutboxEntry> unfit = new ArrayList<>();
        for (OutboxEntry entry : entries) {
            if (octets > limits.size() || number > OutboxLimits.MOST_MAILS) {
                unfit.add(entry);
                octets -= entry.size();
                number--;
            }
        }
        for (Route route : routes) {
            giveUp(route, dead, unfit, "the outbox is full (outbox-size)");
        }
    }

    private static void giveUp(Route route, DeadLetters dead, List<OutboxEntry> entries, String why) {
        int number = 0;
        OutboxEntry last = null;
        for (OutboxEntry entry : entries) {
            if (!entry.isSettled(route.name())) {
                try {
                    entry.giveUp(route.name());
                } catch (IOException e) {
                    route.news().notWrittenDown(entry, e);
                }
                number++;
                last = entry;
            }
        }
        if (last != null) {
            route.news().givenUp(number, last, why, dead);
        }
    }

    private void removeTheSettled() {
        boolean taken = false;
        for (OutboxEntry entry : outbox.entries()) {
            boolean settled = routes.stream().allMatch(route -> entry.isSettled(route.name()));
            if (settled && isDue(entry)) {
                Count count = entry.isGivenUp() ? Count.REPORTS_GIVEN_UP : Count.REPORTS_SENT;
                if (remove(entry)) {
                    metrics.increment(count);
                    taken |= count == Count.REPORTS_GIVEN_UP;
                }
            } else if (!settled && !Files.exists(entry.mail())) {
                // An operator may take a mail out of the queue by deleting its file.
                logger.warn("{}: somebody has removed it; it is not delivered any further", entry.mail());
                remove(entry);
            }
        }
        if (taken) {
            makeRoomForTheDead();
        }
    }

    /** Its id is remembered before its mail is removed, so that at no time it is unknown. */
    private boolean remove(OutboxEntry entry) {
        try {
            sent.add(entry.id());
            if (entry.isGivenUp()) {
                dead.take(entry);
            } else {
                entry.delete();
            }
            outbox.forget(entry);
            routes.forEach(route -> route.forget(entry));
            synchronized (this) {
                stuck.remove(entry.id());
            }
            return true;
        } catch (IOException e) {
            stuck(entry, e);
            return false;
        }
    }

    private synchronized boolean isDue(OutboxEntry entry) {
        Stuck mail = stuck.get(entry.id());
        return mail == null || mail.until() - System.nanoTime() <= 0;
    }

    private synchronized void stuck(OutboxEntry entry, IOException failure) {
        String what = entry.mail() + ": " + (entry.isGivenUp() ? "given up" : "delivered")
                + ", but not removed from the outbox; it is repeated";
        logger.log(stuck.isEmpty() ? Level.ERROR : Level.INFO, "{}", what, failure);
        Stuck before = stuck.get(entry.id());
        int number = before == null ? 1 : before.failures() + 1;
        stuck.put(
                entry.id(),
                new Stuck(number, System.nanoTime() + pauses.nanosAfter(number), "outbox: " + what + ": " + failure));
    }

    private void makeRoomForTheDead() {
        try {
            int deleted = dead.makeRoom();
            if (deleted > 0) {
                metrics.add(Count.LOST_REPORTS, deleted);
                String text = "mail: " + deleted + " of the reports that were put aside in " + dead.folder()
                        + (deleted == 1 ? " is" : " are") + " deleted to make room";
                logger.info("{}", text);
                notices.post(Notice.Level.INFO, "mail dead letters", text);
            }
        } catch (IOException e) {
            logger.info("{}: no room could be made: {}", dead.folder(), e.toString());
        }
    }
}
