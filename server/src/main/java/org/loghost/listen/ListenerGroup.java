package org.loghost.listen;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.frame.PartialFrames;
import org.loghost.message.BatchPool;
import org.loghost.message.Listener;
import org.loghost.parse.MessageWriter;

/**
 * All listeners of one server and the event loops they run on: one loop for datagrams, one or more for connections.
 *
 * <p>{@link #start}, {@link #stop} and {@link #close} belong to one thread; the rest is for any, once started.
 */
public final class ListenerGroup implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(ListenerGroup.class);

    /** Between two looks at what was read: a sender whose window was closed needs a moment to send on. */
    private static final long QUIET_MILLIS = 100;

    private static final Duration BACKLOG_TIME = Duration.ofMillis(300);

    /** How long a stop waits for batches to come back, for what was read and found no room. */
    private static final Duration LAST_BATCHES = Duration.ofSeconds(2);

    private final List<ListenerConfig> configs;
    private final Intake intake;
    private final ListenOptions options;
    private final Transport transport;

    private final List<OpenSocket> sockets = new ArrayList<>();
    private final List<BatchFiller> fillers = new ArrayList<>();
    private final List<EventLoopGroup> groups = new ArrayList<>();
    private volatile List<OpenListener> listeners = List.of();
    private @Nullable BatchFiller datagramFiller;
    private @Nullable StreamLoops streams;

    /** Nothing is opened before {@link #start}. */
    public ListenerGroup(List<ListenerConfig> configs, Intake intake, ListenOptions options) {
        this(configs, intake, options, Transport.best());
    }

    ListenerGroup(List<ListenerConfig> configs, Intake intake, ListenOptions options, Transport transport) {
        this.configs = List.copyOf(configs);
        this.intake = intake;
        this.options = options;
        this.transport = transport;
    }

    /** Loads the network library, which the first listener would do otherwise; for speed, any thread. */
    public static void load() {
        logger.debug("transport: {}", Transport.best());
    }

    /**
     * Opens all listeners, or none.
     *
     * @throws ListenException when one or more cannot be opened; its message names each, and how to allow it
     */
    public void start() {
        List<String> faults = new ArrayList<>();
        boolean onlyPermission = true;
        for (ListenerConfig config : configs) {
            try {
                sockets.add(open(config));
            } catch (BindFault e) {
                faults.add(e.getMessage());
                onlyPermission &= e.permissionDenied();
            } catch (IllegalArgumentException e) {
                faults.add(name(config) + ": " + e.getMessage());
                onlyPermission = false;
            }
        }
        if (!faults.isEmpty()) {
            stop();
            throw new ListenException(faults, onlyPermission);
        }
        listeners = sockets.stream().map(OpenSocket::status).toList();
        listeners.forEach(
                open -> logger.debug("listening: {} ({})", open.listener().name(), open.address()));
    }

    /** What is open, in the order of the configurations. */
    public List<OpenListener> listeners() {
        return listeners;
    }

    /** Where the listeners are bound, in the order of the configurations; ports chosen by the kernel are told. */
    public List<SocketAddress> boundAddresses() {
        return listeners.stream().map(OpenListener::address).toList();
    }

    /**
     * Stops in two phases. No new connections, and what the sockets already hold is read, until nothing comes any more
     * or {@link ListenOptions#drain} is over. Then everything is closed, half frames and waiting lines are written, and
     * the last batches are handed on: when this returns, the sink has got all there is.
     */
    public void stop() {
        if (!sockets.isEmpty()) {
            awaitQuiet(BACKLOG_TIME); // whoever waits to be accepted comes in
            for (OpenSocket socket : sockets) {
                if (socket instanceof TcpListener) {
                    socket.close();
                }
            }
            awaitQuiet(options.drain());
        }
        closeSockets();
        finishLoops();
    }

    /** {@link #stop()}; once more does nothing. */
    @Override
    public void close() {
        stop();
    }

    private OpenSocket open(ListenerConfig config) throws BindFault {
        if (config instanceof ListenerConfig.Tcp tcp) {
            Listener listener = listener(config, Listener.Kind.TCP);
            return TcpListener.open(tcp, places(tcp), listener, intake, transport, streams());
        }
        BatchFiller filler = datagrams();
        if (config instanceof ListenerConfig.Udp udp) {
            Listener listener = listener(config, Listener.Kind.UDP);
            UdpListener open = UdpListener.open(udp, listener, intake, transport, filler);
            filler.loop().scheduleWithFixedDelay(open::countDrops, 1, 1, TimeUnit.SECONDS);
            return open;
        }
        Listener listener = listener(config, Listener.Kind.UNIX);
        return UnixListener.open((ListenerConfig.Unix) config, listener, intake, transport, filler);
    }

    /** What of all places falls to one listener: what it is configured to have, or an equal share of what others leave. */
    private int places(ListenerConfig.Tcp tcp) {
        List<Integer> wanted = new ArrayList<>();
        for (ListenerConfig config : configs) {
            if (config instanceof ListenerConfig.Tcp one) {
                wanted.add(one.maxConnections());
            }
        }
        wanted.sort(null);
        int left = options.connections();
        for (int i = 0; i < wanted.size(); i++) {
            int share = left / (wanted.size() - i);
            if (wanted.get(i) > share) {
                return Math.max(1, Math.min(share, tcp.maxConnections()));
            }
            left -= wanted.get(i);
        }
        return tcp.maxConnections();
    }

    private Listener listener(ListenerConfig config, Listener.Kind kind) {
        return new Listener(
                name(config), kind, config.trustSender(), config.zone() == null ? options.zone() : config.zone());
    }

    private static String name(ListenerConfig config) {
        if (config instanceof ListenerConfig.Udp udp) {
            return "udp " + udp.bind();
        }
        if (config instanceof ListenerConfig.Tcp tcp) {
            return "tcp " + tcp.bind();
        }
        return "unix " + ((ListenerConfig.Unix) config).path();
    }

    private BatchFiller datagrams() {
        if (datagramFiller == null) {
            EventLoop loop = newGroup(1, "loghost-datagrams").next();
            datagramFiller = newFiller(loop, intake.datagramBatches());
            datagramFiller.open();
        }
        return datagramFiller;
    }

    private StreamLoops streams() {
        if (streams == null) {
            EventLoopGroup group = newGroup(options.streamLoops(), "loghost-streams");
            Map<EventLoop, StreamLoop> byLoop = new LinkedHashMap<>();
            for (EventExecutor executor : group) {
                EventLoop loop = (EventLoop) executor;
                StreamLoop stream = new StreamLoop(loop, newFiller(loop, intake.streamBatches()));
                stream.open();
                byLoop.put(loop, stream);
            }
            streams = new StreamLoops(
                    group,
                    byLoop,
                    new PartialFrames(options.partialFrameBytes()),
                    new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
        }
        return streams;
    }

    private EventLoopGroup newGroup(int loops, String name) {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(name, true), transport.handlers());
        groups.add(group);
        return group;
    }

    private BatchFiller newFiller(EventLoop loop, BatchPool pool) {
        BatchFiller filler = new BatchFiller(
                loop,
                pool,
                intake.sink(),
                new MessageWriter(intake.names(), options.zone()),
                intake.metrics(),
                options.nameWait(),
                options.waitingBytes());
        fillers.add(filler);
        return filler;
    }

    /** Waits until the loops, having looked at all sockets again, found nothing new; at most so long. */
    private void awaitQuiet(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        List<Long> before = List.of();
        List<Long> now = arrivals();
        while (!now.equals(before) && System.nanoTime() < deadline) {
            before = now;
            now = arrivals();
        }
    }

    /**
     * How much each loop has read, a moment from now; never the same twice while a loop waits for a batch. The time is
     * the loop's own: a scheduled task comes after a look at the sockets, however slow the loop is, while the time of
     * the last read would tell more about the machine's load than about the sockets.
     */
    private List<Long> arrivals() {
        List<Future<Long>> later = new ArrayList<>();
        for (BatchFiller filler : fillers) {
            later.add(filler.loop()
                    .schedule(
                            () -> filler.isPaused() ? -System.nanoTime() : filler.arrivals(),
                            QUIET_MILLIS,
                            TimeUnit.MILLISECONDS));
        }
        List<Long> arrivals = new ArrayList<>();
        for (Future<Long> one : later) {
            Long count = one.awaitUninterruptibly().getNow();
            arrivals.add(count == null ? 0 : count); // null: the loop has ended
        }
        return arrivals;
    }

    private void closeSockets() {
        sockets.forEach(OpenSocket::close);
        sockets.clear();
        if (streams != null) {
            streams.connections().close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    private static void await(Future<?> last) {
        last.awaitUninterruptibly();
        if (!last.isSuccess()) {
            logger.error("The last lines of a listener could not be handed on", last.cause());
        }
    }

    private void finishLoops() {
        long until = System.nanoTime() + LAST_BATCHES.toNanos();
        if (streams != null) {
            streams.byLoop().forEach((loop, stream) -> await(loop.submit(() -> stream.finish(until))));
            streams = null;
        }
        if (datagramFiller != null) {
            BatchFiller filler = datagramFiller;
            await(filler.loop().submit(() -> {
                filler.stopPausing(until);
                filler.finish();
            }));
            datagramFiller = null;
        }
        fillers.clear();
        groups.forEach(group -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS));
        groups.forEach(group -> group.terminationFuture().awaitUninterruptibly(5, TimeUnit.SECONDS));
        groups.clear();
    }
}
