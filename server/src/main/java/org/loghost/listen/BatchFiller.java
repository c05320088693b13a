package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.frame.CountedDatagram;
import org.loghost.frame.FrameReceiver;
import org.loghost.frame.MessageLimit;
import org.loghost.frame.StreamFramer;
import org.loghost.message.BatchPool;
import org.loghost.message.BatchSink;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.ServerMetrics;
import org.loghost.parse.MessageWriter;

/**
 * Fills batches with what one event loop reads. Each read is copied once into the current batch, framed and parsed where
 * it lies; a batch is handed on when it is full, and {@link #HAND_ON_MILLIS} after its first message at the latest.
 *
 * <p>A batch is handed on only when the pool has another one to go on with. When it has none and the current one is
 * full, the loop is paused: who reads nevertheless keeps what came, {@linkplain #park parks}, and is told to go on when a
 * batch comes back. A batch therefore grows by no more than one datagram, or {@link #PIECE} bytes of a connection and one
 * half frame, beyond what makes it full, however many are ready to read: that bounds the memory, see
 * {@link #mostGrowth}.
 *
 * <p>Lines that wait for their sender's name stand aside in a {@link WaitingRoom} meanwhile.
 *
 * <p>For its event loop alone.
 */
final class BatchFiller implements FrameReceiver {
    private static final Logger logger = LogManager.getLogger(BatchFiller.class);

    /** How long a message waits at most for others to fill its batch. */
    static final long HAND_ON_MILLIS = 5;

    /**
     * What a connection has read is taken in pieces of about so many bytes, with a look at the room in between: each byte
     * may be a line of its own, and then more than a hundred bytes in the batch.
     */
    static final int PIECE = 16 * 1024;

    /** How far before its end a piece is searched for a line feed to end at, so that few lines are cut in two. */
    private static final int NEAR_END = 1024;

    /** A stop that gets no other batch fills the last one so far and gives up the rest. */
    private static final int LAST_BYTES = 8 * 1024 * 1024;

    /** The heap a message of one byte may take: stamp, a name of 200 bytes, and its place in the arrays. */
    private static final int SHORTEST_LINE = 300;

    /** No frame that is found inside a half frame is shorter: {@code 1 <1>}. */
    private static final int SHORTEST_FRAME = 5;

    /**
     * How many times its length a long message may take: as received, decoded from UTF-16, and escaped both as the line
     * and as what rules match or as structured data.
     */
    private static final int MESSAGE_GROWTH = 16;

    private static final long RETRY_MILLIS = 50;
    private static final byte[] NO_REGION = new byte[0];

    private final EventLoop loop;
    private final BatchPool pool;
    private final BatchSink sink;
    private final MessageWriter writer;
    private final FillCounts counts;
    private final long nameWaitNanos;
    private final WaitingRoom waiting;

    private final Deque<ParkedReader> parked = new ArrayDeque<>();
    private final AtomicBoolean waking = new AtomicBoolean();
    private final Runnable handOnDue = this::handOnDue;
    private final Runnable retryDue = this::retryDue;
    private final Runnable resume = this::resume;
    private final WaitingRoom.Attempt attempt = this::attempt;

    private @Nullable MessageBatch current;
    private volatile boolean paused;
    private boolean handOnScheduled;
    private boolean retryScheduled;

    /** Until when a stop waits for batches; 0 before the stop. */
    private long stopNanos;

    private boolean stopping;

    // The read under way.
    private @Nullable Sender sender;
    private long readMillis;
    private long arrivals;
    private byte[] region = NO_REGION;

    /** Waiting lines are written whether there is room or not. */
    private boolean forced;

    /** No read is under way: the batch may be changed for another. */
    private boolean betweenReads;

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
        this.counts = new FillCounts(metrics);
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

    /**
     * Takes one datagram, which is one message; or as many as it has counted frames.
     *
     * @return whether it was counted
     */
    boolean datagram(ByteBuf content, Sender from, long millis, int maxMessage) {
        arrivals++;
        int length = content.readableBytes();
        int kept = Math.min(length, maxMessage + 2);
        begin(from, millis);
        MessageBatch batch = batch();
        int at = batch.reserve(kept);
        content.readBytes(batch.slab(), at, kept);
        batch.advance(kept);
        int text = Math.min(kept, maxMessage);
        int flags = MessageLimit.losesText(batch.slab(), at, kept, maxMessage) ? MessageBatch.TRUNCATED : 0;
        boolean counted = CountedDatagram.isCounted(batch.slab(), at, text);
        if (counted) {
            region = batch.slab();
            CountedDatagram.frames(region, at, text, flags, this);
            region = NO_REGION;
        } else {
            write(at, text, flags);
        }
        handOnIfFull();
        return counted;
    }

