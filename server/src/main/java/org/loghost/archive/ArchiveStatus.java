package org.loghost.archive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The archive at one moment; a snapshot for {@code status}.
 *
 * @param openFiles files open now
 * @param maxOpenFiles files that may be open at once
 * @param bufferedBytes bytes of lines that are not on file yet
 * @param bufferBytes the most that may be buffered
 * @param oldestUnwritten the age of the oldest line that is not on file yet; zero when there is none
 * @param freeBytes what the file system has left; -1 when it cannot be asked
 * @param held why nothing is written now, in words; null when all is well
 * @param failing whose files alone cannot be written, and why; null when there are none
 */
public record ArchiveStatus(
        int openFiles,
        int maxOpenFiles,
        long bufferedBytes,
        long bufferBytes,
        Duration oldestUnwritten,
        long freeBytes,
        @Nullable String held,
        @Nullable String failing) {}
