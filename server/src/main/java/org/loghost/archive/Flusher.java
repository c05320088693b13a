package org.loghost.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.Seldom;
import org.loghost.metrics.ServerMetrics;

/**
 * Brings one shard's waiting lines to their files: the oldest first, when they are due, when a chain is long enough, or
 * when the pool is used up. One owner thread.
 *
 * <p>While writing is held, what is in memory is kept and new lines are given up once the pool is full: what led to the
 * fault stays, and the gap is one piece per host.
 */
final class Flusher {
    private static final Logger logger = LogManager.getLogger(Flusher.class);

    /** A chain this long is written at once while memory is plenty: 64 KiB, beyond which larger writes gain nothing. */
    private static final int LONG_CHAIN = 32;

    /** The same while files are scarce and every write costs an open and a close. */
    private static final int LONG_CHAIN_SCARCE = 128;

    /** What one host may keep in memory while its file, and no other, fails. */
    private static final int FAILING_BYTES = 64 * 1024;

    /** While nothing is written, one host may fill this part of the memory. */
    private static final int HELD_SHARE = 8;

    /** While no batch has come for so long, lines are due at this age. */
    static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int GATHER = 128;
    private static final int SCAN = 256;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long GATE_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long GATE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    final SegmentPool pool;
    final OpenFiles openFiles;

    private final WriteHold hold;
    private final LongSupplier findingsStoredUpTo;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final ByteBuffer[] gathered = new ByteBuffer[GATHER];
    private final Seldom refusalLog = new Seldom();

    private @Nullable LineFile oldest;
    private @Nullable LineFile newest;
    private int waiting;
    private long bufferedBytes;
    private long gate = Long.MIN_VALUE;
    private LocalDate today = LocalDate.EPOCH;
    private boolean oldDayDone;

    Flusher(
            SegmentPool pool,
            OpenFiles openFiles,
            WriteHold hold,
            LongSupplier findingsStoredUpTo,
            ServerMetrics metrics,
            Notices notices) {
        this.pool = pool;
        this.openFiles = openFiles;
        this.hold = hold;
        this.findingsStoredUpTo = findingsStoredUpTo;
        this.metrics = metrics;
        this.notices = notices;
    }

    /** Reads how far findings are stored; the answer holds until the next call. */
    void readGate() {
        gate = findingsStoredUpTo.getAsLong();
    }

    void today(LocalDate day) {
        today = day;
    }

    /** Whether a file of a past day was emptied since the last call. */
    boolean takeOldDayDone() {
        boolean done = oldDayDone;
        oldDayDone = false;
        return done;
    }

    long bufferedBytes() {
        return bufferedBytes;
    }

    /** Nanoseconds the oldest line waits; 0 when none does. */
    long oldestAge(long now) {
        return oldest == null ? 0 : Math.max(0, now - oldest.sinceNanos);
    }

    /**
     * Lines of a batch that had none here yet are about to come. A long chain is written before: the mark then moves on,
     * and with it everything would wait for a younger batch, again and again while classification is behind.
     */
    void enter(LineFile file, long sequence, long now) {
        if (file.length >= SegmentPool.SEGMENT_BYTES && !file.failing && file.length >= longChain()) {
            flush(file, file.writable(gate), now);
        }
        file.enter(sequence, gate);
    }

    /** Adds a line, making room when there is none; false when it had to be given up. */
    boolean add(LineFile file, byte[] bytes, int offset, int length, long now) {
        int needed = file.segmentsFor(length);
        if (needed > 0 && !room(file, needed)) {
            return false;
        }
        file.add(pool, bytes, offset, length);
        bufferedBytes += length + 1;
        if (!file.inAgeList) {
            file.sinceNanos = now;
            linkLast(file);
        }
        return true;
    }

    private boolean room(LineFile file, int needed) {
        if (file.length >= FAILING_BYTES && hasItsShare(file)) {
            return false;
        }
        return pool.available() >= needed || makeRoom(needed);
    }

