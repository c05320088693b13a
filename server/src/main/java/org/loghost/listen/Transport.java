package org.loghost.listen;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** Which of Netty's transports carries the sockets: epoll where it loads, NIO otherwise. Stateless. */
enum Transport {
    EPOLL {
        @Override
        IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        ChannelFactory<DatagramChannel> datagramChannels(SocketProtocolFamily family) {
            return () -> new EpollDatagramChannel(family);
        }

        @Override
        ChannelFactory<ServerChannel> serverChannels(SocketProtocolFamily family) {
            return () -> new EpollServerSocketChannel(family);
        }
    },
    NIO {
        @Override
        IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        ChannelFactory<DatagramChannel> datagramChannels(SocketProtocolFamily family) {
            return () -> new NioDatagramChannel(family);
        }

        @Override
        ChannelFactory<ServerChannel> serverChannels(SocketProtocolFamily family) {
            return () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
        }
    };

    static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    abstract IoHandlerFactory handlers();

    abstract ChannelFactory<DatagramChannel> datagramChannels(SocketProtocolFamily family);

    abstract ChannelFactory<ServerChannel> serverChannels(SocketProtocolFamily family);
}
