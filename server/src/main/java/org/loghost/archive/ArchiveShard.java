package org.loghost.archive;

import org.loghost.message.MessageBatch;

/** All lines of the hosts of one shard. One owner thread, which must not be interrupted to stop it. */
@SuppressWarnings({"unused", "DoNotCallSuggester"}) // for the moment: the body follows
public final class ArchiveShard {

    ArchiveShard() {}

    /**
     * Copies the lines of this shard's hosts into buffers; writes those that are full. Never throws for I/O: what cannot
     * be written is held, and what cannot be held is counted as lost. The batch may be released afterwards.
     */
    public void append(MessageBatch batch) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes what has grown old.
     *
     * @return the nanoseconds until the next call is due; 0 when there is more to do at once
     */
    public long tick(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Writes everything, waiting a while for findings that are still being stored. */
    public void flushAll() {
        throw new UnsupportedOperationException();
    }
}
