package org.loghost.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.Seldom;

/**
 * Stands at the listening socket: closes connections that are not allowed or beyond a limit before anything is read, and
 * keeps the listener alive when the machine has no file descriptor left.
 *
 * <p>For the listening socket's event loop alone.
 */
final class Admission extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LogManager.getLogger(Admission.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final String listener;
    private final AccessList access;
    private final ConnectionTable table;
    private final Crowd crowd;
    private final Refusals refusals;
    private final Notices notices;
    private final Seldom acceptLog = new Seldom();

    Admission(
            String listener,
            AccessList access,
            ConnectionTable table,
            Crowd crowd,
            Refusals refusals,
            Notices notices) {
        this.listener = listener;
        this.access = access;
        this.table = table;
        this.crowd = crowd;
        this.refusals = refusals;
        this.notices = notices;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel connection = (Channel) message;
        if (isAdmitted(connection)) {
            context.fireChannelRead(connection);
        } else {
            connection.unsafe().closeForcibly();
        }
    }

    /** Out of file descriptors, mostly: accepting again at once would only spin. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        String text = listener + ": cannot accept connections: " + cause.getMessage()
                + " (if there are too many open files, raise LimitNOFILE in the systemd unit)";
        long times = acceptLog.due(1, System.nanoTime());
        if (times > 0) {
            logger.warn("{} ({} times)", text, times);
        }
        notices.post(Notice.Level.WARNING, "accept " + listener, text);
        ChannelConfig server = context.channel().config();
        server.setAutoRead(false);
        context.executor().schedule(() -> server.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private boolean isAdmitted(Channel connection) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
            return false; // gone before it could be looked at
        }
        InetAddress address = remote.getAddress();
        long now = System.currentTimeMillis();
        if (!access.allows(address)) {
            refusals.address(address, now);
            return false;
        }
        OpenConnection open = new OpenConnection(connection, address, now);
        long closedBefore = table.closedForOthers();
        Count refused = table.open(open, now);
        if (refused != null) {
            crowd.refused(refused, open, now);
            return false;
        }
        if (table.closedForOthers() > closedBefore) {
            crowd.madeRoom(now);
        }
        connection.attr(OpenConnection.KEY).set(open);
        connection.closeFuture().addListener(closed -> {
            if (!open.attached) {
                table.closed(open);
            }
        });
        return true;
    }
}
