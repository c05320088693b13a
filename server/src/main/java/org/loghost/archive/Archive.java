package org.loghost.archive;

import java.time.Clock;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/** The files of all hosts, {@code <path>/<host>/<yyyy-mm-dd>.log}. Any thread, except where a method says otherwise. */
@SuppressWarnings({"unused", "DoNotCallSuggester"}) // for the moment: the body follows
public final class Archive implements AutoCloseable {
    /** What the listeners may hold open when nobody says how much. */
    private static final int DEFAULT_CONNECTIONS = 2048;

    /**
     * An archive that is not open yet, with limits taken from the process.
     *
     * @param findingsStoredUpTo the highest batch sequence whose findings are stored: no line of a later batch is written
     */
    public Archive(
            ArchiveConfig config,
            int shards,
            ZoneId zone,
            Clock clock,
            ServerMetrics metrics,
            Notices notices,
            LongSupplier findingsStoredUpTo) {
        this(
                config,
                shards,
                zone,
                clock,
                metrics,
                notices,
                findingsStoredUpTo,
                ArchiveLimits.ofProcess(DEFAULT_CONNECTIONS));
    }

    /** As the other constructor, with limits given. */
    public Archive(
            ArchiveConfig config,
            int shards,
            ZoneId zone,
            Clock clock,
            ServerMetrics metrics,
            Notices notices,
            LongSupplier findingsStoredUpTo,
            ArchiveLimits limits) {}

    /**
     * Creates the folder, closes torn tails and starts housekeeping.
     *
     * @throws java.io.UncheckedIOException when the folder cannot be made or written to; the message says what to do
     */
    public void open() {
        throw new UnsupportedOperationException();
    }

    /** The shard with this number, from 0; it takes the hosts whose id modulo the number of shards is that number. */
    public ArchiveShard shard(int i) {
        throw new UnsupportedOperationException();
    }

    /** Takes a new configuration over; path, combined file and group stay as they are until the next start. */
    public void reload(ArchiveConfig config) {
        throw new UnsupportedOperationException();
    }

    /** What {@code status} shows. */
    public ArchiveStatus status() {
        throw new UnsupportedOperationException();
    }

    /** Writes what is buffered and closes all files; after the shards' threads have ended. */
    @Override
    public void close() {}
}
