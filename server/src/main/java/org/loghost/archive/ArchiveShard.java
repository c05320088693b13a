package org.loghost.archive;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.Seldom;

/**
 * All lines of the hosts of one shard. One owner thread does everything, from the first {@link #append} to {@link
 * #close}, except where a method says otherwise: nobody else touches what waits here, also not at a stop.
 *
 * <p>A line is counted as {@link Count#ARCHIVED} when it is in its file, and as one of {@link Count#LOST_LINES} when it
 * is given up; until then it is in flight.
 */
public final class ArchiveShard {
    private static final Logger logger = LogManager.getLogger(ArchiveShard.class);

    private static final long LONGEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SHORTEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long FLUSH_ALL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int FIRST_HOSTS = 256;

    private final int number;
    private final int shards;
    private final ZoneId zone;
    private final Clock clock;
    private final Notices notices;
    private final ArchiveFolder folder;
    private final Flusher flusher;
    private final WriteHold hold;
    private final Supplier<ArchiveConfig> configuration;
    private final FullLine fullLine;
    private final @Nullable DaySeries combined;
    private final Seldom lossLog = new Seldom();

    /** By host number: the file of the newest day written, older days linked behind it. */
    private @Nullable LineFile[] files = new LineFile[FIRST_HOSTS];

    private @Nullable LineFile combinedFile;
    private LocalDate today = LocalDate.EPOCH;
    private long todayStart = Long.MAX_VALUE;
    private long todayEnd = Long.MIN_VALUE;

    /** The day that lines are appended for now, from its first millisecond to before its last. */
    private LocalDate day = LocalDate.EPOCH;

    private long dayStart = Long.MAX_VALUE;
    private long dayEnd = Long.MIN_VALUE;

    private boolean appended;
    private long lastAppendNanos = System.nanoTime();

    private volatile boolean reopen;
    private volatile boolean closed;
    private boolean clean;
    private volatile int openFiles;
    private volatile long bufferedBytes;
    private volatile long oldestAge;

    ArchiveShard(
            int number,
            int shards,
            ZoneId zone,
            Clock clock,
            Notices notices,
            ArchiveFolder folder,
            Flusher flusher,
            WriteHold hold,
            @Nullable Path combined,
            Supplier<ArchiveConfig> configuration) {
        this.number = number;
        this.shards = shards;
        this.zone = zone;
        this.clock = clock;
        this.notices = notices;
        this.folder = folder;
        this.flusher = flusher;
        this.hold = hold;
        this.combined = combined == null ? null : DaySeries.ofCombined(combined);
        this.configuration = configuration;
        this.fullLine = new FullLine(zone);
    }

    /**
     * Copies the lines of this shard's hosts into buffers and writes those that are full. Never throws for I/O: what
     * cannot be written waits in memory, and what finds no place there is counted as lost. Waits, up to 10 s, only when
     * all memory is taken by lines whose findings are not stored yet. The batch may be released afterwards.
     */
    public void append(MessageBatch batch) {
        boolean interrupted = Thread.interrupted();
        checkToday();
        boolean full = configuration.get().format() == ArchiveConfig.Format.FULL;
        flusher.readGate();
        long now = System.nanoTime();
        appended = true;
        int lost = 0;
        int lostOfFailing = 0;
        int count = batch.count();
        Host last = null;
        LineFile file = null;
        for (int i = 0; i < count; i++) {
            Host host = batch.host(i);
            if (shards > 1 && host.id() % shards != number) {
                continue;
            }
            long millis = batch.receivedMillis(i);
            if (host != last || file == null || millis < dayStart || millis >= dayEnd) {
                last = host;
                turnTo(millis);
                file = fileOf(host);
                if (file != null && file.sequence != batch.sequence()) {
                    flusher.enter(file, batch.sequence(), now);
                }
            }
            if (file == null || !add(file, batch, i, full, now)) {
                if (file != null && file.failing) {
                    lostOfFailing++;
                } else {
                    lost++;
                }
            }
        }
        flusher.loseOfFailing(lostOfFailing);
        if (combined != null) {
            appendCombined(combined, batch, full, now);
        }
        finish(lost, interrupted);
    }

