package org.loghost.listen;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.message.Listener;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;

/**
 * One UDP socket on the datagram event loop. Several datagrams are read by one call (recvmmsg) where epoll is used; what
 * the kernel dropped is read from the socket every second.
 */
final class UdpListener implements OpenSocket {
    private static final Logger logger = LogManager.getLogger(UdpListener.class);

    /** The most that a datagram's 16-bit length can say, so that the default limit takes each one whole. */
    private static final int LARGEST_DATAGRAM = 65_535;

    private static final int DATAGRAMS_PER_READ = 64;
    private static final int PAGE = 4096;
    /** What a usual datagram takes, in whole cache lines. */
    private static final int DATAGRAM_LINES = 5 * 64;

    private static final int SENDER_CACHE_BITS = 16;
    private static final IntegerUnixChannelOption SO_RCVBUFFORCE =
            new IntegerUnixChannelOption("SO_RCVBUFFORCE", 1, 33); // SOL_SOCKET; socket(7)

    private final ListenerConfig.Udp config;
    private final Listener listener;
    private final Intake intake;
    private final Channel channel;
    private final ReadBuffer buffer;
    private final KernelDrops drops;
    private final int granted;

    private UdpListener(
            ListenerConfig.Udp config, Listener listener, Intake intake, Channel channel, ReadBuffer buffer) {
        this.config = config;
        this.listener = listener;
        this.intake = intake;
        this.channel = channel;
        this.buffer = buffer;
        this.drops = new KernelDrops(channel);
        this.granted = grantedReceiveBuffer(channel);
    }

    /** Binds the socket. */
    static UdpListener open(
            ListenerConfig.Udp config, Listener listener, Intake intake, Transport transport, BatchFiller filler)
            throws BindFault {
        AccessList access = AccessList.of(config.allow());
        BindAddress address = BindAddress.parse(config.bind());
        int payload = payload(config.maxMessage());
        ReadBuffer buffer =
                ReadBuffer.forDatagrams(filler, payload, transport == Transport.EPOLL ? DATAGRAMS_PER_READ : 1);
        SenderCache senders = new SenderCache(access, intake.names(), listener, SENDER_CACHE_BITS);
        OddSenders odd = new OddSenders(intake.notices());
        Refusals refusals = new Refusals(listener.name(), intake.metrics(), intake.notices());
        try {
            Channel channel = Ports.bind(
                    listener.name(),
                    address,
                    (where, family) -> bind(
                            transport,
                            filler.loop(),
                            where,
                            family,
                            DatagramReader.udp(
                                    filler, buffer, config.maxMessage(), intake.metrics(), odd, senders, refusals),
                            buffer,
                            payload));
            askForReceiveBuffer(channel, config.receiveBuffer());
            UdpListener open = new UdpListener(config, listener, intake, channel, buffer);
            open.tellReceiveBuffer();
            return open;
        } catch (BindFault | RuntimeException e) {
            buffer.release();
            throw e;
        }
    }

    /** The memory for one read. */
    static int readBytes(int maxMessage) {
        return payload(maxMessage) * DATAGRAMS_PER_READ;
    }

    private static int payload(int maxMessage) {
        return spread(Math.min(LARGEST_DATAGRAM, maxMessage + 2)); // two more show what is too long
    }

    @Override
    public OpenListener status() {
        return new OpenListener(listener, channel.localAddress(), config.receiveBuffer(), granted);
    }

    @Override
    public Channel channel() {
        return channel;
    }

    /** Adds what the kernel dropped since the last call to the counts; on the event loop, every second. */
    void countDrops() {
        long more = drops.more();
        if (more > 0) {
            intake.metrics().add(Count.LOST_KERNEL, more);
            intake.notices()
                    .post(
                            Notice.Level.WARNING,
                            "kernel drops " + listener.name(),
                            "datagrams were lost at " + listener.name() + ": the kernel's receive buffer (" + granted
                                    + " bytes) was full (raise net.core.rmem_max and receive-buffer, or let the loudest"
                                    + " hosts send by TCP)");
        }
    }

    @Override
    public void close() {
        if (channel.isOpen()) {
            channel.eventLoop().submit(this::countDrops).awaitUninterruptibly(1, TimeUnit.SECONDS);
            OpenSocket.super.close();
            buffer.release();
        }
    }

    /**
     * At least so many bytes. The datagrams of one read lie so far apart: were it nearly a power of two, all would share
     * the same few lines of the processor's caches and push each other out.
     */
    private static int spread(int bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE + DATAGRAM_LINES;
    }

    private static ChannelFuture bind(
            Transport transport,
            EventLoop loop,
            BindAddress where,
            SocketProtocolFamily family,
            DatagramReader reader,
            ReadBuffer buffer,
            int payload) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.datagramChannels(family))
                .option(ChannelOption.RECVBUF_ALLOCATOR, buffer)
                .handler(reader);
        if (transport == Transport.EPOLL) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, payload);
            bootstrap.option(EpollChannelOption.UDP_GRO, false); // it lost messages silently
        }
        return bootstrap.bind(where.toSocketAddress());
    }

    private static void askForReceiveBuffer(Channel channel, int bytes) {
        channel.config().setOption(ChannelOption.SO_RCVBUF, bytes);
        if (channel instanceof EpollDatagramChannel && grantedReceiveBuffer(channel) < bytes) {
            try {
                channel.config().setOption(SO_RCVBUFFORCE, bytes);
            } catch (RuntimeException e) {
                logger.debug("no right to go beyond net.core.rmem_max: {}", e.toString());
            }
        }
    }

    /** In the measure it was asked in: the kernel doubles the number for its own overhead, and NIO halves it back. */
    private static int grantedReceiveBuffer(Channel channel) {
        int bytes = channel.config().getOption(ChannelOption.SO_RCVBUF);
        return channel instanceof EpollDatagramChannel ? bytes / 2 : bytes;
    }

    private void tellReceiveBuffer() {
        if (granted < config.receiveBuffer()) {
            logger.info(
                    "{}: the kernel granted a receive buffer of {} bytes (asked: {}; to allow more: sysctl"
                            + " net.core.rmem_max={})",
                    listener.name(),
                    granted,
                    config.receiveBuffer(),
                    config.receiveBuffer());
        }
    }
}
