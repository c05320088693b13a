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

/**
 * Stands at the listening socket: closes connections that are not allowed or beyond a limit before anything is read, and
 * keeps the listener alive when the machine has no file descriptor left.
 *
 * <p>For the listening socket's event loop alone.
 */
final class Admission extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LogManager.getLogger(Admission.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final ListenerConfig.Tcp config;
    private final String listener;
    private final AccessList access;
    private final ConnectionLimits limits;
    private final Refusals refusals;
    private final Notices notices;

    Admission(
            ListenerConfig.Tcp config,
            String listener,
            AccessList access,
            ConnectionLimits limits,
            Refusals refusals,
            Notices notices) {
        this.config = config;
        this.listener = listener;
        this.access = access;
        this.limits = limits;
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
        logger.warn("{}", text);
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
        Count refused = limits.opened(address);
        if (refused == null) {
            connection.closeFuture().addListener(closed -> limits.closed(address));
        } else if (refused == Count.REFUSED_CONNECTIONS) {
            refusals.limit(refused, address, now, "max-connections", config.maxConnections());
        } else {
            refusals.limit(refused, address, now, "max-connections-per-sender", config.maxConnectionsPerSender());
        }
        return refused == null;
    }
}
