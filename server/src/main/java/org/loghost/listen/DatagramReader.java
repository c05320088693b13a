package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;

/**
 * Takes datagrams off a UDP or Unix socket: one datagram is one message, never split; empty ones are counted.
 *
 * <p>For the event loop alone.
 */
final class DatagramReader extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LogManager.getLogger(DatagramReader.class);

    private final BatchFiller filler;
    private final ReadBuffer buffer;
    private final int maxMessage;
    private final ServerMetrics metrics;
    private final @Nullable SenderCache senders;
    private final @Nullable Refusals refusals;
    private final @Nullable Sender local;

    private DatagramReader(
            BatchFiller filler,
            ReadBuffer buffer,
            int maxMessage,
            ServerMetrics metrics,
            @Nullable SenderCache senders,
            @Nullable Refusals refusals,
            @Nullable Sender local) {
        this.filler = filler;
        this.buffer = buffer;
        this.maxMessage = maxMessage;
        this.metrics = metrics;
        this.senders = senders;
        this.refusals = refusals;
        this.local = local;
    }

    static DatagramReader udp(
            BatchFiller filler,
            ReadBuffer buffer,
            int maxMessage,
            ServerMetrics metrics,
            SenderCache senders,
            Refusals refusals) {
        return new DatagramReader(filler, buffer, maxMessage, metrics, senders, refusals, null);
    }

    static DatagramReader unix(
            BatchFiller filler, ReadBuffer buffer, int maxMessage, ServerMetrics metrics, Sender local) {
        return new DatagramReader(filler, buffer, maxMessage, metrics, null, null, local);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof DatagramPacket packet) {
                udp(packet);
            } else if (message instanceof DomainDatagramPacket packet && local != null) {
                take(packet.content(), local);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        if (filler.isPaused()) {
            filler.park(context.channel());
        }
    }

    private void udp(DatagramPacket packet) {
        InetAddress address = packet.sender().getAddress();
        Sender sender = senders == null ? null : senders.sender(address);
        if (sender != null) {
            take(packet.content(), sender);
        } else if (refusals != null) {
            refusals.address(address, buffer.readMillis());
        }
    }

    private void take(ByteBuf content, Sender sender) {
        if (content.isReadable()) {
            filler.datagram(content, sender, buffer.readMillis(), maxMessage);
        } else {
            metrics.increment(Count.EMPTY);
        }
    }

    /** A socket fault, such as an ICMP answer to nothing, never closes the listener. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        logger.warn("{}: {}", context.channel().localAddress(), cause.toString());
    }
}
