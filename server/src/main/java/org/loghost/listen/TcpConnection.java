package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.frame.StreamFramer;
import org.loghost.message.Sender;

/**
 * One connection: bytes in, frames into the batch. Nothing a sender can write closes it.
 *
 * <p>For its event loop alone.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LogManager.getLogger(TcpConnection.class);

    private final StreamLoop loop;
    private final Channel channel;
    private final Sender sender;
    private final StreamFramer framer;
    private final FaultLog faults;
    private final long frameTimeoutMillis;
    private final long idleTimeoutMillis;
    private long lastReadMillis;
    private boolean ended;

    TcpConnection(
            StreamLoop loop,
            Channel channel,
            Sender sender,
            StreamFramer framer,
            FaultLog faults,
            ListenerConfig.Tcp config) {
        this.loop = loop;
        this.channel = channel;
        this.sender = sender;
        this.framer = framer;
        this.faults = faults;
        this.frameTimeoutMillis = config.frameTimeout().toMillis();
        this.idleTimeoutMillis = config.idleTimeout().toMillis();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        lastReadMillis = System.currentTimeMillis();
        loop.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        BatchFiller filler = loop.filler();
        ByteBuf content = (ByteBuf) message;
        try {
            if (ended) {
                return;
            }
            lastReadMillis = loop.buffer().readMillis();
            filler.stream(framer, content, sender, lastReadMillis);
        } finally {
            content.release();
        }
        if (filler.isPaused()) {
            filler.park(channel);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        loop.remove(this);
        end();
    }

    /** Takes what is left of a frame as a message; nothing is read afterwards. */
    void end() {
        if (!ended) {
            ended = true;
            loop.filler().end(framer, sender, lastReadMillis);
        }
    }

    /** A reset by the peer, mostly; whatever it is, this connection alone is closed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (faults.isDue(sender.addressText(), System.nanoTime())) {
            logger.info(
                    "{}: connection of {} closed: {}",
                    sender.listener().name(),
                    sender.addressText(),
                    cause.toString());
        }
        context.close();
    }

    /** Looks at the clock; every second or so. Half frames that a pause has made old get their time anew. */
    void tick(long nowMillis, long pausedMillis) {
        if (framer.pending() > 0 && nowMillis - pausedMillis > frameTimeoutMillis) {
            loop.filler().expire(framer, sender, lastReadMillis, nowMillis - frameTimeoutMillis);
        }
        if (idleTimeoutMillis > 0 && nowMillis - Math.max(lastReadMillis, pausedMillis) > idleTimeoutMillis) {
            channel.close();
        }
    }
}