    /**
     * Writes what has grown old, a bounded part of it per call. When no batch came for {@link Flusher#IDLE_NANOS},
     * everything is old: waiting on would not make the writes larger.
     *
     * @param nowNanos {@link System#nanoTime()}
     * @return the nanoseconds until the next call is due; 0 when there is more to do at once
     */
    public long tick(long nowNanos) {
        boolean interrupted = Thread.interrupted();
        checkToday();
        ArchiveConfig config = configuration.get();
        long age = config.flush().toNanos();
        if (appended) {
            appended = false;
            lastAppendNanos = nowNanos;
        }
        long untilIdle = Flusher.IDLE_NANOS - (nowNanos - lastAppendNanos);
        if (reopen) {
            reopen = false;
            flusher.reopen(nowNanos);
        }
        hold.check(config.minFree(), nowNanos);
        flusher.readGate();
        boolean more = flusher.flushDue(age, untilIdle <= 0, nowNanos);
        if (flusher.takeOldDayDone()) {
            closeOldDays();
        }
        oldestAge = flusher.oldestAge(nowNanos);
        finish(0, interrupted);
        if (more) {
            return 0;
        }
        long wait = untilIdle > 0 ? Math.min(age / 16, untilIdle) : age / 16;
        return Math.max(SHORTEST_TICK_NANOS, Math.min(wait, LONGEST_TICK_NANOS));
    }

    /** Writes everything, waiting up to 5 s for findings that are still being stored. */
    public void flushAll() {
        boolean interrupted = Thread.interrupted();
        flushUntil(System.nanoTime() + FLUSH_ALL_NANOS);
        flusher.tryAllFailing();
        finish(0, interrupted);
    }

    /** A stop begins that has time until then, by {@link System#nanoTime()}; any thread. */
    public void stopBy(long nanos) {
        flusher.stopBy(nanos);
    }

