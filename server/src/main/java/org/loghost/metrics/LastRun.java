package org.loghost.metrics;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the server has left behind about itself.
 *
 * @param since since when counts have been kept
 * @param until when this was saved: the end of the run, or the last sign of life
 * @param clean whether the run ended in order
 * @param writtenUntil the lines received before this time were on file
 * @param counts every count
 * @param reported how far reports had come; null when nothing was looked for yet
 */
public record LastRun(
        Instant since,
        Instant until,
        boolean clean,
        Instant writtenUntil,
        Map<Count, Long> counts,
        ServerMetrics.@Nullable Reported reported) {}
