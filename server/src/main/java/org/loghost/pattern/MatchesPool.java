package org.loghost.pattern;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Joins outcomes without making a new object each time. Safe from several threads without locks: an entry has final
 * fields only, so a thread that reads the array without synchronisation sees a whole entry or an older one.
 */
@SuppressWarnings("ReferenceEquality") // outcomes are interned; where not, only time is lost
final class MatchesPool {
    private static final int SLOTS = 1 << 12;
    /** How far a join may stand from its place: joins that meet often must not throw each other out. */
    private static final int PROBES = 8;

    private final long most;
    private final AtomicLong used = new AtomicLong();
    private final @Nullable Join[] joins = new @Nullable Join[SLOTS];
    private final ConcurrentHashMap<Matches, Matches> known = new ConcurrentHashMap<>();

    /** One that keeps about so many bytes of outcomes. */
    MatchesPool(long most) {
        this.most = most;
    }

    /** Hostile text can produce any combination of groups and rules: it forgets all rather than grow. */
    Matches intern(Matches matches) {
        Matches earlier = known.putIfAbsent(matches, matches);
        if (earlier != null) {
            return earlier;
        }
        if (used.addAndGet(matches.memory()) > most) {
            known.clear();
            Arrays.fill(joins, null);
            used.set(0);
        }
        return matches;
    }

    /** Bytes of the outcomes kept, about. */
    long memory() {
        return used.get() + 32L * SLOTS;
    }

    Matches join(Matches one, Matches two) {
        if (one == Matches.NONE || one == two) {
            return two;
        }
        if (two == Matches.NONE) {
            return one;
        }
        int home = ((one.hashCode() * 31 + two.hashCode()) * 0x9E3779B9) >>> 20;
        for (int i = 0; i < PROBES; i++) {
            Join join = joins[(home + i) & (SLOTS - 1)];
            if (join == null) {
                return make(home + i, one, two);
            }
            if (join.one == one && join.two == two) {
                return join.both;
            }
        }
        return make(home + (one.hashCode() & (PROBES - 1)), one, two);
    }

    private Matches make(int slot, Matches one, Matches two) {
        Join join = new Join(one, two, intern(one.and(two)));
        joins[slot & (SLOTS - 1)] = join;
        return join.both;
    }

    private record Join(Matches one, Matches two, Matches both) {}
}
