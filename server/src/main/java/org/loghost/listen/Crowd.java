package org.loghost.listen;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Tells the operator when one listener's connections reach a limit: one notice for each limit, however many senders are
 * turned away, once a second at most.
 *
 * <p>For the listening socket's event loop alone.
 */
final class Crowd {
    private static final long POST_MILLIS = 1_000;

    private final String listener;
    private final ConnectionTable table;
    private final int most;
    private final int mostPerSender;
    private final String advice;
    private final ServerMetrics metrics;
    private final Notices notices;
    private long postedMillis;
    private long postedSendersMillis;

    /**
     * @param most how many may be open, which the machine's limit of open files may have made fewer than configured
     * @param configured how many the configuration allows
     */
    Crowd(
            String listener,
            ConnectionTable table,
            int most,
            int configured,
            int mostPerSender,
            ServerMetrics metrics,
            Notices notices) {
        this.listener = listener;
        this.table = table;
        this.most = most;
        this.mostPerSender = mostPerSender;
        this.advice = most < configured
                ? "raise the limit of open files: LimitNOFILE in the systemd unit, or ulimit -n"
                : "to accept more, raise max-connections";
        this.metrics = metrics;
        this.notices = notices;
    }

    /** A connection was refused. */
    void refused(Count why, OpenConnection connection, long nowMillis) {
        metrics.increment(why);
        if (why == Count.REFUSED_CONNECTIONS) {
            tellAll(nowMillis);
        } else {
            tellOfSender(connection, nowMillis);
        }
    }

    /** A connection was let in at the cost of another. */
    void madeRoom(long nowMillis) {
        tellAll(nowMillis);
    }

    private void tellAll(long nowMillis) {
        if (nowMillis - postedMillis < POST_MILLIS) {
            return;
        }
        postedMillis = nowMillis;
        @Nullable OpenConnection greedy = table.oneOfTheGreediest();
        String who = greedy == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; most, %,d, are of %s",
                        table.openOf(greedy),
                        SenderNetwork.text(greedy.address));
        notices.post(
                Notice.Topic.OUTSIDERS,
                Notice.Level.WARNING,
                "max-connections " + listener,
                String.format(
                        Locale.ROOT,
                        "%s: all %,d connections that are allowed are open; further ones are refused, or take the"
                                + " place of quiet ones of senders with many (loghost status counts them)%s (%s)",
                        listener,
                        most,
                        who,
                        advice));
    }

    private void tellOfSender(OpenConnection connection, long nowMillis) {
        if (nowMillis - postedSendersMillis < POST_MILLIS) {
            return;
        }
        postedSendersMillis = nowMillis;
        notices.post(
                Notice.Topic.OUTSIDERS,
                Notice.Level.WARNING,
                "max-connections-per-sender " + listener,
                String.format(
                        Locale.ROOT,
                        "%s: connections of senders that have %,d open are refused (loghost status counts them), the"
                                + " latest named is %s (to accept more, raise max-connections-per-sender)",
                        listener,
                        mostPerSender,
                        SenderNetwork.text(connection.address)));
    }
}