    /**
     * Takes what was read from a connection; what is left of {@code content} then finds no room now.
     *
     * @param millis the server's clock
     * @param tickMillis a clock that only goes forward; for {@link #expire}
     */
    void stream(StreamFramer framer, ByteBuf content, Sender from, long millis, long tickMillis) {
        arrivals++;
        long skipped = framer.skipped();
        while (content.isReadable() && !paused) {
            piece(framer, content, from, millis, tickMillis);
        }
        counts.skipped(framer.skipped() - skipped);
    }

    private void piece(StreamFramer framer, ByteBuf content, Sender from, long millis, long tickMillis) {
        int length = pieceLength(content);
        begin(from, millis);
        MessageBatch batch = batch();
        int count = batch.count();
        int at = batch.reserve(length);
        region = batch.slab();
        content.readBytes(region, at, length);
        batch.advance(length);
        framer.read(region, at, length, tickMillis, this);
        region = NO_REGION;
        if (batch.count() == count) {
            batch.truncate(at); // all of it is kept elsewhere, or skipped
        }
        handOnIfFull();
    }

    private static int pieceLength(ByteBuf content) {
        int all = content.readableBytes();
        if (all <= PIECE) {
            return all;
        }
        int end = content.readerIndex() + PIECE;
        int found = content.indexOf(end, end - NEAR_END, (byte) '\n');
        return found < 0 ? PIECE : found + 1 - content.readerIndex();
    }

    /**
     * A connection is at its end: what is left of a frame is a message. Not while paused.
     *
     * @param bySender whether the sender closed it in order
     */
    void end(StreamFramer framer, Sender from, boolean bySender, long millis) {
        begin(from, millis);
        long skipped = framer.skipped();
        framer.end(bySender, this);
        counts.skipped(framer.skipped() - skipped);
        handOnIfFull();
    }

    /** Takes a half frame that began before {@code beforeTickMillis} as a message. Not while paused. */
    void expire(StreamFramer framer, Sender from, long millis, long beforeTickMillis) {
        begin(from, millis);
        long skipped = framer.skipped();
        if (framer.expire(beforeTickMillis, this)) {
            counts.expired();
            counts.skipped(framer.skipped() - skipped);
            handOnIfFull();
        }
    }

    /** By how many bytes at most a batch grows beyond its first size, at a longest message of so many bytes. */
    static long mostGrowth(int maxMessage) {
        long pieces = PIECE / 2L * SHORTEST_LINE;
        long halfFrame = (long) maxMessage * Math.max(MESSAGE_GROWTH, SHORTEST_LINE / SHORTEST_FRAME);
        return (pieces + halfFrame) * 3 / 2;
    }

    /** Whether there is no room now: what is read nevertheless is kept by who read it, who then {@link #park}s. */
    boolean isPaused() {
        return paused;
    }

    /** Lets a reader wait until there is room again; once until it is told to go on. */
    void park(ParkedReader reader) {
        parked.add(reader);
    }

    /** A connection came in: what it brings has still to be read. */
    void accepted() {
        arrivals++;
    }

    /** Reads and new connections so far. */
    long arrivals() {
        return arrivals;
    }

    /**
     * The stop begins: nothing pauses any more. Whoever needs another batch waits for it here, until then at most.
     *
     * @param untilNanos by {@link System#nanoTime()}
     */
    void stopPausing(long untilNanos) {
        stopping = true;
        stopNanos = untilNanos;
        goOn();
    }

