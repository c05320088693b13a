package org.loghost.hosts;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Sender;

/**
 * Which name DNS gave an address, and when to ask for it: once for a new address, again after a while for a known one.
 * No answer changes nothing; "no such name" changes nothing that was found before; another name is a change.
 *
 * <p>Bounded: {@link #MAX_ADDRESSES} addresses with a name and as many without, apart, so that a flood of invented
 * addresses cannot push out a name that was found; {@link #MAX_WAITING} look-ups wait, {@link #MAX_IN_FLIGHT} are under
 * way, {@link #MAX_PER_SECOND} begin in a second. Guarded by the directory's lock.
 */
final class SenderNames {
    static final int MAX_ADDRESSES = 65_536;
    static final int MAX_WAITING = 10_000;
    static final int MAX_IN_FLIGHT = 64;
    static final int MAX_PER_SECOND = 1_000;

    private static final long FIRST_RETRY = TimeUnit.SECONDS.toMillis(30);
    private static final long LONGEST_RETRY = TimeUnit.HOURS.toMillis(6);
    private static final long SHORTEST_REFRESH = TimeUnit.HOURS.toMillis(1);
    private static final long LONGEST_REFRESH = TimeUnit.HOURS.toMillis(24);

    private final Map<InetAddress, Entry> named = bounded();
    private final Map<InetAddress, Entry> nameless = bounded();
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final Set<Entry> inFlight = new HashSet<>();
    private long second;
    private int begun;

    /** What is known of one address. */
    static final class Entry {
        final InetAddress address;
        /** As DNS gave it, with its domain; null while none was found. */
        @Nullable
        String name;
        /** Since when it has that name, milliseconds since the epoch; 0 when unknown. */
        long sinceMillis;
        /** Whether there is something to go by: a look-up ended, or will not begin soon. */
        boolean settled;

        private boolean asking;
        private long askAgainMillis;
        private long pause = FIRST_RETRY;
        /** Weak, because a sender can be in use by a connection long after its table forgot it. */
        private final List<WeakReference<Sender>> senders = new ArrayList<>(1);

        Entry(InetAddress address) {
            this.address = address;
        }

        /** Lets a sender learn this entry's name; once is enough. */
        void add(Sender sender) {
            senders.removeIf(known -> known.get() == null || known.get() == sender);
            senders.add(new WeakReference<>(sender));
        }

        void forEachSender(Consumer<Sender> action) {
            for (WeakReference<Sender> reference : senders) {
                Sender sender = reference.get();
                if (sender != null) {
                    action.accept(sender);
                }
            }
        }

        boolean isInUse() {
            senders.removeIf(known -> known.get() == null);
            return !senders.isEmpty();
        }
    }

    private static Map<InetAddress, Entry> bounded() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<InetAddress, SenderNames.Entry> eldest) {
                return size() > MAX_ADDRESSES;
            }
        };
    }

    /** The entry of an address, made when there is none. */
    Entry entry(InetAddress address) {
        Entry known = named.get(address);
        return known != null ? known : nameless.computeIfAbsent(address, Entry::new);
    }

    /** Gives an address its name. */
    void name(Entry entry, String name, long sinceMillis) {
        entry.name = name;
        entry.sinceMillis = sinceMillis;
        entry.settled = true;
        nameless.remove(entry.address);
        named.put(entry.address, entry);
    }

    /** All addresses with a name; not to be kept. */
    Iterable<Entry> named() {
        return named.values();
    }

    /** All addresses that someone sends from now. */
    List<Entry> inUse() {
        List<Entry> used = new ArrayList<>();
        named.values().stream().filter(Entry::isInUse).forEach(used::add);
        nameless.values().stream().filter(Entry::isInUse).forEach(used::add);
        return used;
    }

    /** Lets a look-up wait for its turn if it is time for it; a full queue settles the entry as it is. */
    void ask(Entry entry, long nowMillis) {
        // A clock that was set back must not put a look-up off for as long.
        boolean tooEarly = nowMillis < entry.askAgainMillis && entry.askAgainMillis - nowMillis <= 2 * LONGEST_REFRESH;
        if (entry.asking || tooEarly) {
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            entry.settled = true;
            return;
        }
        entry.asking = true;
        waiting.add(entry);
    }

    /** The next look-up to begin, whose answer must be brought to {@link #answered}; null when none may. */
    @Nullable
    Entry next(long nowMillis) {
        if (waiting.isEmpty() || inFlight.size() >= MAX_IN_FLIGHT) {
            return null;
        }
        if (nowMillis / 1000 != second) {
            second = nowMillis / 1000;
            begun = 0;
        }
        if (begun >= MAX_PER_SECOND) {
            return null;
        }
        begun++;
        Entry entry = waiting.remove();
        inFlight.add(entry);
        return entry;
    }

    /** Whether there are look-ups to begin. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether look-ups wait for the next second and not for an answer. */
    boolean waitsForTime() {
        return !waiting.isEmpty() && inFlight.size() < MAX_IN_FLIGHT;
    }

    /** Nobody is asked any more: who waited or was being looked up is settled as it is. */
    List<Entry> giveUp() {
        List<Entry> left = new ArrayList<>(waiting);
        left.addAll(inFlight);
        waiting.clear();
        inFlight.clear();
        for (Entry entry : left) {
            entry.asking = false;
            entry.settled = true;
        }
        return left;
    }

    /** Takes note of an answer; what it says is the directory's to apply. */
    void answered(Entry entry, ReverseDns.Answer answer, long nowMillis) {
        inFlight.remove(entry);
        entry.asking = false;
        entry.settled = true;
        if (answer.name() != null) {
            long refresh = Math.min(
                    Math.max(TimeUnit.SECONDS.toMillis(answer.ttlSeconds()), SHORTEST_REFRESH), LONGEST_REFRESH);
            entry.pause = FIRST_RETRY;
            entry.askAgainMillis =
                    nowMillis + refresh + ThreadLocalRandom.current().nextLong(refresh / 4);
        } else {
            entry.askAgainMillis = nowMillis + entry.pause;
            entry.pause = Math.min(entry.pause * 2, LONGEST_RETRY);
        }
    }
}
