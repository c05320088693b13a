package org.loghost.hosts;

import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;

/**
 * Header names as sent to hosts: an open-addressing hash table by bytes, so that a name that was seen costs no string.
 *
 * <p>Any thread reads without a lock: a slot is written once, and a reader that sees only a part of it takes the name
 * for one not seen. Writers hold the lock. Bounded: when full it is emptied, and the names are looked up again one by
 * one; a spelling longer than a host name can be (RFC 5424 section 6.2.4) is not kept. The hash is keyed with a secret,
 * because whoever sends chooses the names: names that collide would make every look-up a walk.
 */
final class NameTable {
    static final int MAX_LENGTH = 255;
    private static final int MIN_SLOTS = 256;

    private final long key = new SecureRandom().nextLong() | 1;
    private int maxEntries;
    private volatile Slots slots = new Slots(MIN_SLOTS);
    private int size;

    /**
     * Side by side and not an object for each: what a look-up among many hosts waits for is memory, and these wait
     * together. Measured with 50,000 hosts in turn.
     */
    private static final class Slots {
        final int mask;
        final int[] hashes;
        final byte[] @Nullable [] spellings;
        final @Nullable Host[] hosts;

        Slots(int count) {
            mask = count - 1;
            hashes = new int[count];
            spellings = new byte[count] @Nullable [];
            hosts = new @Nullable Host[count];
        }

        int count() {
            return hashes.length;
        }

        void insert(int hash, byte[] spelling, Host host) {
            int i = hash & mask;
            while (spellings[i] != null) {
                i = (i + 1) & mask;
            }
            hashes[i] = hash;
            hosts[i] = host;
            spellings[i] = spelling;
        }

        Slots grown() {
            Slots twice = new Slots(count() * 2);
            for (int i = 0; i < count(); i++) {
                byte[] spelling = spellings[i];
                Host host = hosts[i];
                if (spelling != null && host != null) {
                    twice.insert(hashes[i], spelling, host);
                }
            }
            return twice;
        }
    }

    NameTable(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** The host of this spelling, or null when it has not been seen. */
    @Nullable
    Host find(byte[] bytes, int offset, int length) {
        int hash = hash(bytes, offset, length);
        Slots table = slots;
        for (int i = hash & table.mask; ; i = (i + 1) & table.mask) {
            byte[] spelling = table.spellings[i];
            if (spelling == null) {
                return null;
            }
            if (table.hashes[i] == hash
                    && Arrays.equals(spelling, 0, spelling.length, bytes, offset, offset + length)) {
                return table.hosts[i];
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
        // New arrays for each change would cost a copy per new host; readers of the old ones only miss the new entry.
        Slots table = size * 2 >= slots.count() ? slots.grown() : slots;
        byte[] own = host.bytes();
        boolean asOwn = Arrays.equals(own, 0, own.length, bytes, offset, offset + length);
        // The host's own bytes are looked at next, when the line is written.
        byte[] spelling = asOwn ? own : Arrays.copyOfRange(bytes, offset, offset + length);
        table.insert(hash(bytes, offset, length), spelling, host);
        size++;
        slots = table;
    }

    /** Forgets all spellings: what they mean has changed. */
    synchronized void clear(int newMaxEntries) {
        maxEntries = newMaxEntries;
        slots = new Slots(MIN_SLOTS);
        size = 0;
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
