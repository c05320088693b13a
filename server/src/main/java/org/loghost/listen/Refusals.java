package org.loghost.listen;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.loghost.message.AddressText;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Counts who was turned away from one listener and tells the operator; of each address once a second at most, and of
 * {@link #MAX_NAMED} addresses at most until a minute is over, so that a flood of spoofed ones costs little.
 *
 * <p>For one event loop alone.
 */
final class Refusals {
    private static final int MAX_NAMED = 256;
    private static final long FORGET_MILLIS = 60_000;
    private static final long POST_MILLIS = 1_000;

    private final String listener;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Map<InetAddress, Long> posted = new HashMap<>();
    private long since;

    Refusals(String listener, ServerMetrics metrics, Notices notices) {
        this.listener = listener;
        this.metrics = metrics;
        this.notices = notices;
    }

    /** A datagram or connection of an address that is not allowed. */
    void address(InetAddress address, long nowMillis) {
        metrics.increment(Count.REFUSED_ADDRESS);
        if (isDue(address, nowMillis)) {
            notices.postExample(
                    Notice.Topic.OUTSIDERS,
                    Notice.Level.WARNING,
                    "refused " + listener,
                    "refused at " + listener + ", not in its access list (to accept one, add its address or network to"
                            + " allow)",
                    AddressText.of(address));
        }
    }

    private boolean isDue(InetAddress address, long nowMillis) {
        if (nowMillis - since > FORGET_MILLIS) {
            posted.clear();
            since = nowMillis;
        }
        Long last = posted.get(address);
        if (last == null ? posted.size() >= MAX_NAMED : nowMillis - last < POST_MILLIS) {
            return false;
        }
        posted.put(address, nowMillis);
        return true;
    }
}
