package org.loghost.mail;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Reports on their way: a letter is a complete mail on disk before anything is tried, and stays there until every
 * destination has taken it. What each has taken is on disk too, so that a restart goes on where the last run stopped;
 * only a crash between a mail server's 250 and the next disk write sends a mail twice, with the same Message-ID.
 *
 * <p>Each destination gets the mails in the order of their ids, and is tried again with growing pauses while it cannot
 * be reached or used. A mail that a destination does not take for now (a full mailbox) has growing pauses of its own and
 * lets the next ones pass; one that is refused for good (5xx) is tried seldom. What is not taken within {@link
 * OutboxLimits} is put aside, and that is told.
 *
 * <p>Each destination has a thread of its own, and {@code outbox} removes what is done with; all methods may be called
 * from any thread.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(Outbox.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Path folder;
    private final MailFormat format;
    private final List<Route> routes = new ArrayList<>();
    private final Notices notices;
    private final SentIds sent;
    private final OutboxKeeper keeper;
    /** By id, which is the order of delivery. Guarded by this. */
    private final TreeMap<String, OutboxEntry> entries = new TreeMap<>();

    /** As the other, with {@link OutboxLimits#defaults()}. */
    public Outbox(
            Path folder,
            MailFormat format,
            List<? extends Destination> destinations,
            RetryPauses pauses,
            ServerMetrics metrics,
            Notices notices) {
        this(folder, format, destinations, pauses, OutboxLimits.defaults(), metrics, notices);
    }

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
            OutboxLimits limits,
            ServerMetrics metrics,
            Notices notices) {
        if (destinations.isEmpty()) {
            throw new IllegalArgumentException("destinations: none (expected: a Maildir or a mail server)");
        }
        this.folder = folder;
        this.format = format;
        this.notices = notices;
        sent = new SentIds(folder);
        keeper = new OutboxKeeper(
                this,
                routes,
                sent,
                new DeadLetters(folder.resolve("dead"), limits.size()),
                pauses,
                limits,
                metrics,
                notices);
        for (Destination destination : destinations) {
            routes.add(new Route(destination, this::entries, keeper::look, pauses, metrics, notices));
        }
    }

    /** Takes up what earlier runs left and begins to deliver. Damage in it is told, and is no reason not to begin. */
    public synchronized void start() throws IOException {
        PrivateFiles.createFolder(folder);
        sent.load(this::damaged);
        removeRemains();
        for (Path mail : files("*.eml")) {
            String name = String.valueOf(mail.getFileName());
            String id = name.substring(0, name.length() - ".eml".length());
            if (Letter.isId(id) && Files.isRegularFile(mail, LinkOption.NOFOLLOW_LINKS)) {
                load(id);
            }
        }
        keeper.start();
        routes.forEach(Route::start);
    }

    private void load(String id) {
        try {
            entries.put(id, OutboxEntry.load(folder, id, this::damaged));
        } catch (IOException e) {
            damaged(folder.resolve(id + ".eml") + ": cannot be read, it is left where it is: " + e);
        }
    }

    private void damaged(String what) {
        logger.warn("{}; a report may be sent twice", what);
        notices.post(Notice.Level.WARNING, "outbox damaged", "outbox: " + what + "; a report may be sent twice");
    }

    /** What a crash left half written, and the state of mails that are gone. */
    private void removeRemains() throws IOException {
        for (Path file : files("*.{tmp,state}")) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".tmp") || !Files.exists(folder.resolve(name.replace(".state", ".eml")))) {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    logger.warn("{}: left by an earlier run, and cannot be removed: {}", file, e.toString());
                }
            }
        }
    }

    private List<Path> files(String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /** Whether this id is waiting or has been delivered; it then needs not be put again. */
    public synchronized boolean contains(String id) {
        return entries.containsKey(id) || sent.contains(id);
    }

    /** Mails that wait for at least one destination. */
    public synchronized int waiting() {
        return entries.size();
    }

    /** The mails in the order of their ids. */
    synchronized List<OutboxEntry> entries() {
        return new ArrayList<>(entries.values());
    }

    synchronized void forget(OutboxEntry entry) {
        entries.remove(entry.id());
    }

    /** Why the last try failed, empty when it did not; for {@code status}. */
    public String lastFailure() {
        String failure = keeper.lastFailure();
        for (Route route : routes) {
            String reason = waiting() == 0 ? "" : route.lastFailure();
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
        OutboxEntry entry = new OutboxEntry(folder, letter.id(), mail.length, Instant.now(), letter.urgency());
        PrivateFiles.write(folder.resolve(letter.id() + ".eml.tmp"), entry.mail(), mail);
        synchronized (this) {
            entries.put(letter.id(), entry);
        }
        routes.forEach(Route::look);
        keeper.look();
    }

    /**
     * Tries everything that waits at once, whatever the pauses.
     *
     * @param limit the longest to wait for the answer
     * @return empty when all is handed over, else the reason why not
     */
    public Optional<String> deliverNow(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Long> rounds = routes.stream().map(Route::lookWithoutPauses).toList();
        for (int i = 0; i < routes.size(); i++) {
            if (!routes.get(i).awaitRound(rounds.get(i), deadline)) {
                return Optional.of("still trying after " + limit.toSeconds() + " s; it goes on in the background");
            }
        }
        keeper.lookWithoutPauses(deadline);
        if (waiting() == 0) {
            return Optional.empty();
        }
        String failure = lastFailure();
        return Optional.of(failure.isEmpty() ? "it waits in the outbox for its next try" : failure);
    }

    /** Lets deliveries in progress end for 2 s, then cuts them short; what was not taken waits on disk. */
    @Override
    public void close() {
        List<Thread> threads = new ArrayList<>(
                routes.stream().map(Route::end).filter(Objects::nonNull).toList());
        Thread keeping = keeper.end();
        if (keeping != null) {
            threads.add(keeping);
        }
        try {
            if (!join(threads)) {
                routes.forEach(Route::cut);
                join(threads);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether all have ended in time. */
    private static boolean join(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + GRACE.toNanos();
        boolean ended = true;
        for (Thread thread : threads) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            ended &= !thread.isAlive();
        }
        return ended;
    }
}