    /** Counts the lines of this shard's hosts as lost, as a stop has no more time for them; the batch may be released. */
    public void giveUp(MessageBatch batch) {
        int lost = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (shards == 1 || batch.host(i).id() % shards == number) {
                lost++;
            }
        }
        flusher.lose(Count.LOST_STOP, lost);
    }

    /**
     * The end: writes everything, for half of the time that is left without what is not classified yet, gives up and
     * counts what the disk, a file or the time does not allow, syncs while there is time, and closes the files.
     *
     * @param deadlineNanos when it has to be done, by {@link System#nanoTime()}
     */
    public void close(long deadlineNanos) {
        boolean interrupted = Thread.interrupted();
        flusher.stopBy(deadlineNanos);
        flusher.openFiles.linkLater();
        hold.tryOnceMore();
        long now = System.nanoTime();
        flushUntil(now + (deadlineNanos - now) / 2);
        flusher.flushAll(true);
        flusher.tryAllFailing();
        clean = flusher.bufferedBytes() == 0;
        flusher.giveUpAll();
        linkNewFiles();
        long syncUntil = System.nanoTime() + SYNC_NANOS;
        LineFile file = flusher.openFiles.oldest();
        while (file != null) {
            if (!flusher.isOver() && System.nanoTime() - syncUntil < 0) {
                folder.sync(file);
            }
            flusher.openFiles.close(file);
            file = flusher.openFiles.oldest();
        }
        oldestAge = 0;
        finish(0, interrupted);
        closed = true;
    }

    private void linkNewFiles() {
        for (LineFile newest : files) {
            for (LineFile file = newest; file != null && !flusher.isOver(); file = file.olderDay) {
                folder.linkWhenNew(file, today);
            }
        }
        if (combinedFile != null) {
            folder.linkWhenNew(combinedFile, today);
        }
    }

    /** Whether it was closed with everything written; any thread. */
    boolean isClean() {
        return closed && clean;
    }

    /** Files are opened anew before they are written to again; any thread. */
    void reopenFiles() {
        reopen = true;
    }

    /** How many lines were archived or lost; any thread. */
    public long settled() {
        return flusher.settled();
    }

    int openFiles() {
        return openFiles;
    }

    int maxOpenFiles() {
        return flusher.openFiles.limit();
    }

    long bufferedBytes() {
        return bufferedBytes;
    }

    long oldestAge() {
        return oldestAge;
    }

    private void flushUntil(long deadline) {
        boolean done = flusher.flushAll(false);
        while (!done && !hold.holds(System.nanoTime()) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(SHORTEST_TICK_NANOS);
            done = flusher.flushAll(false);
        }
        oldestAge = flusher.oldestAge(System.nanoTime());
    }

    private boolean add(LineFile file, MessageBatch batch, int i, boolean full, long now) {
        if (full) {
            int length = fullLine.render(batch, i);
            return flusher.add(file, fullLine.bytes(), 0, length, now);
        }
        return flusher.add(file, batch.slab(), batch.lineOffset(i), batch.lineLength(i), now);
    }

    /** The first shard writes every host's lines, so that the combined file has one writer. */
    private void appendCombined(DaySeries series, MessageBatch batch, boolean full, long now) {
        int count = batch.count();
        for (int i = 0; i < count; i++) {
            turnTo(batch.receivedMillis(i));
            LineFile file = combinedFile;
            if (file == null || !file.day.equals(day)) {
                file = find(file);
                if (file == null) {
                    file = new LineFile(series, day, -1, series.link());
                    file.olderDay = combinedFile;
                    combinedFile = file;
                }
            }
            if (file.sequence != batch.sequence()) {
                flusher.enter(file, batch.sequence(), now);
            }
            add(file, batch, i, full, now);
        }
    }

    /** The file of the host for {@link #day}; null when its name is refused. */
    private @Nullable LineFile fileOf(Host host) {
        int id = host.id();
        if (id >= files.length) {
            files = Arrays.copyOf(files, Math.max(id + 1, files.length * 2));
        }
        LineFile newest = files[id];
        if (newest != null && newest.day.equals(day)) {
            return newest;
        }
        LineFile found = find(newest);
        return found != null ? found : create(host, newest);
    }

    private @Nullable LineFile find(@Nullable LineFile newest) {
        LineFile file = newest;
        while (file != null && !file.day.equals(day)) {
            file = file.olderDay;
        }
        return file;
    }

    private @Nullable LineFile create(Host host, @Nullable LineFile older) {
        try {
            LineFile file = new LineFile(folder.series(host.name()), day, host.id(), host.name());
            file.olderDay = older;
            files[host.id()] = file;
            return file;
        } catch (RefusedFileException e) {
            notices.post(Notice.Level.WARNING, "archive host name", "archive: lines are lost: " + e.getMessage());
            return null;
        }
    }

    private void turnTo(long millis) {
        if (millis < dayStart || millis >= dayEnd) {
            day = dayAt(millis);
            dayStart = startOf(day);
            dayEnd = startOf(day.plusDays(1));
        }
    }

    private void checkToday() {
        long millis = clock.millis();
        if (millis < todayStart || millis >= todayEnd) {
            today = dayAt(millis);
            todayStart = startOf(today);
            todayEnd = startOf(today.plusDays(1));
            flusher.today(today);
            closeOldDays();
        }
    }

    /** Closes the files of past days that have nothing waiting, and forgets them. */
    private void closeOldDays() {
        for (int i = 0; i < files.length; i++) {
            if (files[i] != null) {
                files[i] = withoutOldDays(files[i]);
            }
        }
        if (combinedFile != null) {
            combinedFile = withoutOldDays(combinedFile);
        }
    }

    private @Nullable LineFile withoutOldDays(@Nullable LineFile newest) {
        if (newest == null) {
            return null;
        }
        LineFile older = withoutOldDays(newest.olderDay);
        newest.olderDay = older;
        // A day of the future was told by a clock that was wrong; tomorrow's comes again with its next line.
        if (newest.length > 0 || newest.day.equals(today)) {
            return newest;
        }
        flusher.openFiles.close(newest);
        return older;
    }

    private void finish(int lost, boolean interrupted) {
        if (lost > 0) {
            flusher.lose(flusher.isOver() ? Count.LOST_STOP : Count.LOST_ARCHIVE, lost);
            long lately = lossLog.due(lost, System.nanoTime());
            if (lately > 0) {
                logger.error("archive: {} lines could not be written, and are lost (said once a minute)", lately);
            }
        }
        bufferedBytes = flusher.bufferedBytes();
        openFiles = flusher.openFiles.count();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private LocalDate dayAt(long millis) {
        return Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
    }

    private long startOf(LocalDate date) {
        return date.atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
