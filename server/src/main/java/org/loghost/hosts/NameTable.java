package org.loghost.hosts;

import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;

/**
 * Header names as sent to hosts: an open-addressing hash table by bytes, so that a name that was seen costs no string.
 *
 * <p>Any thread reads without a lock: slots are published by a volatile write of the table, and an entry is immutable.
 * Writers hold the lock. Bounded: when full it is emptied, and the names are looked up again one by one; a spelling
 * longer than a host name can be (RFC 5424 section 6.2.4) is not kept. The hash is keyed with a secret, because whoever
 * sends chooses the names: names that collide would make every look-up a walk.
 */
final class NameTable {
    static final int MAX_LENGTH = 255;
    private static final int MIN_SLOTS = 256;

    private final long key = new SecureRandom().nextLong() | 1;
    private int maxEntries;
    private volatile @Nullable Entry[] slots = new @Nullable Entry[MIN_SLOTS];
    private int size;

    /** One spelling of a name. */
    private static final class Entry {
        final byte[] bytes;
        final int hash;
        final Host host;

        Entry(byte[] bytes, int hash, Host host) {
            this.bytes = bytes;
            this.hash = hash;
            this.host = host;
        }
    }

    NameTable(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** The host of this spelling, or null when it has not been seen. */
    @Nullable
    Host find(byte[] bytes, int offset, int length) {
        int hash = hash(bytes, offset, length);
        @Nullable Entry[] table = slots;
        for (int i = hash & (table.length - 1); ; i = (i + 1) & (table.length - 1)) {
            Entry entry = table[i];
            if (entry == null) {
                return null;
            }
            if (entry.hash == hash
                    && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, offset, offset + length)) {
                return entry.host;
            }
        }
    }

    /** Remembers a spelling. */
    synchronized void put(byte[] bytes, int offset, int length, Host host) {
        if (length > MAX_LENGTH || find(bytes, offset, length) != null) {
            return;
        }
        if (size >= maxEntries) {
            clear(maxEntries);
        }
        // A new array for each change would cost a copy per new host; readers of the old one only miss the new entry.
        @Nullable Entry[] table = slots;
        if (size * 2 >= table.length) {
            table = grown(table);
        }
        insert(table, new Entry(Arrays.copyOfRange(bytes, offset, offset + length), hash(bytes, offset, length), host));
        size++;
        slots = table;
    }

    /** Forgets all spellings: what they mean has changed. */
    synchronized void clear(int newMaxEntries) {
        maxEntries = newMaxEntries;
        slots = new @Nullable Entry[MIN_SLOTS];
        size = 0;
    }

    private static @Nullable Entry[] grown(@Nullable Entry[] old) {
        @Nullable Entry[] table = new @Nullable Entry[old.length * 2];
        for (Entry entry : old) {
            if (entry != null) {
                insert(table, entry);
            }
        }
        return table;
    }

    private static void insert(@Nullable Entry[] table, Entry entry) {
        int i = entry.hash & (table.length - 1);
        while (table[i] != null) {
            i = (i + 1) & (table.length - 1);
        }
        table[i] = entry;
    }

    /** A polynomial at a secret point; its high bits, which depend on every byte, are the hash. */
    private int hash(byte[] bytes, int offset, int length) {
        long hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash + (bytes[i] & 0xff)) * key;
        }
        return (int) (hash >>> 32);
    }
}
