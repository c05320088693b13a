package org.loghost.metrics;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The counts of one server; see {@link Count} for what each means. Any thread; add per batch, not per message. */
public final class ServerMetrics {
    /** Filled once and never changed, so that reading it needs no lock. */
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

    private volatile @Nullable Instant since;
    private volatile @Nullable Reported reported;

    /**
     * How far reports have come.
     *
     * @param until up to when findings have been reported, or looked for in vain
     * @param at when the last report was made; the epoch when there was none yet
     * @param counts all counts at that time; empty when there was none yet
     */
    public record Reported(Instant until, Instant at, Map<Count, Long> counts) {}

    /** All counts at zero. */
    public ServerMetrics() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
    }

    /** Adds to a count. */
    public void add(Count count, long amount) {
        adder(count).add(amount);
    }

    /** Adds one. */
    public void increment(Count count) {
        adder(count).increment();
    }

    /** A count's value now. */
    public long get(Count count) {
        return adder(count).sum();
    }

    /**
     * All values now; not one instant's picture while messages flow, but those received are read last: a message between
     * two readings counts as in flight, not as archived from nowhere.
     */
    public Map<Count, Long> snapshot() {
        Map<Count, Long> values = new EnumMap<>(Count.class);
        counts.forEach((count, adder) -> values.put(count, adder.sum()));
        values.put(Count.RECEIVED, get(Count.RECEIVED));
        return values;
    }

    /** Of a snapshot, the messages between socket and file; negative when the counts contradict one another. */
    public static long inFlight(Map<Count, Long> counts) {
        long left = counts.getOrDefault(Count.RECEIVED, 0L) - counts.getOrDefault(Count.ARCHIVED, 0L);
        for (Count lost : Count.LOST_LINES) {
            left -= counts.getOrDefault(lost, 0L);
        }
        return left;
    }

    /** Since when counts have been kept, over restarts; null when they were not restored. */
    public @Nullable Instant since() {
        return since;
    }

    /** How far reports have come, over restarts; null when nothing was looked for yet. */
    public @Nullable Reported reported() {
        return reported;
    }

    /** Remembers how far reports have come. */
    public void reported(Reported now) {
        reported = now;
    }

    /** Goes on from what an earlier run counted. */
    void goOnFrom(LastRun run) {
        run.counts().forEach(this::add);
        since = run.since();
        reported = run.reported();
    }

    /** Counts are kept from now on. */
    void begin(Instant now) {
        since = now;
    }

    private LongAdder adder(Count count) {
        LongAdder adder = counts.get(count);
        if (adder == null) {
            throw new AssertionError(count);
        }
        return adder;
    }
}
