package org.loghost.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.file.OsError;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Whether the archive may write now. It holds when the disk refuses (full, read-only, broken; then one write is tried
 * after growing pauses) and while less than {@code min-free} is left. One notice when it begins, one when it is over.
 *
 * <p>Whether a failed write is the disk's trouble or the file's own is found out by another write, to a file of the
 * archive's own, and not taken from the words of the error.
 *
 * <p>Any thread; asked before every write, so the answer is one volatile read while all is well.
 */
final class WriteHold {
    private static final Logger logger = LogManager.getLogger(WriteHold.class);
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A disk that took a block is not asked again for so long. */
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String NOTICE = "archive hold";

    private final Place folder;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final DiskProbe probe = new DiskProbe();

    private volatile @Nullable String reason;
    private volatile boolean floor;
    private volatile long retryNanos;
    private volatile long freeBytes = -1;
    private volatile boolean stopping;
    private boolean probed;
    private long probedNanos;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    private long checkedNanos;
    private boolean checked;
    private long lostBefore;
    private boolean unmeasured;

    /** The archive's folder. */
    @FunctionalInterface
    interface Place {
        /** The folder, asked when it is needed; an error when what stands there is not the one that was there. */
        Path checked() throws IOException;
    }

    /** @param folder where to look */
    WriteHold(Place folder, ServerMetrics metrics, Notices notices) {
        this.folder = folder;
        this.metrics = metrics;
        this.notices = notices;
    }

    /** Whether nothing may be written now; false as well when it is time to try one write. */
    boolean holds(long now) {
        return reason != null && (floor || now - retryNanos < 0);
    }

    /** Why it holds, or null. */
    @Nullable
    String reason() {
        return reason;
    }

    long freeBytes() {
        return freeBytes;
    }

    /** The server stops: what waits may be tried once more, and may go below the floor, for it exists nowhere else. */
    synchronized void tryOnceMore() {
        stopping = true;
        floor = false;
        retryNanos = System.nanoTime() - LONGEST_PAUSE_NANOS; // past for every shard, whenever it looked at the clock
    }

    /** A write succeeded. */
    void succeeded() {
        if (reason != null) {
            recover();
        }
    }

    /**
     * Whether a write that failed shows that the disk is in trouble, and not that file alone; nothing more is then written
     * for a while.
     */
    synchronized boolean isOfDisk(Path file, IOException error, long now) {
        OsError kind = OsError.of(error);
        if (error instanceof RefusedFileException || kind.isOfOneFile() || takesWrites(kind, now)) {
            return false;
        }
        retryNanos = now + pauseNanos;
        pauseNanos = Math.min(LONGEST_PAUSE_NANOS, pauseNanos * 2);
        begin(ArchiveFolder.reason(error) + ": " + file);
        return true;
    }

    private boolean takesWrites(OsError kind, long now) {
        if (probed && reason == null && Math.abs(now - probedNanos) < PROBE_NANOS) {
            return true;
        }
        try {
            probe.write(folder.checked());
        } catch (IOException e) {
            // When the file cannot be opened this says nothing about the disk, and the error has to.
            boolean unknown = e instanceof RefusedFileException || OsError.of(e).isOfOneFile();
            return unknown && (kind == OsError.QUOTA || kind == OsError.OTHER);
        }
        probed = true;
        probedNanos = now;
        if (reason != null) {
            recover();
        }
        return true;
    }

    /** Makes what is needed to try the disk; once, when all is well. */
    void prepare() {
        try {
            probe.prepare(folder.checked());
        } catch (IOException e) {
            logger.debug("{}: {}", DiskProbe.NAME, e.getMessage());
        }
    }

    /** Looks at the free space, at most every quarter of a second. */
    synchronized void check(long minFree, long now) {
        if (stopping || (checked && now - checkedNanos < CHECK_NANOS)) {
            return;
        }
        checked = true;
        checkedNanos = now;
        long free;
        String place = "the archive's disk";
        try {
            Path path = folder.checked();
            place = path.toString();
            // Not by Files.getFileStore, which needs the mount table: a chroot may have none of its own.
            free = path.toFile().getUsableSpace();
            if (free == 0 && Files.notExists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            unmeasured = false;
        } catch (IOException e) {
            free = -1;
            if (minFree > 0) {
                sayUnmeasured(place, e);
            }
        }
        freeBytes = free;
        // A little more than the floor ends the hold, or it would begin again with the first write.
        long enough = floor ? minFree + minFree / 16 : minFree;
        if (free >= 0 && free < enough) {
            boolean begins = !floor;
            floor = true;
            if (begins) {
                begin("only " + free + " bytes are free on " + place + " (expected: min-free, " + minFree + ")");
            }
        } else if (floor) {
            floor = false;
            recover();
        }
    }

    /** Once, and again when it could be measured in between. */
    private void sayUnmeasured(String place, IOException error) {
        if (unmeasured) {
            return;
        }
        unmeasured = true;
        String text = "archive: how much is free on " + place + " cannot be measured: " + ArchiveFolder.reason(error)
                + "; min-free is not kept (expected: the folder that was there)";
        notices.post(Notice.Level.WARNING, "archive min-free", text);
        logger.warn("{}", text);
    }

    private void begin(String why) {
        if (reason != null) {
            return;
        }
        reason = why;
        lostBefore = metrics.get(Count.LOST_ARCHIVE);
        String text = "archive: nothing is written: " + why
                + "; lines wait in memory and are lost when it is full. Make room on the disk; writing resumes by"
                + " itself";
        notices.post(Notice.Level.WARNING, NOTICE, text);
        logger.error("{}", text);
    }

    private synchronized void recover() {
        if (floor || reason == null) {
            return;
        }
        String was = reason;
        reason = null;
        pauseNanos = FIRST_PAUSE_NANOS;
        long lost = metrics.get(Count.LOST_ARCHIVE) - lostBefore;
        String text = "archive: writing again after: " + was + "; lines lost meanwhile: " + lost;
        notices.post(Notice.Level.WARNING, NOTICE, text);
        logger.warn("{}", text);
    }
}
