package org.loghost;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.message.BatchPool;
import org.loghost.message.BatchSink;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;
import org.loghost.parse.MessageWriter;

/**
 * Puts the server's own events into the stream as lines of its own host, so that they stand in its archive and in the
 * one report. The text begins with a level, {@code info:}, {@code warning:} or {@code error:}, which the rules go by.
 *
 * <p>Any thread; rare events only.
 */
final class OwnEvents {
    private static final Logger logger = LogManager.getLogger(OwnEvents.class);

    /** Facility syslog (RFC 5424 section 6.2.1). */
    private static final int FACILITY = 5 << 3;

    private final BatchPool pool = new BatchPool(2);
    private final MessageWriter writer;
    private final BatchSink sink;
    private final ServerMetrics metrics;
    private final Clock clock;
    private final Sender sender;
    private final long pid = ProcessHandle.current().pid();

    OwnEvents(HostNames names, ZoneId zone, BatchSink sink, ServerMetrics metrics, Clock clock) {
        this.writer = new MessageWriter(names, zone);
        this.sink = sink;
        this.metrics = metrics;
        this.clock = clock;
        this.sender = names.sender(new Listener("internal", Listener.Kind.INTERNAL, true, zone), null);
    }

    /** Severity info: everything is as it should be. */
    void info(String text) {
        logger.info("{}", text);
        write(6, "info: " + text);
    }

    /** Severity warning: somebody should look. */
    void warning(String text) {
        logger.warn("{}", text);
        write(4, "warning: " + text);
    }

    private synchronized void write(int severity, String text) {
        byte[] frame =
                ("<" + (FACILITY | severity) + ">loghost[" + pid + "]: " + text).getBytes(StandardCharsets.UTF_8);
        MessageBatch batch = pool.poll();
        if (batch == null) {
            // Both batches are still in flight: the event stands in the server's own log, and nothing may wait here.
            return;
        }
        int offset = batch.reserve(frame.length);
        System.arraycopy(frame, 0, batch.slab(), offset, frame.length);
        batch.advance(frame.length);
        writer.writeNow(batch, offset, frame.length, sender, clock.millis(), 0);
        metrics.increment(Count.RECEIVED);
        metrics.add(Count.RECEIVED_BYTES, frame.length);
        sink.accept(batch);
    }
}