    /** Bounds what one host keeps in memory while its file fails, or while nothing is written at all. */
    private boolean hasItsShare(LineFile file) {
        if (hold.reason() != null) {
            return file.length >= (pool.capacity() << SegmentPool.SHIFT) / HELD_SHARE;
        }
        return file.failing;
    }

    private int longChain() {
        int share = pool.capacity() / (waiting + 1);
        int most = waiting > openFiles.limit() ? LONG_CHAIN_SCARCE : LONG_CHAIN;
        return Math.max(1, Math.min(share, most)) << SegmentPool.SHIFT;
    }

    private boolean makeRoom(int needed) {
        if (needed > pool.capacity()) {
            return false;
        }
        long start = System.nanoTime();
        int fruitless = 0;
        while (pool.available() < needed) {
            long now = System.nanoTime();
            int before = pool.available();
            if (hold.holds(now) || fruitless > waiting) {
                return false;
            }
            readGate();
            if (flushOldest(now)) {
                fruitless = pool.available() > before ? 0 : fruitless + 1;
            } else if (now - start > GATE_PATIENCE_NANOS) {
                openGate();
            } else {
                LockSupport.parkNanos(GATE_PAUSE_NANOS);
            }
        }
        return true;
    }

    /** Writes the oldest file whose lines may go; false when there is none among the oldest. */
    private boolean flushOldest(long now) {
        LineFile file = oldest;
        for (int i = 0; file != null && i < SCAN; i++) {
            int bytes = file.writable(gate);
            if (bytes > 0) {
                flush(file, bytes, now);
                return true;
            }
            file = file.ageAfter;
        }
        return false;
    }

    /** Classification stands still and memory is full: unclassified lines on file are better than lost ones. */
    private void openGate() {
        gate = Long.MAX_VALUE;
        String text = "archive: lines were written before they were classified, because no findings were stored for "
                + TimeUnit.NANOSECONDS.toSeconds(GATE_PATIENCE_NANOS) + " s";
        notices.post(Notice.Level.WARNING, "archive gate", text);
        logger.error("{}", text);
        LineFile file = oldest;
        if (file != null) {
            flush(file, file.length, System.nanoTime());
        }
    }

    /**
     * Writes what is due: every line older than {@code age}, and of those older than half of it a share per call, so that
     * hosts that began together do not go together. Stops after 10 ms.
     *
     * @param idle nothing comes: lines are due after {@link #IDLE_NANOS}, but for those whose file failed
     * @return whether more is due
     */
    boolean flushDue(long age, boolean idle, long now) {
        long deadline = System.nanoTime() + TICK_NANOS;
        long due = idle ? Math.min(age, IDLE_NANOS) : age;
        int early = (waiting + 7) / 8;
        int left = waiting;
        LineFile file = oldest;
        while (file != null && left-- > 0 && !hold.holds(now)) {
            long waited = now - file.sinceNanos;
            LineFile next = file.ageAfter;
            if (file.failing && waited < age) {
                file = next;
                continue;
            }
            if (waited < due && (waited < age / 2 || early-- <= 0)) {
                return false;
            }
            int bytes = file.writable(gate);
            if (bytes > 0) {
                flush(file, bytes, now);
                if (System.nanoTime() - deadline > 0) {
                    return next != null && now - next.sinceNanos >= due;
                }
            }
            file = next;
        }
        return false;
    }

