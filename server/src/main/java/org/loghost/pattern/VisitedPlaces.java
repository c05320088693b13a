package org.loghost.pattern;

import java.util.Arrays;

/**
 * Where backtracking has been in one line: from the same instruction, at the same place, with the same contents of the
 * slots that can still be read, it would find nothing else. Bounded: when full, it learns nothing more, which costs time
 * and never truth. One thread's.
 */
final class VisitedPlaces {
    /** The most numbers kept: 4 MiB. */
    private static final int MOST = 1 << 20;

    private final int width;
    private int[] entries;
    private int[] index = new int[1 << 10];
    private int count;

    /** Of entries of so many numbers. */
    VisitedPlaces(int width) {
        this.width = width;
        this.entries = new int[width << 8];
    }

    /** Where the numbers of the next entry go. */
    int[] entries() {
        return entries;
    }

    /** The offset in {@link #entries} where they begin. */
    int next() {
        return count * width;
    }

    /** Adds the entry that was written, unless it is there already: then true. */
    boolean addOrFind() {
        int from = next();
        int slot = slot(from);
        if (index[slot] != 0) {
            return true;
        }
        if (from + 3 * width > MOST) {
            return false;
        }
        index[slot] = ++count;
        if (next() + width > entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        if (count * 2 > index.length) {
            rehash();
        }
        return false;
    }

    private int slot(int from) {
        int hash = 0;
        for (int i = from; i < from + width; i++) {
            hash = (hash ^ entries[i]) * 0x9E3779B1;
            hash ^= hash >>> 15;
        }
        int slot = hash & (index.length - 1);
        while (index[slot] != 0 && !same((index[slot] - 1) * width, from)) {
            slot = (slot + 1) & (index.length - 1);
        }
        return slot;
    }

    private boolean same(int one, int two) {
        return Arrays.equals(entries, one, one + width, entries, two, two + width);
    }

    private void rehash() {
        index = new int[index.length * 2];
        for (int i = 0; i < count; i++) {
            index[slot(i * width)] = i + 1;
        }
    }
}
