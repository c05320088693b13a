package org.loghost.listen;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;

/** How many connections one listener has open, in all and per sender. Any thread. */
final class ConnectionLimits {
    private final int most;
    private final int mostPerSender;
    private final ServerMetrics metrics;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> bySender = new ConcurrentHashMap<>();

    ConnectionLimits(int most, int mostPerSender, ServerMetrics metrics) {
        this.most = most;
        this.mostPerSender = mostPerSender;
        this.metrics = metrics;
    }

    /** Takes a connection in, or gives the count that says why not. */
    @Nullable
    Count opened(InetAddress address) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return Count.REFUSED_CONNECTIONS;
        }
        if (bySender.merge(address, 1, Integer::sum) > mostPerSender) {
            bySender.merge(address, -1, ConnectionLimits::sumOrNothing);
            open.decrementAndGet();
            return Count.REFUSED_SENDER_CONNECTIONS;
        }
        metrics.increment(Count.CONNECTIONS_OPENED);
        return null;
    }

    /** A connection that was taken in is closed. */
    void closed(InetAddress address) {
        open.decrementAndGet();
        bySender.merge(address, -1, ConnectionLimits::sumOrNothing);
        metrics.increment(Count.CONNECTIONS_CLOSED);
    }

    private static @Nullable Integer sumOrNothing(Integer count, Integer more) {
        int sum = count + more;
        return sum == 0 ? null : sum;
    }
}
