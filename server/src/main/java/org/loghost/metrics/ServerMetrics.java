package org.loghost.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counts of one server; see {@link Count} for what each means. Any thread; add per batch, not per message. */
public final class ServerMetrics {
    /** Filled once and never changed, so that reading it needs no lock. */
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

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

    /** All values now; not one instant's picture while messages flow. */
    public Map<Count, Long> snapshot() {
        Map<Count, Long> values = new EnumMap<>(Count.class);
        counts.forEach((count, adder) -> values.put(count, adder.sum()));
        return values;
    }

    private LongAdder adder(Count count) {
        LongAdder adder = counts.get(count);
        if (adder == null) {
            throw new AssertionError(count);
        }
        return adder;
    }
}
