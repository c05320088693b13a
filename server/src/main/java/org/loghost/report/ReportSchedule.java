package org.loghost.report;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.mail.Outbox;
import org.loghost.metrics.FatalFault;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * When reports are made: every so long by the clock of the server's zone, and when somebody asks. With nothing to say
 * there is no report. One that cannot be made is noticed and made at the next time, or when asked.
 *
 * <p>One thread, {@code report}, makes them; all methods may be called from any thread.
 */
public final class ReportSchedule implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(ReportSchedule.class);
    /** The wall clock may be set; it is looked at this often. */
    private static final long LOOK_MILLIS = 30_000;

    private Duration every;
    private final ZoneId zone;
    private final Outbox outbox;
    private final Notices notices;
    private final Clock clock;
    private final Reporter reporter;

    private @Nullable Thread thread;
    private volatile boolean closed;
    private volatile Instant next;
    private long asked;
    private long answered;
    /** Why the last report could not be made, empty when it was. The thread {@code report} alone. */
    private String lastFailure = "";

    private Result result = new Result(List.of(), Optional.empty());

    /**
     * How {@link #now} ended.
     *
     * @param ids the reports that were put into the outbox; empty when there was nothing to say
     * @param failure why something is not handed over; empty when all is
     */
    public record Result(List<String> ids, Optional<String> failure) {}

    /**
     * Counts and the first report's period begin now; nothing runs before {@link #start}.
     *
     * @param findings sealed, read and emptied by this schedule's thread alone
     * @param outbox started by the caller, closed by the caller after this schedule
     */
    public ReportSchedule(
            SealedFindings findings,
            Outbox outbox,
            ReportConfig config,
            ReportPlaces places,
            ServerMetrics metrics,
            Notices notices,
            Clock clock) {
        this.every = config.every();
        this.zone = places.zone();
        this.outbox = outbox;
        this.notices = notices;
        this.clock = clock;
        ReportBuilder builder = new ReportBuilder(config, places);
        reporter = new Reporter(findings, outbox, builder, places, metrics, notices, clock, () -> closed);
        next = Slots.next(clock.instant(), every, zone);
    }

    /** Begins to wait for the next time. */
    public synchronized void start() {
        Thread worker = new Thread(this::run, "report");
        worker.setDaemon(true);
        worker.setUncaughtExceptionHandler(FatalFault::endProcess);
        thread = worker;
        worker.start();
    }

    /** Takes a new configuration over: the next report is due by its clock; the zone stays. */
    public synchronized void reload(ReportConfig config, ReportPlaces places) {
        reporter.use(new ReportBuilder(config, places));
        every = config.every();
        next = Slots.next(clock.instant(), every, zone);
        notifyAll();
    }

    /** When the next report is due. */
    public Instant next() {
        return next;
    }

    /**
     * Makes a report of everything up to now, and hands it over.
     *
     * @param limit the longest to wait; the report is made and handed over all the same
     */
    public Result now(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Result made = make(deadline);
        if (made.failure().isPresent()) {
            return made;
        }
        return new Result(made.ids(), outbox.deliverNow(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    private synchronized Result make(long deadline) throws InterruptedException {
        long question = ++asked;
        notifyAll();
        while (answered < question && !closed) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return new Result(List.of(), Optional.of("the report is still being made"));
            }
            wait(left / 1_000_000 + 1);
        }
        return answered < question ? new Result(List.of(), Optional.of("the server stops")) : result;
    }

    /** A report in the making is given up and made again by the next run. */
    @Override
    public void close() {
        Thread worker;
        synchronized (this) {
            closed = true;
            worker = thread;
            thread = null;
            notifyAll();
        }
        if (worker != null) {
            try {
                worker.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            long question = awaitWork();
            while (!closed) {
                Result made = report();
                synchronized (this) {
                    result = made;
                    answered = question;
                    next = Slots.next(clock.instant(), every, zone);
                    notifyAll();
                }
                question = awaitWork();
            }
        } catch (InterruptedException e) {
            logger.warn("Interrupted: no more reports until the next start");
        }
    }

    /** Waits for the next time or a question, and returns the number of the last question; a clock set back moves the time. */
    private synchronized long awaitWork() throws InterruptedException {
        while (!closed && asked == answered && clock.instant().isBefore(next)) {
            Instant now = clock.instant();
            Instant slot = Slots.next(now, every, zone);
            next = slot.isBefore(next) ? slot : next;
            wait(Math.max(1, Math.min(LOOK_MILLIS, Duration.between(now, next).toMillis())));
        }
        return asked;
    }

    /** Nothing that goes wrong in one report may end the schedule; an error of the machine ends the process. */
    private Result report() {
        try {
            Result made = new Result(reporter.report(), Optional.empty());
            lastFailure = "";
            return made;
        } catch (Reporter.Stopped e) {
            return new Result(List.of(), Optional.of("the server stops"));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            logger.error("The report could not be made; it is made at the next time", e);
            String text = "report: could not be made at its time: " + e + "; it is made again, its findings are kept";
            // Worth a mail the first time; after that each would cause the next.
            Notice.Level level = text.equals(lastFailure) ? Notice.Level.INFO : Notice.Level.WARNING;
            lastFailure = text;
            notices.post(level, "report failed", text);
            return new Result(List.of(), Optional.of("the report could not be made: " + e));
        }
    }
}
