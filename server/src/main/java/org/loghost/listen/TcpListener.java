package org.loghost.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import org.loghost.frame.StreamFramer;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

/** One listening TCP socket; its connections are spread over the stream event loops. */
final class TcpListener implements OpenSocket {
    private static final int BACKLOG = 1_024;

    private final Listener listener;
    private final Channel channel;

    private TcpListener(Listener listener, Channel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    /**
     * Binds the socket.
     *
     * @param most how many connections may be open, at most as many as configured
     */
    static TcpListener open(
            ListenerConfig.Tcp config,
            int most,
            Listener listener,
            Intake intake,
            Transport transport,
            StreamLoops loops)
            throws BindFault {
        ConnectionTable table = new ConnectionTable(most, config.maxConnectionsPerSender(), intake.metrics());
        Crowd crowd = new Crowd(
                listener.name(),
                table,
                most,
                config.maxConnections(),
                config.maxConnectionsPerSender(),
                intake.metrics(),
                intake.notices());
        AccessList access = AccessList.of(config.allow());
        Refusals refusals = new Refusals(listener.name(), intake.metrics(), intake.notices());
        Connections connections = new Connections(config, listener, intake, loops, table);
        Channel channel = Ports.bind(
                listener.name(),
                BindAddress.parse(config.bind()),
                (where, family) -> bind(
                        transport,
                        loops,
                        where,
                        family,
                        new Admission(listener.name(), access, table, crowd, refusals, intake.notices()),
                        connections));
        return new TcpListener(listener, channel);
    }

    @Override
    public OpenListener status() {
        return new OpenListener(listener, channel.localAddress(), 0, 0);
    }

    @Override
    public Channel channel() {
        return channel;
    }

    private static ChannelFuture bind(
            Transport transport,
            StreamLoops loops,
            BindAddress where,
            SocketProtocolFamily family,
            Admission admission,
            Connections connections) {
        return new ServerBootstrap()
                .group(loops.group())
                .channelFactory(transport.serverChannels(family))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .handler(admission)
                .childHandler(connections)
                .bind(where.toSocketAddress());
    }

    /** Gives each admitted connection its framer and its event loop's read buffer. */
    private static final class Connections extends ChannelInitializer<Channel> {
        private final ListenerConfig.Tcp config;
        private final Listener listener;
        private final Intake intake;
        private final StreamLoops loops;
        private final ConnectionTable table;
        private final FaultLog faults = new FaultLog();
        private final OddSenders odd;

        Connections(
                ListenerConfig.Tcp config, Listener listener, Intake intake, StreamLoops loops, ConnectionTable table) {
            this.table = table;
            this.config = config;
            this.listener = listener;
            this.intake = intake;
            this.loops = loops;
            this.odd = new OddSenders(intake.notices());
        }

        @Override
        protected void initChannel(Channel channel) {
            StreamLoop loop = loops.of(channel);
            loop.filler().accepted();
            OpenConnection open = channel.attr(OpenConnection.KEY).get();
            Sender sender = intake.names().sender(listener, open.address);
            StreamFramer framer = new StreamFramer(config.maxMessage(), loops.partials());
            channel.config().setRecvByteBufAllocator(loop.buffer());
            channel.pipeline()
                    .addLast(new TcpConnection(loop, channel, sender, framer, faults, odd, open, table, config));
            loops.connections().add(channel);
        }
    }
}
