package org.loghost.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
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
    private final Troubles troubles;
    private final LongSupplier findingsStoredUpTo;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final ByteBuffer[] gathered = new ByteBuffer[GATHER];

    private final FileChain waiting = new FileChain();

    /** Lines that are archived or lost; read by other threads. */
    private final AtomicLong settled = new AtomicLong();

    private long bufferedBytes;
    private long gate = Long.MIN_VALUE;
    private LocalDate today = LocalDate.EPOCH;
    private boolean oldDayDone;

    /** When a stop has no more time, by {@link System#nanoTime()}; until then there is none. */
    private volatile long stopNanos;

    private volatile boolean stopping;

    Flusher(
            SegmentPool pool,
            OpenFiles openFiles,
            WriteHold hold,
            FailingFiles failing,
            LongSupplier findingsStoredUpTo,
            ServerMetrics metrics,
            Notices notices) {
        this.pool = pool;
        this.openFiles = openFiles;
        this.hold = hold;
        this.troubles = new Troubles(pool, failing);
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

    /** Nanoseconds the oldest line waits, those of failing files apart; 0 when none does. */
    long oldestAge(long now) {
        LineFile oldest = waiting.oldest();
        return oldest == null ? 0 : Math.max(0, now - oldest.sinceNanos);
    }

    /** How many lines are in their files or lost; any thread. */
    long settled() {
        return settled.get();
    }

    /** The server stops, and what is not written by then is given up; any thread. */
    void stopBy(long nanos) {
        stopNanos = nanos;
        stopping = true;
    }

    /** Whether a stop has no more time. */
    boolean isOver() {
        return stopping && System.nanoTime() - stopNanos >= 0;
    }

    /** Counts lines that did not find their way here. */
    void lose(Count reason, long lines) {
        if (lines > 0) {
            metrics.add(reason, lines);
            settled.lazySet(settled.get() + lines);
        }
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
        if (file.chain == null) {
            file.sinceNanos = now;
            waiting.addLast(file);
        }
        return true;
    }

    /** Bounds what one host keeps in memory while its file fails, or while nothing is written at all. */
    private boolean room(LineFile file, int needed) {
        if (hold.reason() != null && file.length >= (pool.capacity() << SegmentPool.SHIFT) / HELD_SHARE) {
            return false;
        }
        if (file.failing && !troubles.hasRoom(file, needed)) {
            return false;
        }
        if (pool.available() < needed && !makeRoom(needed)) {
            return false;
        }
        if (file.failing) {
            troubles.taken(needed);
        }
        return true;
    }

    private int longChain() {
        int share = pool.capacity() / (waiting.size() + 1);
        int most = waiting.size() > openFiles.limit() ? LONG_CHAIN_SCARCE : LONG_CHAIN;
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
            if (hold.holds(now) || fruitless > waiting.size() || waiting.size() == 0 || isOver()) {
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
        LineFile file = waiting.oldest();
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
        LineFile file = waiting.oldest();
        if (file != null) {
            flush(file, file.length, System.nanoTime());
        }
    }

    /**
     * Writes what is due: every line older than {@code age}, and of those older than half of it a share per call, so that
     * hosts that began together do not go together. Stops after 10 ms.
     *
     * @param idle nothing comes: lines are due after {@link #IDLE_NANOS}
     * @return whether more is due
     */
    boolean flushDue(long age, boolean idle, long now) {
        long deadline = System.nanoTime() + TICK_NANOS;
        if (troubles.isDue(now)) {
            tryFailing(now, false, deadline);
        }
        long due = idle ? Math.min(age, IDLE_NANOS) : age;
        int left = waiting.size();
        int early = (left + 7) / 8;
        LineFile file = waiting.oldest();
        while (file != null && left-- > 0 && !hold.holds(now)) {
            long waited = now - file.sinceNanos;
            LineFile next = file.ageAfter;
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
     * Writes all that may be written, for a stop until its time is over.
     *
     * @return whether nothing waits for findings any more; what then stays is held by the disk, or its own file
     */
    boolean flushAll(boolean ignoreGate) {
        readGate();
        if (ignoreGate) {
            gate = Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        int left = waiting.size();
        boolean done = true;
        LineFile file = waiting.oldest();
        while (file != null && left-- > 0 && !hold.holds(now) && !isOver()) {
            LineFile next = file.ageAfter;
            flush(file, file.writable(gate), now);
            done &= file.length == 0 || file.failing;
            file = next;
        }
        return done;
    }

    /** Tries each failing file once, whatever its pause. */
    void tryAllFailing() {
        tryFailing(System.nanoTime(), true, Long.MAX_VALUE);
    }

    private void tryFailing(long now, boolean all, long deadline) {
        LineFile last = null;
        LineFile file = troubles.oldest();
        while (file != null && file != last && !hold.holds(now) && !isOver()) {
            LineFile next = file.ageAfter;
            int bytes = file.writable(gate);
            if (bytes > 0 && (all || now - file.retryNanos >= 0)) {
                troubles.take(file);
                waiting.addLast(file);
                flush(file, bytes, now);
                if (file.failing && last == null) {
                    last = file;
                }
                if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0) {
                    return;
                }
            }
            file = next;
        }
    }

    /** Files are opened anew before the next write, and those that failed are tried at once. */
    void reopen(long now) {
        openFiles.closeAll();
        troubles.forgetPauses(now);
    }

    /** Gives up everything that still waits: for the disk, for its own file, or for time. */
    void giveUpAll() {
        Count reason = hold.reason() == null ? Count.LOST_STOP : Count.LOST_ARCHIVE;
        for (LineFile file = waiting.oldest(); file != null; file = waiting.oldest()) {
            giveUp(file, reason);
        }
        for (LineFile file = troubles.oldest(); file != null; file = troubles.oldest()) {
            troubles.take(file);
            giveUp(file, Count.LOST_FILE);
        }
    }

    private void giveUp(LineFile file, Count reason) {
        int bytes = file.written;
        int onFile = file.writtenLines(pool);
        int lines = done(file, file.length, file.sinceNanos);
        if (file.hostId >= 0) {
            settle(onFile, bytes);
            lose(reason, lines - onFile);
        }
    }

    private void flush(LineFile file, int bytes, long now) {
        if (bytes == 0 || hold.holds(now)) {
            return;
        }
        try {
            write(file, openFiles.channel(file, today, now), bytes);
        } catch (IOException e) {
            fail(file, e, now);
            return;
        }
        hold.succeeded();
        if (file.pauseNanos != 0) {
            troubles.mended(file);
        }
        int lines = done(file, bytes, now);
        if (file.hostId >= 0) {
            settle(lines, bytes);
        }
    }

    private void settle(int lines, int bytes) {
        metrics.add(Count.ARCHIVED, lines);
        metrics.add(Count.ARCHIVED_BYTES, bytes);
        settled.lazySet(settled.get() + lines);
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
        if (file.chain != null) {
            waiting.remove(file);
        }
        if (file.length > 0) {
            file.sinceNanos = now;
            waiting.addLast(file);
        } else if (file.day.isBefore(today)) {
            oldDayDone = true;
        }
        return lines;
    }

    /** Its lines wait on: at the end of the queue when the disk is in trouble, apart when the file itself is. */
    private void fail(LineFile file, IOException error, long now) {
        openFiles.close(file);
        if (error instanceof ClosedByInterruptException) {
            Thread.interrupted();
            file.uncertain = true;
            return;
        }
        waiting.remove(file);
        if (hold.isOfDisk(file.path, error, now)) {
            file.sinceNanos = now;
            waiting.addLast(file);
        } else {
            troubles.add(file, error, now);
        }
    }

    /** Lines of a failing file that found no place any more. */
    void loseOfFailing(long lines) {
        if (lines > 0) {
            lose(Count.LOST_FILE, lines);
            troubles.lose(lines);
        }
    }
}
