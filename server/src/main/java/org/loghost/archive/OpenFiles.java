package org.loghost.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One shard's open files. When there are too many, the longest unused is closed first; but while more hosts send in turn
 * than files may be open, that would close each file just before its host's next turn. Then those that are open stay, and
 * the newcomers take each other's place. One owner thread.
 */
final class OpenFiles {
    private static final Logger logger = LogManager.getLogger(OpenFiles.class);

    /** A file used within so long is in use: longer than lines wait by default. */
    private static final long IN_USE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int FEWEST = 4;

    private final ArchiveFolder folder;
    private final MovedFiles moved;
    private final Descriptors descriptors = new Descriptors();
    private boolean linksLater;
    private int limit;
    private int count;
    private @Nullable LineFile newest;
    private @Nullable LineFile oldest;

    OpenFiles(ArchiveFolder folder, int limit, MovedFiles moved) {
        this.folder = folder;
        this.moved = moved;
        this.limit = Math.max(FEWEST, limit);
    }

    int count() {
        return count;
    }

    int limit() {
        return limit;
    }

    /**
     * The file's channel, opened when it was not, and anew when the file was moved, removed or replaced: what is written
     * to a file without a name is lost. That look costs less than the write it comes before.
     */
    FileChannel channel(LineFile file, LocalDate today, long now) throws IOException {
        FileChannel channel = file.channel;
        if (channel == null) {
            return open(file, today, now);
        }
        if (!folder.isCurrent(file)) {
            close(file);
            channel = open(file, today, now);
            moved.found(file.path);
            return channel;
        }
        file.usedNanos = now;
        if (newest != file) {
            unlink(file);
            linkFirst(file);
        }
        return channel;
    }

    /** From now on links are left to {@link ArchiveFolder#linkWhenNew}: at a stop the lines come first. */
    void linkLater() {
        linksLater = true;
    }

    void closeAll() {
        while (oldest != null) {
            close(oldest);
        }
    }

    void close(LineFile file) {
        if (file.channel != null) {
            folder.close(file);
            unlink(file);
            count--;
        }
    }

    /** The longest unused file, or null when none is open. */
    @Nullable
    LineFile oldest() {
        return oldest;
    }

    private FileChannel open(LineFile file, LocalDate today, long now) throws IOException {
        closeDownTo(limit - 1, now);
        try {
            openOrClose(file);
        } catch (IOException e) {
            if (count < FEWEST || !descriptors.areUsedUp(e)) {
                throw e;
            }
            // Somebody else uses descriptors too: live with fewer from now on.
            limit = Math.max(FEWEST, count / 2);
            logger.warn("open files are used up: the archive goes on with {}", limit);
            closeDownTo(limit - 1, now);
            openOrClose(file);
        }
        count++;
        file.usedNanos = now;
        linkFirst(file);
        if (!linksLater) {
            folder.linkWhenNew(file, today);
        }
        FileChannel channel = file.channel;
        if (channel == null) {
            throw new AssertionError(file.path);
        }
        return channel;
    }

    /** What fails after the file was opened leaves no channel behind: it would be taken for one of those in the list. */
    private void openOrClose(LineFile file) throws IOException {
        try {
            folder.open(file);
        } catch (IOException e) {
            folder.close(file);
            throw e;
        }
    }

    private void closeDownTo(int most, long now) {
        while (count > most && oldest != null && newest != null) {
            close(now - oldest.usedNanos < IN_USE_NANOS ? newest : oldest);
        }
    }

    private void linkFirst(LineFile file) {
        file.useBefore = null;
        file.useAfter = newest;
        if (newest != null) {
            newest.useBefore = file;
        }
        newest = file;
        if (oldest == null) {
            oldest = file;
        }
    }

    private void unlink(LineFile file) {
        LineFile before = file.useBefore;
        LineFile after = file.useAfter;
        if (before == null) {
            newest = after;
        } else {
            before.useAfter = after;
        }
        if (after == null) {
            oldest = before;
        } else {
            after.useBefore = before;
        }
        file.useBefore = null;
        file.useAfter = null;
    }
}
