package org.loghost.archive;

import org.jspecify.annotations.Nullable;

/** Files whose lines wait, in the order in which they came in; a file is in one chain at most. One owner thread. */
final class FileChain {
    private @Nullable LineFile oldest;
    private @Nullable LineFile newest;
    private int size;

    /** The first of them, with the others behind it by {@link LineFile#ageAfter}; null when there is none. */
    @Nullable
    LineFile oldest() {
        return oldest;
    }

    int size() {
        return size;
    }

    /** Puts a file that is in no chain at the end. */
    void addLast(LineFile file) {
        file.chain = this;
        file.ageAfter = null;
        file.ageBefore = newest;
        if (newest == null) {
            oldest = file;
        } else {
            newest.ageAfter = file;
        }
        newest = file;
        size++;
    }

    /** Takes a file out of the chain it is in. */
    void remove(LineFile file) {
        LineFile before = file.ageBefore;
        LineFile after = file.ageAfter;
        if (before == null) {
            oldest = after;
        } else {
            before.ageAfter = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.ageBefore = before;
        }
        file.ageBefore = null;
        file.ageAfter = null;
        file.chain = null;
        size--;
    }
}
