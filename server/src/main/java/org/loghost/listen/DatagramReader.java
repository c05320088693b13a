package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Seldom;
import org.loghost.metrics.ServerMetrics;

/**
 * Takes datagrams off a UDP or Unix socket: one datagram is one message, never split; empty ones are counted. While the
 * event loop is paused, those of one read wait in the read's buffer, and the next ones in the kernel's.
 *
 * <p>For the event loop alone.
 */
final class DatagramReader extends ChannelInboundHandlerAdapter implements ParkedReader {
    private static final Logger logger = LogManager.getLogger(DatagramReader.class);

    private final BatchFiller filler;
    private final ReadBuffer buffer;
    private final int maxMessage;
    private final ServerMetrics metrics;
    private final OddSenders odd;
    private final @Nullable SenderCache senders;
    private final @Nullable Refusals refusals;
    private final @Nullable Sender local;
    private final Deque<Object> unread = new ArrayDeque<>();
    private final Seldom faultLog = new Seldom();
    private long unreadMillis;
    private boolean parked;
    private @Nullable Channel channel;

    private DatagramReader(
            BatchFiller filler,
            ReadBuffer buffer,
            int maxMessage,
            ServerMetrics metrics,
            OddSenders odd,
            @Nullable SenderCache senders,
            @Nullable Refusals refusals,
            @Nullable Sender local) {
        this.filler = filler;
        this.buffer = buffer;
        this.maxMessage = maxMessage;
        this.metrics = metrics;
        this.odd = odd;
        this.senders = senders;
        this.refusals = refusals;
        this.local = local;
    }

    static DatagramReader udp(
            BatchFiller filler,
            ReadBuffer buffer,
            int maxMessage,
            ServerMetrics metrics,
            OddSenders odd,
            SenderCache senders,
            Refusals refusals) {
        return new DatagramReader(filler, buffer, maxMessage, metrics, odd, senders, refusals, null);
    }

    static DatagramReader unix(
            BatchFiller filler,
            ReadBuffer buffer,
            int maxMessage,
            ServerMetrics metrics,
            OddSenders odd,
            Sender local) {
        return new DatagramReader(filler, buffer, maxMessage, metrics, odd, null, null, local);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (filler.isPaused() || !unread.isEmpty()) {
            unread.add(message);
            unreadMillis = buffer.readMillis();
        } else {
            take(message, buffer.readMillis());
        }
        parkIfPaused();
    }

    @Override
    public void goOn() {
        parked = false;
        while (!unread.isEmpty() && !filler.isPaused()) {
            take(unread.remove(), unreadMillis);
        }
        parkIfPaused();
        if (!parked && channel != null) {
            channel.config().setAutoRead(true);
        }
    }

    private void parkIfPaused() {
        if (!parked && filler.isPaused() && channel != null) {
            parked = true;
            channel.config().setAutoRead(false);
            filler.park(this);
        }
    }

    private void take(Object message, long millis) {
        try {
            if (message instanceof DatagramPacket packet) {
                udp(packet, millis);
            } else if (message instanceof DomainDatagramPacket packet && local != null) {
                take(packet.content(), local, millis);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void udp(DatagramPacket packet, long millis) {
        InetAddress address = packet.sender().getAddress();
        Sender sender = senders == null ? null : senders.sender(address);
        if (sender != null) {
            take(packet.content(), sender, millis);
        } else if (refusals != null) {
            refusals.address(address, millis);
        }
    }

    private void take(ByteBuf content, Sender sender, long millis) {
        if (content.isReadable()) {
            if (filler.datagram(content, sender, millis, maxMessage)) {
                odd.countsDatagrams(sender);
            }
        } else {
            metrics.increment(Count.EMPTY);
        }
    }

    /** A socket fault, such as an ICMP answer to nothing, never closes the listener. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        long times = faultLog.due(1, System.nanoTime());
        if (times > 0) {
            logger.warn("{}: {} ({} times)", context.channel().localAddress(), cause.toString(), times);
        }
    }
}
