package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.frame.FrameReceiver;
import org.loghost.frame.MessageLimit;
import org.loghost.frame.StreamFramer;
import org.loghost.message.BatchPool;
import org.loghost.message.BatchSink;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;
import org.loghost.parse.MessageWriter;

/**
 * Fills batches with what one event loop reads. Each read is copied once into the current batch, framed and parsed where
 * it lies; a batch is handed on when it is full, and {@link #HAND_ON_MILLIS} after its first message at the latest.
 *
 * <p>A batch is handed on only when the pool has another one to go on with. When it has none and the current one is
 * full, the loop is paused: channels that read once more are parked, that is not read until a batch comes back. What such
 * a last read brings still goes into the current batch, so that nothing is lost.
 *
 * <p>Lines that wait for their sender's name stand aside in a {@link WaitingRoom} meanwhile.
 *
 * <p>For its event loop alone.
 */
final class BatchFiller implements FrameReceiver {
    private static final Logger logger = LogManager.getLogger(BatchFiller.class);

    /** How long a message waits at most for others to fill its batch. */
    static final long HAND_ON_MILLIS = 5;

    private static final long RETRY_MILLIS = 50;
    private static final byte[] NO_REGION = new byte[0];

    private final EventLoop loop;
    private final BatchPool pool;
    private final BatchSink sink;
    private final MessageWriter writer;
    private final ServerMetrics metrics;
    private final long nameWaitNanos;
    private final WaitingRoom waiting;

    private final List<Channel> parked = new ArrayList<>();
    private final AtomicBoolean waking = new AtomicBoolean();
    private final Runnable handOnDue = this::handOnDue;
    private final Runnable retryDue = this::retryDue;
    private final Runnable resume = this::resume;
    private final WaitingRoom.Attempt attempt = this::attempt;

    private @Nullable MessageBatch current;
    private volatile boolean paused;
    private boolean handOnScheduled;
    private boolean retryScheduled;

    // The read under way.
    private @Nullable Sender sender;
    private long readMillis;
    private long arrivals;
    private byte[] region = NO_REGION;

    // Counted here, per batch added to the server's counts.
    private long received;
    private long receivedBytes;
    private long empty;
    private long truncated;

    BatchFiller(
            EventLoop loop,
            BatchPool pool,
            BatchSink sink,
            MessageWriter writer,
            ServerMetrics metrics,
            Duration nameWait,
            int waitingBytes) {
        this.loop = loop;
        this.pool = pool;
        this.sink = sink;
        this.writer = writer;
        this.metrics = metrics;
        this.nameWaitNanos = nameWait.toNanos();
        this.waiting = new WaitingRoom(waitingBytes);
    }

    /** Takes the first batch; before the first read. */
    void open() {
        current = pool.poll();
        if (current == null) {
            throw new IllegalStateException(
                    "no batch left in the pool (expected: one more than there are event loops)");
        }
        pool.onReturn(this::wake);
    }

    EventLoop loop() {
        return loop;
    }

    /** Takes one datagram, which is one message. */
    void datagram(ByteBuf content, Sender from, long millis, int maxMessage) {
        arrivals++;
        int length = content.readableBytes();
        int kept = Math.min(length, maxMessage + 2);
        begin(from, millis);
        MessageBatch batch = batch();
        int at = batch.reserve(kept);
        content.readBytes(batch.slab(), at, kept);
        batch.advance(kept);
        if (kept <= maxMessage) {
            write(at, kept, 0);
        } else {
            write(
                    at,
                    maxMessage,
                    MessageLimit.losesText(batch.slab(), at, kept, maxMessage) ? MessageBatch.TRUNCATED : 0);
        }
        handOnIfFull();
    }

    /** Takes what was read from a connection. */
    void stream(StreamFramer framer, ByteBuf content, Sender from, long millis) {
        arrivals++;
        int length = content.readableBytes();
        begin(from, millis);
        MessageBatch batch = batch();
        int count = batch.count();
        int at = batch.reserve(length);
        region = batch.slab();
        content.readBytes(region, at, length);
        batch.advance(length);
        framer.read(region, at, length, millis, this);
        region = NO_REGION;
        if (batch.count() == count) {
            batch.truncate(at); // all of it is kept elsewhere, or skipped
        }
        handOnIfFull();
    }

    /** A connection is at its end: what is left of a frame is a message. */
    void end(StreamFramer framer, Sender from, long millis) {
        begin(from, millis);
        framer.end(this);
        handOnIfFull();
    }

    /** Takes a half frame that began before {@code beforeMillis} as a message. */
    void expire(StreamFramer framer, Sender from, long millis, long beforeMillis) {
        begin(from, millis);
        if (framer.expire(beforeMillis, this)) {
            metrics.increment(Count.EXPIRED_FRAMES);
            handOnIfFull();
        }
    }

    /** Whether there is no room now; a channel that reads nevertheless has to {@link #park}. */
    boolean isPaused() {
        return paused;
    }

    /** Stops reading from a channel until there is room again. */
    void park(Channel channel) {
        if (channel.config().isAutoRead()) {
            channel.config().setAutoRead(false);
            parked.add(channel);
        }
    }

    /** A connection came in: what it brings has still to be read. */
    void accepted() {
        arrivals++;
    }

    /** Reads and new connections so far. */
    long arrivals() {
        return arrivals;
    }

    /** Writes every waiting line and hands the last batch on; nothing may be read afterwards. */
    void finish() {
        MessageBatch last = current;
        if (last == null) {
            return;
        }
        waiting.flush(attempt);
        current = null;
        paused = false;
        if (last.count() > 0) {
            give(last);
        } else {
            count();
            last.recycle();
        }
    }

