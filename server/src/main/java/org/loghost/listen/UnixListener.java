package org.loghost.listen;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.loghost.message.Listener;

/** A Unix datagram socket such as {@code /dev/log}, on the datagram event loop. Needs epoll. */
final class UnixListener implements OpenSocket {
    /** More than the kernel lets a program send as one datagram by default (net.core.wmem_default). */
    private static final int LARGEST_DATAGRAM = 256 * 1024;

    private final Path path;
    private final Listener listener;
    private final Channel channel;
    private final ReadBuffer buffer;

    private UnixListener(Path path, Listener listener, Channel channel, ReadBuffer buffer) {
        this.path = path;
        this.listener = listener;
        this.channel = channel;
        this.buffer = buffer;
    }

    /** Makes the socket; one that nobody answers at any more is replaced. */
    static UnixListener open(
            ListenerConfig.Unix config, Listener listener, Intake intake, Transport transport, BatchFiller filler)
            throws BindFault {
        if (transport != Transport.EPOLL) {
            throw new BindFault(listener.name()
                    + ": Unix sockets are not available on this platform (expected: Linux with Netty's epoll library,"
                    + " which needs an executable temporary folder; see -Dio.netty.native.workdir)");
        }
        removeLeftOver(config.path(), listener.name(), filler.loop());
        ReadBuffer buffer = ReadBuffer.forDatagrams(filler, readBytes(config.maxMessage()), 1);
        DatagramReader reader = DatagramReader.unix(
                filler,
                buffer,
                config.maxMessage(),
                intake.metrics(),
                new OddSenders(intake.notices()),
                intake.names().sender(listener, null));
        ChannelFuture bound = new Bootstrap()
                .group(filler.loop())
                .channelFactory(EpollDomainDatagramChannel::new)
                .option(ChannelOption.RECVBUF_ALLOCATOR, buffer)
                .handler(reader)
                .bind(new DomainSocketAddress(config.path().toString()))
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            buffer.release();
            throw new BindFault(listener.name() + ": " + cause.getMessage()
                    + " (expected: a path of at most 107 bytes in a folder this user may write to)");
        }
        UnixListener open = new UnixListener(config.path(), listener, bound.channel(), buffer);
        open.permit(config.mode());
        return open;
    }

    /** The memory for one read. */
    static int readBytes(int maxMessage) {
        return Math.max(LARGEST_DATAGRAM, maxMessage + 2);
    }

    @Override
    public OpenListener status() {
        return new OpenListener(listener, new DomainSocketAddress(path.toString()), 0, 0);
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        if (channel.isOpen()) {
            OpenSocket.super.close();
            buffer.release();
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // the next start replaces it
            }
        }
    }

    private void permit(int mode) throws BindFault {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] highestFirst = PosixFilePermission.values();
        for (int i = 0; i < highestFirst.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(highestFirst[i]);
            }
        }
        try {
            Files.setPosixFilePermissions(path, permissions);
        } catch (IOException e) {
            close();
            throw new BindFault(listener.name() + ": cannot set mode " + Integer.toOctalString(mode) + ": " + e);
        }
    }

    private static void removeLeftOver(Path path, String name, EventLoop loop) throws BindFault {
        try {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new BindFault(name + ": something else is there (expected: no file, or a socket left over; a link"
                        + " such as systemd's /dev/log must be taken away first)");
            }
            if (answers(path, loop)) {
                throw new BindFault(name + ": another program listens there (see which: ss -lxp | grep " + path + ")");
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new BindFault(name + ": cannot replace the socket left over: " + e);
        }
    }

    private static boolean answers(Path path, EventLoop loop) {
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channelFactory(EpollDomainDatagramChannel::new)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path.toString()))
                .awaitUninterruptibly();
        boolean answers = connected.isSuccess();
        connected.channel().close().awaitUninterruptibly();
        return answers;
    }
}
