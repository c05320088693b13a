package org.loghost.hosts;

import java.util.HashMap;
import java.util.Map;
import org.loghost.message.Sender;

/**
 * How many new host names each sender may still bring: so many per hour, refilled evenly, so that a sender that invents
 * names cannot fill the archive with folders. Guarded by its caller's lock.
 */
final class NewNameBudget {
    private static final double HOUR_MILLIS = 3_600_000;
    private static final int MAX_SENDERS = 65_536;

    private final Map<Sender, double[]> tokens = new HashMap<>();
    private int perHour;

    NewNameBudget(int perHour) {
        this.perHour = perHour;
    }

    void perHour(int newPerHour) {
        perHour = newPerHour;
        tokens.clear();
    }

    /** Takes one name out of the sender's budget, or says that there is none left. */
    boolean take(Sender sender, long nowMillis) {
        if (tokens.size() >= MAX_SENDERS) {
            tokens.clear();
        }
        double[] left = tokens.computeIfAbsent(sender, key -> new double[] {perHour, nowMillis});
        left[0] = Math.min(perHour, left[0] + (nowMillis - left[1]) * perHour / HOUR_MILLIS);
        left[1] = nowMillis;
        if (left[0] < 1) {
            return false;
        }
        left[0]--;
        return true;
    }
}