    /**
     * Writes all that may be written.
     *
     * @return whether nothing waits for findings any more; what then stays is held by the disk
     */
    boolean flushAll(boolean ignoreGate) {
        readGate();
        if (ignoreGate) {
            gate = Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        int left = waiting;
        boolean done = true;
        LineFile file = oldest;
        while (file != null && left-- > 0 && !hold.holds(now)) {
            LineFile next = file.ageAfter;
            flush(file, file.writable(gate), now);
            done &= file.length == 0 || file.failing;
            file = next;
        }
        return done;
    }

    /** Gives up everything that still waits. */
    void giveUpAll() {
        while (oldest != null) {
            LineFile file = oldest;
            giveUp(file, file.length);
        }
    }

    private void flush(LineFile file, int bytes, long now) {
        if (bytes == 0 || hold.holds(now)) {
            return;
        }
        try {
            write(file, openFiles.channel(file, today, now), bytes);
        } catch (RefusedFileException e) {
            refuse(file, bytes, e);
            return;
        } catch (IOException e) {
            fail(file, e, now);
            return;
        }
        file.failing = false;
        hold.succeeded();
        int lines = done(file, bytes, now);
        if (file.hostId >= 0) {
            metrics.add(Count.ARCHIVED, lines);
            metrics.add(Count.ARCHIVED_BYTES, bytes);
        }
    }

    private void write(LineFile file, FileChannel channel, int bytes) throws IOException {
        while (file.written < bytes) {
            int count = file.gather(pool, bytes, gathered);
            try {
                long wrote = count == 1 ? channel.write(gathered[0]) : channel.write(gathered, 0, count);
                if (wrote <= 0) {
                    throw new IOException("nothing was written");
                }
                file.written += (int) wrote;
                file.size += wrote;
            } finally {
                for (int i = 0; i < count; i++) {
                    gathered[i].clear();
                }
            }
        }
    }

    private int done(LineFile file, int bytes, long now) {
        bufferedBytes -= bytes;
        int lines = file.drop(pool, bytes);
        unlink(file);
        if (file.length > 0) {
            file.sinceNanos = now;
            linkLast(file);
        } else if (file.day.isBefore(today)) {
            oldDayDone = true;
        }
        return lines;
    }

    private void refuse(LineFile file, int bytes, RefusedFileException error) {
        openFiles.close(file);
        int lines = giveUp(file, bytes);
        String words = ArchiveFolder.reason(error);
        notices.post(
                Notice.Level.WARNING,
                "archive refused " + file.name,
                "archive: " + lines + " lines of " + file.name + " are lost: " + words);
        if (refusalLog.due(1, System.nanoTime()) > 0) {
            logger.warn("archive: {} lines of {} are lost: {} (said once a minute)", lines, file.name, words);
        }
    }

    private int giveUp(LineFile file, int bytes) {
        int lines = done(file, bytes, file.sinceNanos);
        if (file.hostId >= 0) {
            metrics.add(Count.LOST_ARCHIVE, lines);
        }
        return lines;
    }

    /** Its lines wait on; the file goes to the end of the queue, so that the others are tried meanwhile. */
    private void fail(LineFile file, IOException error, long now) {
        openFiles.close(file);
        if (error instanceof ClosedByInterruptException) {
            Thread.interrupted();
            file.uncertain = true;
            return;
        }
        hold.failed(file.path, error, now);
        if (!file.failing && hold.reason() == null) {
            String text = "archive: lines of " + file.name + " wait in memory: " + file.path + ": "
                    + ArchiveFolder.reason(error);
            notices.post(Notice.Level.WARNING, "archive failing " + file.name, text);
            logger.warn("{}", text);
        }
        file.failing = true;
        unlink(file);
        file.sinceNanos = now;
        linkLast(file);
    }

    private void linkLast(LineFile file) {
        file.inAgeList = true;
        file.ageAfter = null;
        file.ageBefore = newest;
        if (newest == null) {
            oldest = file;
        } else {
            newest.ageAfter = file;
        }
        newest = file;
        waiting++;
    }

    private void unlink(LineFile file) {
        LineFile before = file.ageBefore;
        LineFile after = file.ageAfter;
        if (before == null) {
            oldest = after;
        } else {
            before.ageAfter = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.ageBefore = before;
        }
        file.ageBefore = null;
        file.ageAfter = null;
        file.inAgeList = false;
        waiting--;
    }
}
