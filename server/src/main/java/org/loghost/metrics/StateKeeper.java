package org.loghost.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.file.SetAside;
import org.loghost.metrics.Notice.Level;

/**
 * Keeps counts, notices and a sign of life on disk, and says at the next start what is missing: when the server did not
 * run, whether it had ended in order, and how many messages were between socket and file.
 *
 * <p>While messages come, counts are saved every {@value #PERIOD_MILLIS} ms; the sign of life and the notices once a
 * second. The threads {@code state} do it, off every message's path.
 */
public final class StateKeeper implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(StateKeeper.class);

    static final long PERIOD_MILLIS = 20;
    private static final long LEAST_PAUSE_NANOS = 5_000_000;
    private static final Duration LIFE = Duration.ofSeconds(1);
    private static final int SYNC_SECONDS = 60;
    /** A clean stop that is shorter is nobody's news. */
    private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

    private final Path path;
    private final RunFile file;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Clock clock;
    private final @Nullable LastRun last;

    /** Guards all that is not final below. */
    private final ReentrantLock saving = new ReentrantLock();

    private @Nullable ScheduledExecutorService timer;
    private Supplier<Duration> unwritten = () -> Duration.ZERO;
    private Instant written;
    private Instant lived = Instant.EPOCH;
    private int seconds;
    private long savedReceived = -1;
    private long savedArchived = -1;
    private volatile long savedNanos = System.nanoTime();
    private boolean running;
    private boolean failing;

    private StateKeeper(
            Path path, RunFile file, ServerMetrics metrics, Notices notices, Clock clock, @Nullable LastRun last) {
        this.path = path;
        this.file = file;
        this.metrics = metrics;
        this.notices = notices;
        this.clock = clock;
        this.last = last;
        this.written = clock.instant();
    }

    /**
     * Goes on from what the last run has saved, and changes nothing on disk before {@link #running}. A damaged file is set
     * aside and said so; counts then begin afresh.
     *
     * @param clock its zone writes the times of a gap
     */
    public static StateKeeper open(Path path, ServerMetrics metrics, Notices notices, Clock clock) {
        RunFile file = new RunFile(path);
        LastRun last = null;
        try {
            last = file.read();
        } catch (IOException e) {
            notices.post(
                    Level.WARNING,
                    "run damaged",
                    path + " is damaged (" + e.getMessage() + ")" + setAside(path)
                            + "; counts begin afresh, and when and how the last run ended is not known");
        }
        if (last != null && ServerMetrics.inFlight(last.counts()) < 0) {
            notices.post(
                    Level.WARNING,
                    "counts contradictory",
                    "The counts of the last run do not add up: more lines were archived than received");
        }
        if (last == null) {
            metrics.begin(clock.instant());
        } else {
            metrics.goOnFrom(last);
            metrics.add(Count.LOST_UNCLEAN_END, cutOff(last));
        }
        return new StateKeeper(path, file, metrics, notices, clock, last);
    }

    /** How many messages were between socket and file when the run ended. */
    private static long cutOff(LastRun run) {
        return Math.max(0, ServerMetrics.inFlight(run.counts()));
    }

    private static String setAside(Path path) {
        try {
            return " and is now " + SetAside.move(path);
        } catch (IOException e) {
            return " and cannot be moved away: " + e;
        }
    }

    /** The last run when it ended without a stop in order; null when it did not, or there was none. */
    public @Nullable LastRun uncleanEnd() {
        return last == null || last.clean() ? null : last;
    }

    /**
     * The server listens: tells the gap since the last run, and begins to save.
     *
     * @param oldestUnwritten the age of the oldest line that is not on file; asked for once a second
     */
    public void running(Supplier<Duration> oldestUnwritten) {
        tellGap();
        notices.save();
        saving.lock();
        try {
            unwritten = oldestUnwritten;
            running = true;
            save(false);
            timer = startTimer();
        } finally {
            saving.unlock();
        }
    }

    private ScheduledExecutorService startTimer() {
        ScheduledExecutorService fresh = Executors.newScheduledThreadPool(2, task -> {
            Thread thread = new Thread(task, "state");
            thread.setDaemon(true);
            return thread;
        });
        fresh.scheduleWithFixedDelay(this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        // On a thread of its own: it waits for the disk.
        fresh.scheduleWithFixedDelay(this::bringToDisk, 1, 1, TimeUnit.SECONDS);
        return fresh;
    }

    private void tellGap() {
        LastRun run = last;
        Instant now = clock.instant();
        if (run == null) {
            return;
        }
        long cut = cutOff(run);
        String gap = "from " + time(run.until()) + " to " + time(now);
        if (!run.clean()) {
            notices.postExample(
                    Notice.Topic.SERVER,
                    Level.WARNING,
                    "unclean end",
                    "The server was not running after an unclean end (killed, out of memory, or the machine went down:"
                            + " its own log or the system's has the reason); what was sent by UDP meanwhile is not here",
                    gap + ", " + cut + (cut == 1 ? " message" : " messages") + " received and not on file yet");
        } else if (Duration.between(run.until(), now).compareTo(WORTH_TELLING) >= 0) {
            notices.postExample(
                    Notice.Topic.SERVER,
                    Level.WARNING,
                    "stopped",
                    "The server was not running after a stop in order; what was sent by UDP meanwhile is not here",
                    gap);
        }
        if (run.clean() && cut > 0) {
            notices.post(
                    Level.WARNING,
                    "unaccounted",
                    "At its last stop the server left " + cut + " messages behind of which it is not known whether they"
                            + " are on file; they count as lost");
        }
    }

    private String time(Instant moment) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                .withZone(clock.getZone())
                .format(moment);
    }

    /**
     * Saves the counts unless that was done in the last 5 ms or is being done: to be called by a thread that has just
     * counted, so that what is saved is not late when all processors are busy. Any thread; it never waits for another.
     */
    public void saveCounts() {
        if (System.nanoTime() - savedNanos >= LEAST_PAUSE_NANOS && saving.tryLock()) {
            try {
                if (running && isChanged()) {
                    save(false);
                }
            } finally {
                saving.unlock();
            }
        }
    }

    private boolean isChanged() {
        return metrics.get(Count.RECEIVED) != savedReceived || metrics.get(Count.ARCHIVED) != savedArchived;
    }

    private void tick() {
        saving.lock();
        try {
            if (!running) {
                return;
            }
            Instant now = clock.instant();
            boolean due = now.isBefore(lived) || Duration.between(lived, now).compareTo(LIFE) >= 0;
            if (due) {
                lived = now;
                written = now.minus(unwritten.get());
            }
            if (due || isChanged()) {
                save(false);
            }
        } catch (RuntimeException bug) {
            logger.error("Saving the state failed", bug);
        } finally {
            saving.unlock();
        }
    }

    private void bringToDisk() {
        try {
            notices.save();
            if (++seconds % SYNC_SECONDS == 0) {
                file.sync();
            }
        } catch (IOException | RuntimeException failed) {
            logger.warn("Saving the state failed: {}", failed.toString());
        }
    }

    private void save(boolean clean) {
        savedNanos = System.nanoTime();
        Instant now = clock.instant();
        Instant since = metrics.since();
        Map<Count, Long> counts = metrics.snapshot();
        savedReceived = counts.getOrDefault(Count.RECEIVED, 0L);
        savedArchived = counts.getOrDefault(Count.ARCHIVED, 0L);
        try {
            file.write(new LastRun(since == null ? now : since, now, clean, written, counts, metrics.reported()));
            if (clean) {
                file.sync();
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                logger.error("{} cannot be written, it is tried again: {}", path, e.toString());
            }
        }
    }

    /** The last thing a stop does: saves all that the other parts have counted and said, and marks a clean end. */
    @Override
    public void close() {
        saving.lock();
        try {
            ScheduledExecutorService ended = timer;
            timer = null;
            if (ended != null) {
                ended.shutdown();
            }
            if (running) {
                running = false;
                save(true);
            }
            file.close();
        } catch (IOException e) {
            logger.debug("{}: {}", path, e.toString());
        } finally {
            saving.unlock();
        }
        notices.save();
    }
}
