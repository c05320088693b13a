package org.loghost.listen;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** One event loop for connections: its batches, its read buffer and the connections it carries. */
final class StreamLoop {
    private static final Logger logger = LogManager.getLogger(StreamLoop.class);

    static final int READ_BYTES = 64 * 1024;
    private static final long TICK_MILLIS = 500;

    private final EventLoop loop;
    private final BatchFiller filler;
    private final ReadBuffer buffer;
    private final Set<TcpConnection> connections = new LinkedHashSet<>();
    private long pausedTick = Long.MIN_VALUE / 2;

    StreamLoop(EventLoop loop, BatchFiller filler) {
        this.loop = loop;
        this.filler = filler;
        this.buffer = ReadBuffer.forStreams(filler, READ_BYTES);
    }

    void open() {
        filler.open();
        loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    BatchFiller filler() {
        return filler;
    }

    ReadBuffer buffer() {
        return buffer;
    }

    /** Milliseconds of a clock that only goes forward, whatever happens to the machine's time. */
    static long tickMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    void add(TcpConnection connection) {
        connections.add(connection);
    }

    void remove(TcpConnection connection) {
        connections.remove(connection);
    }

    /** Takes the half frames that are left and hands the last batch on; when all channels are closed. */
    void finish(long untilNanos) {
        filler.stopPausing(untilNanos);
        for (TcpConnection connection : List.copyOf(connections)) {
            guarded(connection::stop);
        }
        filler.finish();
        buffer.release();
    }

    /** Not while paused, and for a while after: what seems to be missing may stand in a socket that was not read. */
    private void tick() {
        long now = tickMillis();
        if (filler.isPaused()) {
            pausedTick = now;
            return;
        }
        List<TcpConnection> all = new ArrayList<>(connections);
        for (TcpConnection connection : all) {
            if (filler.isPaused()) {
                return; // half frames that expire fill batches too
            }
            guarded(() -> connection.tick(now, pausedTick));
        }
    }

    /** What goes wrong with one connection does not keep the others from being served. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            logger.error("A connection's half frame could not be taken", bug);
        }
    }
}