    /** A frame of the read under way: in the batch already, or kept from an earlier read. */
    @Override
    public void frame(byte[] bytes, int offset, int length, int flags) {
        if (bytes == region) {
            write(offset, length, flags);
        } else {
            write(copy(bytes, offset, length), length, flags);
        }
    }

    private void begin(Sender from, long millis) {
        sender = from;
        readMillis = millis;
        scheduleHandOn();
    }

    private int copy(byte[] bytes, int offset, int length) {
        MessageBatch batch = batch();
        int at = batch.reserve(length);
        System.arraycopy(bytes, offset, batch.slab(), at, length);
        batch.advance(length);
        return at;
    }

    private void write(int at, int length, int flags) {
        Sender from = sender();
        if (length == 0) {
            empty++;
            return;
        }
        if (!waiting.isEmpty()) {
            letEarlierLinesPass(from);
        }
        switch (writer.write(batch(), at, length, from, readMillis, flags)) {
            case WRITTEN -> countReceived(length, flags);
            case EMPTY -> empty++;
            case NAME_PENDING -> {
                countReceived(length, flags);
                letWait(at, length, flags, from);
            }
        }
    }

    private void countReceived(int length, int flags) {
        received++;
        receivedBytes += length;
        if ((flags & MessageBatch.TRUNCATED) != 0) {
            truncated++;
        }
    }

    /** The name may have come since the last retry: what was received earlier goes first. */
    private void letEarlierLinesPass(Sender from) {
        if (from.host() != null && waiting.holds(from)) {
            waiting.retry(from, System.nanoTime(), false, attempt);
        }
    }

    private void letWait(int at, int length, int flags, Sender from) {
        MessageBatch batch = batch();
        long deadline = System.nanoTime() + nameWaitNanos;
        if (!waiting.add(from, batch.slab(), at, length, flags, readMillis, deadline)) {
            waiting.retry(from, deadline, true, attempt);
            writer.writeNow(batch, at, length, from, readMillis, flags);
        } else if (!retryScheduled) {
            retryScheduled = true;
            loop.schedule(retryDue, Math.min(RETRY_MILLIS, nameWaitMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private long nameWaitMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nameWaitNanos);
    }

    private boolean attempt(WaitingRoom.Line line, boolean now) {
        int length = line.bytes().length;
        int at = copy(line.bytes(), 0, length);
        if (now) {
            writer.writeNow(batch(), at, length, line.sender(), line.receivedMillis(), line.flags());
            return true;
        }
        if (writer.write(batch(), at, length, line.sender(), line.receivedMillis(), line.flags())
                == MessageWriter.Result.NAME_PENDING) {
            batch().truncate(at);
            return false;
        }
        return true;
    }

    private void retryDue() {
        retryScheduled = false;
        if (current == null || waiting.isEmpty()) {
            return;
        }
        if (!paused) {
            waiting.retry(System.nanoTime(), attempt);
            scheduleHandOn();
            handOnIfFull();
        }
        if (!waiting.isEmpty()) {
            retryScheduled = true;
            loop.schedule(retryDue, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void handOnDue() {
        handOnScheduled = false;
        MessageBatch batch = current;
        if (batch == null) {
            return;
        }
        if (batch.count() == 0) {
            count();
        } else if (!handOn()) {
            scheduleHandOn(); // no other batch to go on with: this one is filled on
        }
    }

    private void scheduleHandOn() {
        if (!handOnScheduled) {
            handOnScheduled = true;
            loop.schedule(handOnDue, HAND_ON_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void handOnIfFull() {
        MessageBatch batch = batch();
        if (!batch.isFull()) {
            return;
        }
        if (batch.count() == 0) {
            batch.truncate(0);
        } else if (!handOn() && !paused) {
            paused = true;
            handOn(); // a batch that came back before the line above woke nobody
        }
    }

    private boolean handOn() {
        MessageBatch next = pool.poll();
        if (next == null) {
            return false;
        }
        MessageBatch full = batch();
        current = next;
        give(full);
        if (paused) {
            unpark();
        }
        return true;
    }

    private void unpark() {
        paused = false;
        for (Channel channel : parked) {
            channel.config().setAutoRead(true);
        }
        parked.clear();
    }

    private void give(MessageBatch full) {
        count();
        countMalformed(full);
        sink.accept(full);
    }

    private void countMalformed(MessageBatch full) {
        int malformed = 0;
        for (int i = 0; i < full.count(); i++) {
            if (full.has(i, MessageBatch.MALFORMED)) {
                malformed++;
            }
        }
        metrics.add(Count.MALFORMED, malformed);
    }

    /** Adds to the server's counts what was counted here. */
    private void count() {
        metrics.add(Count.RECEIVED, received);
        metrics.add(Count.RECEIVED_BYTES, receivedBytes);
        metrics.add(Count.EMPTY, empty);
        metrics.add(Count.TRUNCATED, truncated);
        received = 0;
        receivedBytes = 0;
        empty = 0;
        truncated = 0;
    }

    /** On the thread that returned a batch. */
    private void wake() {
        if (paused && waking.compareAndSet(false, true)) {
            try {
                loop.execute(resume);
            } catch (RejectedExecutionException e) {
                logger.debug("a batch came back after the stop");
            }
        }
    }

    private void resume() {
        waking.set(false);
        if (paused && current != null) {
            handOn();
        }
    }

    private MessageBatch batch() {
        MessageBatch batch = current;
        if (batch == null) {
            throw new IllegalStateException("not open");
        }
        return batch;
    }

    private Sender sender() {
        Sender from = sender;
        if (from == null) {
            throw new IllegalStateException("no read under way");
        }
        return from;
    }
}
