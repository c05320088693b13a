package org.loghost.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * The files of all hosts: {@code <path>/<host>/<yyyy-mm-dd>.log} by the day of receipt in the server's zone, and beside
 * them {@code current.log}, a link to the file written last.
 *
 * <p>A line waits in memory until it is {@code flush} old (1 s by default), its host's buffer is long, or memory is
 * used up; then it goes out with its neighbours in one write. The status says when lines are older than that. Files lie
 * open up to a limit and are opened with {@code O_APPEND} and {@code O_NOFOLLOW}; one that was replaced by anything but a
 * regular file is refused, named in a notice, and hurts no other host.
 *
 * <p>Any thread, except where a method says otherwise.
 */
public final class Archive implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(Archive.class);

    /** What the listeners may hold open when nobody says how much. */
    private static final int DEFAULT_CONNECTIONS = 2048;

    private final Notices notices;
    private final TornTails tornTails;
    private final ArchiveFolder folder;
    private final WriteHold hold;
    private final FailingFiles failing;
    private final ArchiveShard[] shards;
    private final Housekeeping housekeeping;
    private final long bufferBytes;

    private volatile ArchiveConfig config;
    private volatile boolean housekeepingEnded;
    private boolean opened;
    private boolean closed;

    /**
     * An archive that is not open yet, with limits taken from the process.
     *
     * @param findingsStoredUpTo the highest batch sequence whose findings are stored: no line of a later batch is written
     */
    public Archive(
            ArchiveConfig config,
            int shards,
            ZoneId zone,
            Clock clock,
            ServerMetrics metrics,
            Notices notices,
            LongSupplier findingsStoredUpTo) {
        this(
                config,
                shards,
                zone,
                clock,
                metrics,
                notices,
                findingsStoredUpTo,
                ArchiveLimits.ofProcess(DEFAULT_CONNECTIONS));
    }

    /** As the other constructor, with limits given. */
    public Archive(
            ArchiveConfig config,
            int shards,
            ZoneId zone,
            Clock clock,
            ServerMetrics metrics,
            Notices notices,
            LongSupplier findingsStoredUpTo,
            ArchiveLimits limits) {
        this.config = config;
        this.notices = notices;
        this.bufferBytes = limits.bufferBytes();
        this.tornTails = new TornTails(zone, clock, () -> this.config);
        this.folder = new ArchiveFolder(config.path(), config.group(), tornTails, notices);
        this.hold = new WriteHold(folder::checkedBase, metrics, notices);
        this.failing = new FailingFiles(notices);
        MovedFiles moved = new MovedFiles(notices);
        this.housekeeping = new Housekeeping(folder, zone, clock, notices, () -> this.config);
        this.shards = new ArchiveShard[shards];
        for (int i = 0; i < shards; i++) {
            SegmentPool pool = new SegmentPool(limits.bufferBytes() / shards);
            OpenFiles openFiles = new OpenFiles(folder, limits.openFiles() / shards, moved);
            Flusher flusher = new Flusher(pool, openFiles, hold, failing, findingsStoredUpTo, metrics, notices);
            Path combined = i == 0 ? config.combined() : null;
            this.shards[i] = new ArchiveShard(
                    i, shards, zone, clock, notices, folder, flusher, hold, combined, () -> this.config);
        }
    }

    /**
     * Creates the folder, closes the tails that a crash left torn, and starts housekeeping.
     *
     * @throws UncheckedIOException when the folder cannot be made or written to; the message says what to do
     */
    public synchronized void open() {
        folder.create();
        hold.prepare();
        hold.check(config.minFree(), System.nanoTime());
        try {
            closeTornTails();
        } catch (IOException e) {
            throw new UncheckedIOException("archive path: " + folder.base() + ": " + ArchiveFolder.reason(e), e);
        }
        opened = true;
        housekeeping.start();
    }

    /** The shard with this number, from 0; it takes the hosts whose id modulo the number of shards is that number. */
    public ArchiveShard shard(int i) {
        return shards[i];
    }

    /**
     * Takes a new configuration over, from the next batch on. Path, combined file and group stay as they are until the
     * next start; a notice says so when they differ. All files are opened anew, and those that could not be written are
     * tried at once.
     */
    public synchronized void reload(ArchiveConfig changed) {
        ArchiveConfig old = config;
        if (!old.path().equals(changed.path())
                || !Objects.equals(old.combined(), changed.combined())
                || !Objects.equals(old.group(), changed.group())) {
            notices.post(
                    Notice.Level.INFO,
                    "archive reload",
                    "archive: path, combined and group stay as they were until the server is started again");
        }
        config = new ArchiveConfig(
                old.path(),
                changed.format(),
                changed.keep(),
                changed.keepMin(),
                changed.maxSize(),
                changed.maxHostSize(),
                changed.minFree(),
                changed.flush(),
                changed.compress(),
                old.combined(),
                old.group());
        for (ArchiveShard shard : shards) {
            shard.reopenFiles();
        }
    }

    /** What {@code status} shows. */
    public ArchiveStatus status() {
        int open = 0;
        int maxOpen = 0;
        long buffered = 0;
        long oldest = 0;
        for (ArchiveShard shard : shards) {
            open += shard.openFiles();
            maxOpen += shard.maxOpenFiles();
            buffered += shard.bufferedBytes();
            oldest = Math.max(oldest, shard.oldestAge());
        }
        return new ArchiveStatus(
                open,
                maxOpen,
                buffered,
                bufferBytes,
                Duration.ofNanos(oldest),
                hold.freeBytes(),
                hold.reason(),
                failing.count() == 0 ? null : failing.text());
    }

    /** The hosts' sizes and days, read from the disk on each call. */
    public ArchiveReader reader() {
        return new ArchiveReader(config.path());
    }

    /**
     * Ends housekeeping, and marks the archive as whole when nothing was left unwritten. Call after each shard's owner has
     * closed it; a shard whose owner still runs is left alone.
     */
    @Override
    public synchronized void close() {
        if (closed || !opened) {
            return;
        }
        closed = true;
        if (!housekeepingEnded) {
            housekeeping.stop();
        }
        boolean clean = true;
        for (ArchiveShard shard : shards) {
            clean &= shard.isClean();
        }
        if (clean) {
            markClean();
        }
    }

    /** Ends housekeeping alone; {@link #close} does it too. Takes 3 s at most. */
    public void endHousekeeping() {
        housekeepingEnded = true;
        housekeeping.stop();
    }

    /** Why lines were lost for this reason, as far as that is still known; else empty. */
    public String trouble(Count loss) {
        String held = hold.reason();
        return switch (loss) {
            case LOST_ARCHIVE -> held == null ? "" : held;
            case LOST_FILE -> failing.reasons();
            default -> "";
        };
    }

    /** One pass of housekeeping now, on the calling thread; for tests. */
    void keepHouse() {
        housekeeping.pass();
    }

    private void closeTornTails() throws IOException {
        if (Files.deleteIfExists(cleanMark())) {
            return;
        }
        int torn = tornTails.closeAll(folder.base(), folder::isOurs);
        Path combined = config.combined();
        if (combined != null) {
            torn += tornTails.close(DaySeries.ofCombined(combined), "loghost", folder::isOurs);
        }
        if (torn > 0) {
            notices.post(
                    Notice.Level.WARNING,
                    "archive torn",
                    "archive: the last run was cut off: " + torn + (torn == 1 ? " file" : " files")
                            + " ended in the middle of a line, now marked there");
        }
    }

    /** Spares the next start the look at every host's last file. */
    private void markClean() {
        try {
            folder.createNew(cleanMark()).close();
        } catch (IOException e) {
            logger.debug("{}: {}", cleanMark(), e.getMessage());
        }
    }

    private Path cleanMark() {
        return folder.base().resolve(ArchiveFolder.CLEAN);
    }
}
