package org.loghost.report;

import java.time.Duration;
import java.util.List;

/**
 * {@code [report]} of the configuration.
 *
 * @param every {@code every}: the interval, aligned to the clock of the server's zone
 * @param to {@code to}: mail addresses
 * @param maxLines {@code max-lines}: lines of log in one mail
 * @param repeat {@code repeat}: print a line in every tier it falls into, as LogSentry did
 * @param keepSize {@code keep-size}: bytes of complete reports kept on the server
 */
public record ReportConfig(Duration every, List<String> to, int maxLines, boolean repeat, long keepSize) {

    /** All defaults. */
    public static ReportConfig defaults() {
        return new ReportConfig(Duration.ofMinutes(30), List.of("root@localhost"), 2_000, false, 1L << 30);
    }
}
