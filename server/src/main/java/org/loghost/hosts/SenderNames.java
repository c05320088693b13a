package org.loghost.hosts;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which name an address has, and when to ask DNS for it: once for a new address, again after a while for a known one.
 * No answer changes nothing; "no such name" changes nothing that was found before; another name is a change.
 *
 * <p>Guarded by the directory's lock. Bounded: {@link #MAX_ADDRESSES} addresses (the longest unused is forgotten) and
 * {@link #MAX_IN_FLIGHT} look-ups at a time.
 */
final class SenderNames {
    static final int MAX_ADDRESSES = 65_536;
    static final int MAX_IN_FLIGHT = 64;
    private static final long FIRST_RETRY = TimeUnit.SECONDS.toMillis(30);
    private static final long LONGEST_RETRY = TimeUnit.HOURS.toMillis(6);
    private static final long REFRESH = TimeUnit.HOURS.toMillis(6);

    private final Map<InetAddress, Entry> entries = new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Entry> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };
    private int inFlight;

    /** What is known of one address. */
    static final class Entry {
        @Nullable
        String name;
        /** Whether the first look-up has ended, one way or the other. */
        boolean settled;

        private boolean asking;
        private long askAgainMillis;
        private long pause = FIRST_RETRY;
    }

    Entry entry(InetAddress address) {
        return entries.computeIfAbsent(address, key -> new Entry());
    }

    Map<InetAddress, Entry> all() {
        return entries;
    }

    /** Whether to ask DNS now; if so, the answer must be brought to {@link #answered}. */
    boolean ask(Entry entry, long nowMillis) {
        if (entry.asking || nowMillis < entry.askAgainMillis) {
            return false;
        }
        if (inFlight >= MAX_IN_FLIGHT) {
            // Its lines go under its address until there is room to ask.
            entry.settled = true;
            return false;
        }
        inFlight++;
        entry.asking = true;
        return true;
    }

    void answered(Entry entry, boolean found, long nowMillis) {
        inFlight--;
        entry.asking = false;
        entry.settled = true;
        if (found) {
            entry.pause = FIRST_RETRY;
            entry.askAgainMillis =
                    nowMillis + REFRESH + ThreadLocalRandom.current().nextLong(REFRESH / 4);
        } else {
            entry.askAgainMillis = nowMillis + entry.pause;
            entry.pause = Math.min(entry.pause * 2, LONGEST_RETRY);
        }
    }
}
