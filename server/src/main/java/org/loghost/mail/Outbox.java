package org.loghost.mail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.FatalFault;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Reports on their way: a letter is a complete mail on disk before anything is tried, and stays there until every
 * destination has taken it. What each has taken is on disk too, so that a restart goes on where the last run stopped;
 * only a crash between a mail server's 250 and the next disk write sends a mail twice, with the same Message-ID.
 *
 * <p>Each destination gets the mails in the order of their ids, and is tried again with growing pauses while it cannot
 * be reached or used. A mail that a destination does not take for now (a full mailbox) has growing pauses of its own and
 * lets the next ones pass; one that is refused for good (5xx) is tried seldom. Nothing is ever dropped.
 *
 * <p>One thread, {@code outbox}, delivers; all methods may be called from any thread.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(Outbox.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Path folder;
    private final MailFormat format;
    private final List<Route> routes = new ArrayList<>();
    private final ServerMetrics metrics;
    private final SentIds sent;
    /** By id, which is the order of delivery. Guarded by this. */
    private final TreeMap<String, OutboxEntry> entries = new TreeMap<>();

    private @Nullable Thread thread;
    private boolean closed;
    /** Rounds asked for and rounds ended; a caller of {@link #deliverNow} waits for one that began after its call. */
    private long roundsAsked;

    private long roundsDone;

    /**
     * Touches nothing before {@link #start}.
     *
     * @param folder where the mails wait; created 0700
     * @param destinations at least one; each gets every mail
     */
    public Outbox(
            Path folder,
            MailFormat format,
            List<? extends Destination> destinations,
            RetryPauses pauses,
            ServerMetrics metrics,
            Notices notices) {
        if (destinations.isEmpty()) {
            throw new IllegalArgumentException("destinations: none (expected: a Maildir or a mail server)");
        }
        this.folder = folder;
        this.format = format;
        this.metrics = metrics;
        this.sent = new SentIds(folder);
        for (Destination destination : destinations) {
            routes.add(new Route(destination, pauses, metrics, notices));
        }
    }

    /** Takes up what earlier runs left and begins to deliver. */
    public synchronized void start() throws IOException {
        PrivateFiles.createFolder(folder);
        sent.load();
        removeRemains();
        try (DirectoryStream<Path> mails = Files.newDirectoryStream(folder, "*.eml")) {
            for (Path mail : mails) {
                String name = String.valueOf(mail.getFileName());
                String id = name.substring(0, name.length() - ".eml".length());
                if (Letter.isId(id)) {
                    OutboxEntry entry = new OutboxEntry(folder, id);
                    entry.load();
                    entries.put(id, entry);
                }
            }
        }
        Thread worker = new Thread(this::run, "outbox");
        worker.setDaemon(true);
        worker.setUncaughtExceptionHandler(FatalFault::endProcess);
        thread = worker;
        worker.start();
    }

    /** What a crash left half written, and the state of mails that are gone. */
    private void removeRemains() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{tmp,state}")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".tmp") || !Files.exists(folder.resolve(name.replace(".state", ".eml")))) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Whether this id is waiting or has been delivered; it then needs not be put again. */
    public synchronized boolean contains(String id) {
        return entries.containsKey(id) || sent.contains(id);
    }

    /** Mails that wait for at least one destination. */
    public synchronized int waiting() {
        return entries.size();
    }

    /** Why the last try failed, empty when it did not; for {@code status}. */
    public synchronized String lastFailure() {
        String failure = "";
        for (Route route : routes) {
            String reason = entries.isEmpty() ? "" : route.lastFailure();
            failure = reason.isEmpty() ? failure : reason;
        }
        return failure;
    }

    /**
     * Takes a letter; on disk when it returns. A letter whose id is known is left alone.
     *
     * @throws IOException when the disk did not take it, or an address is none
     */
    public void put(Letter letter) throws IOException {
        if (contains(letter.id())) {
            return;
        }
        byte[] mail = format.format(letter);
        OutboxEntry entry = new OutboxEntry(folder, letter.id());
        PrivateFiles.write(folder.resolve(letter.id() + ".eml.tmp"), entry.mail(), mail);
        synchronized (this) {
            entries.put(letter.id(), entry);
            roundsAsked++;
            notifyAll();
        }
    }

    /**
     * Tries everything that waits at once, whatever the pauses.
     *
     * @param limit the longest to wait for the answer
     * @return empty when all is handed over, else the reason why not
     */
    public synchronized Optional<String> deliverNow(Duration limit) throws InterruptedException {
        for (Route route : routes) {
            route.forgetPauses();
        }
        long round = ++roundsAsked;
        notifyAll();
        long deadline = System.nanoTime() + limit.toNanos();
        while (roundsDone < round && !closed) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return Optional.of("still trying after " + limit.toSeconds() + " s; it goes on in the background");
            }
            wait(Math.max(1, left / 1_000_000));
        }
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        String failure = lastFailure();
        return Optional.of(failure.isEmpty() ? "it waits in the outbox for its next try" : failure);
    }

    /** Lets a delivery in progress end for 2 s, then cuts it short; what was not taken waits on disk. */
    @Override
    public void close() {
        Thread worker;
        synchronized (this) {
            closed = true;
            worker = thread;
            thread = null;
            notifyAll();
        }
        if (worker == null) {
            return;
        }
        try {
            worker.join(GRACE.toMillis());
            if (worker.isAlive()) {
                routes.forEach(Route::close);
                worker.join(GRACE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            long round;
            List<OutboxEntry> waiting;
            synchronized (this) {
                if (closed) {
                    return;
                }
                round = roundsAsked;
                waiting = new ArrayList<>(entries.values());
            }
            waiting.removeIf(this::isRemoved);
            deliver(waiting);
            synchronized (this) {
                roundsDone = round;
                notifyAll();
                pause(round);
            }
        }
    }

    /** An operator may take a mail out of the queue by deleting its file. */
    private boolean isRemoved(OutboxEntry entry) {
        if (Files.exists(entry.mail())) {
            return false;
        }
        logger.warn("{}: somebody has removed it; it is not delivered any further", entry.mail());
        finish(entry);
        return true;
    }

    /** One try at everything that is due. */
    private void deliver(List<OutboxEntry> waiting) {
        for (Route route : routes) {
            route.deliver(waiting, this::isClosed);
        }
        for (OutboxEntry entry : waiting) {
            if (routes.stream().allMatch(route -> entry.isDone(route.name())) && finish(entry)) {
                metrics.increment(Count.REPORTS_SENT);
            }
        }
    }

    /** Its id is remembered before its mail is removed, so that at no time it is unknown. */
    private boolean finish(OutboxEntry entry) {
        try {
            synchronized (this) {
                sent.add(entry.id());
            }
            entry.delete();
            synchronized (this) {
                entries.remove(entry.id());
            }
            routes.forEach(route -> route.forget(entry));
            return true;
        } catch (IOException e) {
            Route first = routes.get(0);
            logger.log(
                    first.isHeld(entry) ? Level.INFO : Level.ERROR,
                    "{}: delivered, but not removed from the outbox; it is repeated",
                    entry.mail(),
                    e);
            first.defer(entry);
            return false;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Until something is due, asked for, or the end. Holds the lock. */
    private void pause(long round) {
        while (!closed && roundsAsked == round) {
            long left = Long.MAX_VALUE;
            for (OutboxEntry entry : entries.values()) {
                for (Route route : routes) {
                    left = Math.min(left, route.nanosUntilDue(entry));
                }
            }
            if (left <= 0) {
                return;
            }
            try {
                wait(left == Long.MAX_VALUE ? 0 : left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }
}
