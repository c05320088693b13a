package org.loghost.hosts;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Sender;

/**
 * How many new host names each address may still bring: so many per hour, refilled evenly, so that a sender that invents
 * names cannot fill the archive with folders. By address, not by connection or listener, which a sender can have many
 * of. Of more than {@link #MAX_ADDRESSES} the longest quiet one is forgotten; the limit of all hosts holds regardless.
 *
 * <p>Guarded by its caller's lock.
 */
final class NewNameBudget {
    static final int MAX_ADDRESSES = 65_536;
    private static final double HOUR_MILLIS = 3_600_000;

    private final Map<@Nullable InetAddress, Tokens> byAddress = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<@Nullable InetAddress, Tokens> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };
    private int perHour;

    private static final class Tokens {
        double left;
        long atMillis;

        Tokens(double left, long atMillis) {
            this.left = left;
            this.atMillis = atMillis;
        }
    }

    NewNameBudget(int perHour) {
        this.perHour = perHour;
    }

    /** Changes the limit; everybody starts afresh. */
    void perHour(int newPerHour) {
        if (newPerHour != perHour) {
            perHour = newPerHour;
            byAddress.clear();
        }
    }

    /** Takes one name out of the sender's budget, or says that there is none left. */
    boolean take(Sender sender, long nowMillis) {
        Tokens tokens = byAddress.computeIfAbsent(sender.address(), key -> new Tokens(perHour, nowMillis));
        // A clock that was set back refills nothing and takes nothing away.
        double refill = Math.max(0, nowMillis - tokens.atMillis) * perHour / HOUR_MILLIS;
        tokens.left = Math.min(perHour, tokens.left + refill);
        tokens.atMillis = nowMillis;
        if (tokens.left < 1) {
            return false;
        }
        tokens.left--;
        return true;
    }
}
