package org.loghost.archive;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Whether the archive may write now. It holds when the disk refuses (full, read-only, broken; then one write is tried
 * after growing pauses) and while less than {@code min-free} is left. One notice when it begins, one when it is over.
 *
 * <p>Any thread; asked before every write, so the answer is one volatile read while all is well.
 */
final class WriteHold {
    private static final Logger logger = LogManager.getLogger(WriteHold.class);
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So many different files failing, and none succeeding in between, are the disk's fault, whatever the words. */
    private static final int FAILURES = 3;

    private static final String NOTICE = "archive hold";

    private final ServerMetrics metrics;
    private final Notices notices;

    private volatile @Nullable String reason;
    private volatile boolean floor;
    private volatile long retryNanos;
    private volatile long freeBytes = -1;
    private volatile int failures;
    private @Nullable Path lastFailed;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    /** Kept, because looking it up reads the whole mount table. */
    private @Nullable FileStore store;

    private long checkedNanos;
    private boolean checked;
    private long lostBefore;
    private boolean unmeasured;

    WriteHold(ServerMetrics metrics, Notices notices) {
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
        floor = false;
        retryNanos = System.nanoTime();
    }

    /** A write succeeded. */
    void succeeded() {
        if (failures != 0 || reason != null) {
            recover();
        }
    }

    /** A write failed for a reason that is not the file's kind. */
    synchronized void failed(Path file, IOException error, long now) {
        String words = ArchiveFolder.reason(error);
        if (!file.equals(lastFailed)) {
            lastFailed = file;
            failures++;
        }
        if (failures < FAILURES && !isOfDisk(words) && reason == null) {
            return;
        }
        retryNanos = now + pauseNanos;
        pauseNanos = Math.min(LONGEST_PAUSE_NANOS, pauseNanos * 2);
        begin(words + ": " + file);
    }

    /** Looks at the free space, at most every quarter of a second. */
    synchronized void check(Path folder, long minFree, long now) {
        if (checked && now - checkedNanos < CHECK_NANOS) {
            return;
        }
        checked = true;
        checkedNanos = now;
        long free;
        try {
            FileStore known = store;
            if (known == null) {
                known = Files.getFileStore(folder);
                store = known;
            }
            free = known.getUsableSpace();
            unmeasured = false;
        } catch (IOException e) {
            free = -1;
            if (minFree > 0) {
                sayUnmeasured(folder, e);
            }
        }
        freeBytes = free;
        // A little more than the floor ends the hold, or it would begin again with the first write.
        long enough = floor ? minFree + minFree / 16 : minFree;
        if (free >= 0 && free < enough) {
            boolean begins = !floor;
            floor = true;
            if (begins) {
                begin("only " + free + " bytes are free on " + folder + " (expected: min-free, " + minFree + ")");
            }
        } else if (floor) {
            floor = false;
            recover();
        }
    }

    /** Once, and again when it could be measured in between. */
    private void sayUnmeasured(Path folder, IOException error) {
        if (unmeasured) {
            return;
        }
        unmeasured = true;
        String text = "archive: how much is free on " + folder + " cannot be measured: " + ArchiveFolder.reason(error)
                + "; min-free is not kept (expected: a mount point for it, as /proc/mounts shows them)";
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
                + "; lines wait in memory and are lost when it is full. Free space on the disk; writing resumes by"
                + " itself";
        notices.post(Notice.Level.WARNING, NOTICE, text);
        logger.error("{}", text);
    }

    private synchronized void recover() {
        failures = 0;
        lastFailed = null;
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

    private static boolean isOfDisk(String words) {
        return words.startsWith("No space left")
                || words.startsWith("Disk quota exceeded")
                || words.startsWith("Read-only file system")
                || words.startsWith("Input/output error")
                || words.startsWith("Stale file handle");
    }
}
