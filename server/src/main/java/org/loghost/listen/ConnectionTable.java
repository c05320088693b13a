package org.loghost.listen;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;

/**
 * The connections one listener has open, and who may open one more. A sender is a {@link SenderNetwork}.
 *
 * <p>One sender has a limit of its own, and a tenth of all places is kept for senders that have none open. When all places
 * are taken, the connection that has been quiet longest of the sender with most makes room for a sender that has fewer; so
 * nobody can shut the others out by opening many and leaving them idle. Where every sender has one, a sender without gets
 * the place of one that has been quiet for a minute.
 *
 * <p>Any thread; a few microseconds for each connection that is opened.
 */
final class ConnectionTable {
    private static final int KEPT_PART = 10;
    private static final long QUIET_MILLIS = 60_000;
    private static final long BETWEEN_SEARCHES_MILLIS = 100;

    private final int most;
    private final int mostPerSender;
    private final ServerMetrics metrics;

    private final Map<SenderNetwork, Holder> holders = new HashMap<>();
    /** By how many connections they hold. */
    private final TreeMap<Integer, Set<Holder>> byCount = new TreeMap<>();

    private int open;
    private int leaving;
    private long closedForOthers;
    private long searchedMillis;

    /** One sender's connections, without those that are leaving. */
    private static final class Holder {
        final Set<OpenConnection> connections = new LinkedHashSet<>();
    }

    ConnectionTable(int most, int mostPerSender, ServerMetrics metrics) {
        this.most = most;
        this.mostPerSender = mostPerSender;
        this.metrics = metrics;
    }

    /** Takes a connection in, or gives the count that says why not. */
    @Nullable
    synchronized Count open(OpenConnection connection, long nowMillis) {
        Holder known = holders.get(connection.from);
        int own = known == null ? 0 : known.connections.size();
        if (own >= mostPerSender) {
            return Count.REFUSED_SENDER_CONNECTIONS;
        }
        int places = own == 0 ? most : most - most / KEPT_PART;
        if (open >= places + leaving && !makeRoom(own, nowMillis)) {
            return Count.REFUSED_CONNECTIONS;
        }
        Holder holder = known == null ? new Holder() : known;
        holders.putIfAbsent(connection.from, holder);
        move(holder, () -> holder.connections.add(connection));
        open++;
        metrics.increment(Count.CONNECTIONS_OPENED);
        return null;
    }

    /** A connection that was taken in is closed. */
    synchronized void closed(OpenConnection connection) {
        if (connection.leaving) {
            leaving--;
        } else {
            remove(connection);
        }
        open--;
        metrics.increment(Count.CONNECTIONS_CLOSED);
    }

    /** One connection of the sender that has most, or null when none is open. */
    synchronized @Nullable OpenConnection oneOfTheGreediest() {
        return byCount.isEmpty() ? null : greediest().connections.iterator().next();
    }

    /** How many the sender of this connection has open. */
    synchronized int openOf(OpenConnection connection) {
        Holder holder = holders.get(connection.from);
        return holder == null ? 0 : holder.connections.size();
    }

    /** How many have been closed to make room. */
    synchronized long closedForOthers() {
        return closedForOthers;
    }

    private boolean makeRoom(int own, long nowMillis) {
        if (byCount.isEmpty() || leaving > most / KEPT_PART) {
            return false; // those that leave still have their descriptors
        }
        Holder greediest = greediest();
        OpenConnection quietest = null;
        if (greediest.connections.size() > own + 1) {
            quietest = quietestOf(greediest, null);
        } else if (own == 0 && nowMillis - searchedMillis > BETWEEN_SEARCHES_MILLIS) {
            searchedMillis = nowMillis;
            for (Holder holder : holders.values()) {
                quietest = quietestOf(holder, quietest);
            }
            if (quietest != null && nowMillis - quietest.lastReadMillis < QUIET_MILLIS) {
                quietest = null;
            }
        }
        if (quietest == null) {
            return false;
        }
        remove(quietest);
        quietest.leaving = true;
        leaving++;
        closedForOthers++;
        metrics.increment(Count.CLOSED_FOR_OTHERS);
        quietest.leave();
        return true;
    }

    private Holder greediest() {
        return byCount.lastEntry().getValue().iterator().next();
    }

    private static @Nullable OpenConnection quietestOf(Holder holder, @Nullable OpenConnection soFar) {
        OpenConnection quietest = soFar;
        for (OpenConnection one : holder.connections) {
            if (quietest == null || one.lastReadMillis < quietest.lastReadMillis) {
                quietest = one;
            }
        }
        return quietest;
    }

    private void remove(OpenConnection connection) {
        Holder holder = holders.get(connection.from);
        if (holder != null) {
            move(holder, () -> holder.connections.remove(connection));
            if (holder.connections.isEmpty()) {
                holders.remove(connection.from);
            }
        }
    }

    /** Changes how many a sender holds, and with it its place among the others. */
    private void move(Holder holder, Runnable change) {
        int before = holder.connections.size();
        Set<Holder> peers = byCount.get(before);
        if (peers != null && peers.remove(holder) && peers.isEmpty()) {
            byCount.remove(before);
        }
        change.run();
        int now = holder.connections.size();
        if (now > 0) {
            byCount.computeIfAbsent(now, count -> new LinkedHashSet<>()).add(holder);
        }
    }
}
