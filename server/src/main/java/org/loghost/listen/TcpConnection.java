package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.frame.ForeignProtocol;
import org.loghost.frame.StreamFramer;
import org.loghost.message.Sender;

/**
 * One connection: bytes in, frames into the batch. Nothing a sender can write closes it, but TLS, which would wait for an
 * answer. Half frames and idleness are timed by a clock that only goes forward.
 *
 * <p>While its event loop is paused it keeps the bytes of one read at most and reads no more; should it close meanwhile, it
 * ends when there is room again.
 *
 * <p>For its event loop alone.
 */
final class TcpConnection extends ChannelDuplexHandler implements ParkedReader {
    private static final Logger logger = LogManager.getLogger(TcpConnection.class);

    /** How long one that must leave is read on, so that what is on its way arrives. */
    private static final long LEAVE_MILLIS = 1_000;

    private final StreamLoop loop;
    private final Channel channel;
    private final Sender sender;
    private final StreamFramer framer;
    private final FaultLog faults;
    private final OddSenders odd;
    private final OpenConnection open;
    private final ConnectionTable table;
    private final long frameTimeoutMillis;
    private final long idleTimeoutMillis;
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private boolean parked;
    private boolean closed;
    private boolean ended;
    private boolean leaving;
    private long lastReadMillis;
    private long lastReadTick;
    private long toldSkipped;
    private long toldMiscounts;
    private boolean toldForeign;
    private boolean brokenOff;

    TcpConnection(
            StreamLoop loop,
            Channel channel,
            Sender sender,
            StreamFramer framer,
            FaultLog faults,
            OddSenders odd,
            OpenConnection open,
            ConnectionTable table,
            ListenerConfig.Tcp config) {
        this.loop = loop;
        this.channel = channel;
        this.sender = sender;
        this.framer = framer;
        this.faults = faults;
        this.odd = odd;
        this.open = open;
        this.table = table;
        this.frameTimeoutMillis = config.frameTimeout().toMillis();
        this.idleTimeoutMillis = config.idleTimeout().toMillis();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        lastReadMillis = System.currentTimeMillis();
        lastReadTick = StreamLoop.tickMillis();
        open.attached = true;
        loop.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf content = (ByteBuf) message;
        try {
            if (ended) {
                return;
            }
            lastReadMillis = loop.buffer().readMillis();
            lastReadTick = StreamLoop.tickMillis();
            open.lastReadMillis = lastReadMillis;
            if (!parked) {
                loop.filler().stream(framer, content, sender, lastReadMillis, lastReadTick);
            }
            keep(content);
        } finally {
            content.release();
        }
        tellOdds();
        parkIfPaused();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        closed = true;
        if (!parked && !loop.filler().isPaused()) {
            end();
        } else {
            parkIfPaused();
        }
    }

    @Override
    public void goOn() {
        parked = false;
        takeUnread();
        if (unread.isReadable()) {
            parkIfPaused();
        } else if (!closed) {
            channel.config().setAutoRead(true);
        } else if (loop.filler().isPaused()) {
            parkIfPaused();
        } else {
            end();
        }
    }

    /** Takes what is left of a frame as a message; nothing is read afterwards. Not while the loop is paused. */
    void end() {
        if (!ended) {
            ended = true;
            loop.remove(this);
            try {
                takeUnread();
                loop.filler().end(framer, sender, !brokenOff, lastReadMillis);
                tellOdds();
            } finally {
                table.closed(open);
            }
        }
    }

    /** The server stops: takes what is left of a frame as a message, unless the connection had ended before. */
    void stop() {
        brokenOff |= !closed;
        end();
    }

    /** From this side: the sender may have had more to say. Its own orderly close does not pass here. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
        brokenOff = true;
        super.close(context, promise);
    }

    /**
     * Makes room for another sender: the peer is told that this is the end, what it has sent by then is read, and then the
     * connection closes.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == OpenConnection.Leave.NOW && !leaving) {
            leaving = true;
            if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
            closeWhenRead(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void closeWhenRead(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            if (parked) {
                                closeWhenRead(context); // something may lie in the socket
                            } else {
                                context.close();
                            }
                        },
                        LEAVE_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void takeUnread() {
        if (unread.isReadable()) {
            loop.filler().stream(framer, unread, sender, lastReadMillis, lastReadTick);
            tellOdds();
        }
        if (!unread.isReadable()) {
            unread = Unpooled.EMPTY_BUFFER;
        }
    }

    /** The read's buffer is the next read's too: what found no room is copied, behind what is kept already. */
    private void keep(ByteBuf content) {
        if (content.isReadable()) {
            byte[] both = new byte[unread.readableBytes() + content.readableBytes()];
            int kept = unread.readableBytes();
            unread.readBytes(both, 0, kept);
            content.readBytes(both, kept, both.length - kept);
            unread = Unpooled.wrappedBuffer(both);
        }
    }

    private void parkIfPaused() {
        if (!parked && loop.filler().isPaused()) {
            parked = true;
            channel.config().setAutoRead(false);
            loop.filler().park(this);
        }
    }

    private void tellOdds() {
        ForeignProtocol foreign = framer.foreign();
        if (foreign != null && !toldForeign) {
            toldForeign = true;
            odd.speaks(foreign, sender);
            if (foreign == ForeignProtocol.TLS) {
                channel.close();
            }
        }
        if (framer.skipped() > toldSkipped && foreign != ForeignProtocol.TLS) {
            toldSkipped = framer.skipped();
            odd.skipped(sender);
        }
        if (framer.wrongCounts() > toldMiscounts) {
            toldMiscounts = framer.wrongCounts();
            odd.miscounts(sender);
        }
    }

    /** A reset by the peer, mostly; whatever it is, this connection alone is closed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        brokenOff = true;
        if (faults.isDue(sender.addressText(), System.nanoTime())) {
            logger.info(
                    "{}: connection of {} closed: {}",
                    sender.listener().name(),
                    sender.addressText(),
                    cause.toString());
        }
        context.close();
    }

    /**
     * Looks at the clock; every second or so. Half frames that a pause has made old get their time anew.
     *
     * @param pausedTick when the loop was paused last
     */
    void tick(long nowTick, long pausedTick) {
        if (parked) {
            return;
        }
        if (framer.pending() > 0 && nowTick - pausedTick > frameTimeoutMillis) {
            loop.filler().expire(framer, sender, lastReadMillis, nowTick - frameTimeoutMillis);
            tellOdds();
        }
        if (idleTimeoutMillis > 0 && nowTick - Math.max(lastReadTick, pausedTick) > idleTimeoutMillis) {
            channel.close();
        }
    }
}
