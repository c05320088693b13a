package org.loghost.listen;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;

/** A connection that was let in, as the limits see it: whose it is, and how long it has been quiet. */
final class OpenConnection {
    /** Where a channel carries its own. */
    static final AttributeKey<OpenConnection> KEY = AttributeKey.valueOf(OpenConnection.class, "open");

    final InetAddress address;
    final SenderNetwork from;

    /** When something was read last, or it was opened. Written by its event loop, read by the listener's. */
    volatile long lastReadMillis;

    /** Whether {@link TcpConnection} tells its end; otherwise the channel does. For its event loop alone. */
    boolean attached;

    /** Asked to leave for the sake of others. Guarded by its {@link ConnectionTable}. */
    boolean leaving;

    private final Channel channel;

    OpenConnection(Channel channel, InetAddress address, long nowMillis) {
        this.channel = channel;
        this.address = address;
        this.from = SenderNetwork.of(address);
        this.lastReadMillis = nowMillis;
    }

    /** Asks for its orderly end. Any thread. */
    void leave() {
        channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(Leave.NOW));
    }

    /** What a connection is told that must make room for another sender. */
    enum Leave {
        NOW
    }
}
