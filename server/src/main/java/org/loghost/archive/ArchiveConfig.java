package org.loghost.archive;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code [archive]} of the configuration.
 *
 * @param path {@code path}: holds {@code <host>/<yyyy-mm-dd>.log}
 * @param format {@code format}: {@code "classic"} or {@code "full"}
 * @param keep {@code keep}: days older than this are deleted
 * @param keepMin {@code keep-min}: days younger than this are never deleted for their size
 * @param maxSize {@code max-size}: bytes of all hosts; 0 for no limit
 * @param maxHostSize {@code max-host-size}: bytes of one host; 0 for no limit
 * @param minFree {@code min-free}: bytes that stay free on the file system; below, writing holds and alarms
 * @param flush {@code flush}: the greatest age of a buffered line
 * @param compress {@code compress}: gzip finished days
 * @param combined {@code combined}: a file that gets every host's lines too, one per day beside it; null for none
 * @param group {@code group}: the group that may read the archive; null leaves the process's group
 */
public record ArchiveConfig(
        Path path,
        Format format,
        Duration keep,
        Duration keepMin,
        long maxSize,
        long maxHostSize,
        long minFree,
        Duration flush,
        boolean compress,
        @Nullable Path combined,
        @Nullable String group) {

    /** What a line on file looks like. */
    public enum Format {
        /** {@code Mmm dd hh:mm:ss host tag[pid]: text}. */
        CLASSIC,
        /** Receive time, sender, facility.severity, device time, MSGID and structured data before the classic line. */
        FULL
    }

    /** All defaults, under a path. */
    public static ArchiveConfig at(Path path) {
        return new ArchiveConfig(
                path,
                Format.CLASSIC,
                Duration.ofDays(90),
                Duration.ofDays(7),
                0,
                0,
                256L << 20,
                Duration.ofSeconds(1),
                true,
                null,
                null);
    }
}
