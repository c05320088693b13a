package org.loghost.report;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;

/**
 * The server's counts at the time of a report, beside those at the last one.
 *
 * @param start since when counts are kept, over restarts; the totals count from there
 * @param last when the last report was made, or {@code start}
 * @param now the totals now
 * @param before the totals at {@code last}
 */
record CountsSince(Instant start, Instant last, Map<Count, Long> now, Map<Count, Long> before) {

    /** What a count has grown by since the last report. */
    long grown(Count count) {
        return total(count) - before.getOrDefault(count, 0L);
    }

    /** Whether this is the first report of this run. */
    boolean isFirst() {
        return before.isEmpty();
    }

    long total(Count count) {
        return now.getOrDefault(count, 0L);
    }

    /** Received messages that did not reach their file, for whatever reason. */
    long lost() {
        return Count.LOST_LINES.stream().mapToLong(this::total).sum();
    }

    /** Messages between socket and file now; negative when the counts contradict one another. */
    long inFlight() {
        return ServerMetrics.inFlight(now);
    }

    static CountsSince none(Instant start) {
        return new CountsSince(start, start, new EnumMap<>(Count.class), new EnumMap<>(Count.class));
    }
}