    /** Takes what parked readers keep, writes every waiting line and hands the last batch on; nothing may be read then. */
    void finish() {
        MessageBatch last = current;
        if (last == null) {
            return;
        }
        goOn();
        betweenReads = true;
        waiting.flush(attempt);
        betweenReads = false;
        last = batch();
        current = null;
        paused = false;
        if (last.count() > 0) {
            give(last);
        } else {
            counts.add(last);
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
            counts.empty();
            return;
        }
        if (isLost()) {
            counts.received(length, flags);
            counts.lost();
            return;
        }
        if (!waiting.isEmpty() && !letEarlierLinesPass(from)) {
            counts.received(length, flags);
            letWait(at, length, flags, from);
            return;
        }
        switch (writer.write(batch(), at, length, from, readMillis, flags)) {
            case WRITTEN -> counts.received(length, flags);
            case EMPTY -> counts.empty();
            case NAME_PENDING -> {
                counts.received(length, flags);
                letWait(at, length, flags, from);
            }
        }
    }

    /** The name may have come since the last retry: what was received earlier goes first. False when it found no room. */
    private boolean letEarlierLinesPass(Sender from) {
        if (from.host() == null || !waiting.holds(from)) {
            return true;
        }
        waiting.retry(from, System.nanoTime(), attempt);
        return !waiting.holds(from);
    }

    private void letWait(int at, int length, int flags, Sender from) {
        MessageBatch batch = batch();
        long deadline = System.nanoTime() + nameWaitNanos;
        if (!waiting.add(from, batch.slab(), at, length, flags, readMillis, deadline)) {
            forced = true; // one line in for about one line out
            waiting.makeRoom(from, length, attempt);
            forced = false;
            if (!waiting.add(from, batch.slab(), at, length, flags, readMillis, deadline)) {
                countEmpty(writer.writeNow(batch, at, length, from, readMillis, flags), length);
                return;
            }
        }
        if (!retryScheduled) {
            retryScheduled = true;
            loop.schedule(retryDue, Math.min(RETRY_MILLIS, nameWaitMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private long nameWaitMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nameWaitNanos);
    }

    private boolean attempt(WaitingRoom.Line line, boolean now) {
        if (isLost()) {
            counts.lost();
            return true;
        }
        if (batch().isFull() && !forced && !makeRoom()) {
            return false;
        }
        int length = line.bytes().length;
        int at = copy(line.bytes(), 0, length);
        if (now) {
            countEmpty(
                    writer.writeNow(batch(), at, length, line.sender(), line.receivedMillis(), line.flags()), length);
            return true;
        }
        MessageWriter.Result result =
                writer.write(batch(), at, length, line.sender(), line.receivedMillis(), line.flags());
        if (result == MessageWriter.Result.NAME_PENDING) {
            batch().truncate(at);
            return false;
        }
        countEmpty(result, length);
        return true;
    }

    /** A line that waited unread, and turns out to hold nothing but its end. */
    private void countEmpty(MessageWriter.Result result, int length) {
        if (result == MessageWriter.Result.EMPTY) {
            counts.wasEmpty(length);
        }
    }

    /** Another batch for waiting lines, but not in the middle of a read, whose bytes lie in this one. */
    private boolean makeRoom() {
        if (!betweenReads) {
            return false;
        }
        if (stopping) {
            handOnIfFull();
            return true;
        }
        return handOn();
    }

    /** A stop that got no more batches: the last one is as long as it may become. */
    private boolean isLost() {
        return stopping && batch().used() >= LAST_BYTES;
    }

    private void retryDue() {
        retryScheduled = false;
        if (current == null || waiting.isEmpty()) {
            return;
        }
        if (!paused) {
            betweenReads = true;
            waiting.retry(System.nanoTime(), attempt);
            betweenReads = false;
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
            counts.add(batch);
        } else if (!handOn()) {
            scheduleHandOn(); // no other batch to go on with: this one is filled on
        } else if (paused) {
            goOn();
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
        } else if (!handOn() && !stopping) {
            paused = true;
            if (handOn()) { // a batch that came back before the line above woke nobody
                paused = false;
            }
        }
    }

    private boolean handOn() {
        MessageBatch next = stopping ? awaitBatch() : pool.poll();
        if (next == null) {
            return false;
        }
        MessageBatch full = batch();
        current = next;
        give(full);
        return true;
    }

    private @Nullable MessageBatch awaitBatch() {
        try {
            return pool.take(stopNanos - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void give(MessageBatch full) {
        counts.add(full);
        sink.accept(full);
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
        if (current != null && paused && (!batch().isFull() || handOn())) {
            goOn();
        }
    }

    /** Parked readers go on, as long as there is room. */
    private void goOn() {
        paused = false;
        for (int i = parked.size(); i > 0 && !paused; i--) {
            parked.remove().goOn();
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
