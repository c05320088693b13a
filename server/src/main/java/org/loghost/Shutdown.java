package org.loghost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * One stop of the server, which ends within a time: closes the parts, some of them beside the others, and says what was
 * lost on the way.
 *
 * <p>One thread, except where a method says otherwise.
 */
final class Shutdown {
    private static final Logger logger = LogManager.getLogger(Shutdown.class);

    /** Lines are written and classified until then; what is left of 10 s is for closing files and saving the state. */
    private static final Duration WRITTEN_BY = Duration.ofSeconds(8);

    private static final Duration ASIDE_BY = Duration.ofSeconds(9);

    /** What a stop can lose. */
    private static final List<Count> LOSSES = List.of(
            Count.LOST_WAITING,
            Count.LOST_ARCHIVE,
            Count.LOST_FILE,
            Count.LOST_STOP,
            Count.LOST_FINDINGS,
            Count.LOST_UNCLASSIFIED);

    /** Those of them that are lines which exist nowhere any more. */
    private static final Set<Count> LINES = Set.copyOf(Count.LOST_LINES);

    private final ServerMetrics metrics;
    private final Notices notices;
    private final List<Thread> asides = new ArrayList<>();

    private Map<Count, Long> before = Map.of();
    private long beginNanos;
    private volatile String closing = "nothing";
    private volatile boolean well = true;

    Shutdown(ServerMetrics metrics, Notices notices) {
        this.metrics = metrics;
        this.notices = notices;
    }

    /** The time runs from here on. */
    void begin() {
        beginNanos = System.nanoTime();
        before = metrics.snapshot();
    }

    /** When the pipeline has to be done, by {@link System#nanoTime()}. */
    long writtenBy() {
        return beginNanos + WRITTEN_BY.toNanos();
    }

    /** The part that is being closed; any thread. */
    String closing() {
        return closing;
    }

    /** Whether so far nothing was lost and every part could be closed; any thread. */
    boolean isWell() {
        return well;
    }

    /** Closes one part; one that cannot be closed does not keep the others open. */
    void close(String name, AutoCloseable part) {
        closing = name;
        guarded(name, part);
    }

    /** Closes parts, one after the other, while the stop goes on; they need no time of what waits to be written. */
    void closeAside(String name, AutoCloseable... parts) {
        Thread thread = new Thread(
                () -> {
                    for (AutoCloseable part : parts) {
                        guarded(name, part);
                    }
                },
                "stop: " + name);
        thread.setDaemon(true);
        thread.start();
        asides.add(thread);
    }

    @SuppressWarnings("try") // "auto-closeable resource has a member method that could throw InterruptedException"
    private void guarded(String name, AutoCloseable part) {
        try {
            part.close();
        } catch (Exception | LinkageError | StackOverflowError failed) {
            well = false;
            logger.error("Closing {} failed", name, failed);
        }
    }

    /** Waits for what is closed aside, while there is time. */
    void awaitAsides() {
        long deadline = beginNanos + ASIDE_BY.toNanos();
        for (Thread thread : asides) {
            closing = thread.getName();
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                logger.warn("{}: not ended in time; the next start goes on with it", thread.getName());
            }
        }
    }

    /**
     * Says what was lost since the stop began, in the log and as notices for the next report.
     *
     * @param reasons why, for a count; empty when there is no more to say than the count's own text
     */
    void tellLosses(Function<Count, String> reasons) {
        for (Count loss : LOSSES) {
            long lost = metrics.get(loss) - before.getOrDefault(loss, 0L);
            if (lost > 0) {
                well = false;
                String why = reasons.apply(loss);
                String text = "The stop gave up " + lost + (LINES.contains(loss) ? " line" : " message")
                        + (lost == 1 ? "; " : "s; ") + loss.text() + (why.isEmpty() ? "" : ": " + why);
                logger.error("{}", text);
                notices.post(Notice.Level.WARNING, "stop " + loss, text);
            }
        }
    }
}
