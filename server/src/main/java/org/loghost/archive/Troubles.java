package org.loghost.archive;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One shard's files that cannot be written for a reason of their own. Their lines wait apart, so that nobody has to look
 * past them, within bounds for each and for all; each is tried again after growing pauses. One owner thread.
 */
final class Troubles {
    /** What one host may keep in memory while its file, and no other, fails. */
    static final int BYTES_PER_HOST = 64 * 1024;

    /** The part of the memory that all of them together may take. */
    private static final int SHARE = 4;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** Between two looks for files to try again. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SegmentPool pool;
    private final FailingFiles told;
    private final FileChain files = new FileChain();
    private int segments;
    private long lookedNanos;
    private boolean looked;

    Troubles(SegmentPool pool, FailingFiles told) {
        this.pool = pool;
        this.told = told;
    }

    @Nullable
    LineFile oldest() {
        return files.oldest();
    }

    /** Whether a failing file may take so many segments more. */
    boolean hasRoom(LineFile file, int more) {
        return file.length < BYTES_PER_HOST && segments + more <= pool.capacity() / SHARE;
    }

    /** A failing file takes so many segments more. */
    void taken(int more) {
        segments += more;
    }

    /** Puts a file that is in no chain here, after a failure. */
    void add(LineFile file, IOException error, long now) {
        boolean first = file.pauseNanos == 0;
        file.pauseNanos = first ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, 2 * file.pauseNanos);
        file.retryNanos = now + file.pauseNanos;
        file.failing = true;
        segments += file.segments;
        files.addLast(file);
        if (first) {
            told.begins(file, error);
        }
    }

    /** Takes a file out to try it; it comes back by {@link #add} or {@link #mended}. */
    void take(LineFile file) {
        file.failing = false;
        segments -= file.segments;
        files.remove(file);
    }

    /** A file is written again, or its lines are given up. */
    void mended(LineFile file) {
        file.pauseNanos = 0;
        told.ends(file);
    }

    void lose(long lines) {
        told.lose(lines);
    }

    /** Whether it is time to look for files to try again. */
    boolean isDue(long now) {
        if (files.size() == 0 || (looked && now - lookedNanos < LOOK_NANOS)) {
            return false;
        }
        looked = true;
        lookedNanos = now;
        return true;
    }

    /** All are tried again at the next look, whatever their pauses. */
    void forgetPauses(long now) {
        looked = false;
        for (LineFile file = files.oldest(); file != null; file = file.ageAfter) {
            file.retryNanos = now;
        }
    }
}
