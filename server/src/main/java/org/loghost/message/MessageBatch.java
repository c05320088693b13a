package org.loghost.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The unit that crosses every seam: one slab of bytes and, per message, offsets into it.
 *
 * <p>A listener fills a batch on its event loop: each read is copied into the slab once, frames are parsed where they
 * lie, and a canonical line that is not already a slice of the frame is rendered behind it. Once handed on, a batch is
 * read-only until every reader has called {@link #release()}; then its pool hands it out again. What an accessor
 * returns is valid until then.
 *
 * <p>One owner thread while filling; any number of readers afterwards (the queue publishes it).
 */
public final class MessageBatch {
    /** Bytes after which a batch counts as full. One read and what is rendered from it may go beyond. */
    public static final int SLAB_BYTES = 256 * 1024;

    /** Messages after which a batch counts as full. */
    public static final int MAX_MESSAGES = 4096;

    /** The text is not all: it was cut at the listener's limit, or its end never came. */
    public static final int TRUNCATED = 1;

    /** The frame did not follow the format it announced; the text is kept whole. */
    public static final int MALFORMED = 2;

    /** No time stamp could be read: the line carries the receive time. */
    public static final int NO_TIMESTAMP = 4;

    /** {@link #deviceMicros} of a message without a usable time stamp of its own. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** Room for the read that makes a batch full, so that the slab need not grow for it. */
    private static final int INITIAL_BYTES = SLAB_BYTES + 96 * 1024;

    private static final int INITIAL_MESSAGES = 2048;

    /** What the arrays hold of one message: nine ints, a short, a byte, two longs and two references. */
    private static final int MESSAGE_BYTES = 63;

    /** The heap that a batch takes while its lines do not grow, in bytes; with arrays for {@link #MAX_MESSAGES}. */
    public static final long BYTES = INITIAL_BYTES + (long) MAX_MESSAGES * MESSAGE_BYTES;

    private final BatchPool pool;
    private byte[] slab = new byte[INITIAL_BYTES];
    private int used;
    private int count;
    private long sequence;

    private int[] lineOffset = new int[INITIAL_MESSAGES];
    private int[] lineLength = new int[INITIAL_MESSAGES];
    private int[] ruleOffset = new int[INITIAL_MESSAGES];
    private int[] ruleLength = new int[INITIAL_MESSAGES];
    private int[] msgIdOffset = new int[INITIAL_MESSAGES];
    private int[] msgIdLength = new int[INITIAL_MESSAGES];
    private int[] dataOffset = new int[INITIAL_MESSAGES];
    private int[] dataLength = new int[INITIAL_MESSAGES];
    private int[] repeat = new int[INITIAL_MESSAGES];
    private short[] pri = new short[INITIAL_MESSAGES];
    private byte[] flags = new byte[INITIAL_MESSAGES];
    private long[] receivedMillis = new long[INITIAL_MESSAGES];
    private long[] deviceMicros = new long[INITIAL_MESSAGES];
    private Host[] host = new Host[INITIAL_MESSAGES];
    private Sender[] sender = new Sender[INITIAL_MESSAGES];

    private final AtomicInteger readers = new AtomicInteger();

    MessageBatch(BatchPool pool) {
        this.pool = pool;
    }

    // ---- filling: one thread

    /** Makes room for {@code length} more bytes and returns where they go; {@link #slab()} may be a new array after. */
    public int reserve(int length) {
        if (slab.length - used < length) {
            growSlab(length);
        }
        return used;
    }

    /** Takes {@code length} reserved bytes into use. */
    public void advance(int length) {
        used += length;
    }

    /** Gives back the bytes behind {@code position}; for what was copied in and turned out not to belong here. */
    public void truncate(int position) {
        used = position;
    }

    /** How many bytes of the slab are in use. */
    public int used() {
        return used;
    }

    /**
     * Adds one message whose line lies in the slab; the other attributes have their defaults until set.
     *
     * @return the message's index, for the setters
     */
    public int add(
            int newLineOffset, int newLineLength, int newPri, Host newHost, Sender newSender, long newReceivedMillis) {
        if (count == pri.length) {
            growArrays();
        }
        int i = count++;
        lineOffset[i] = newLineOffset;
        lineLength[i] = newLineLength;
        ruleOffset[i] = newLineOffset;
        ruleLength[i] = newLineLength;
        msgIdLength[i] = 0;
        dataLength[i] = 0;
        repeat[i] = 1;
        pri[i] = (short) newPri;
        flags[i] = 0;
        receivedMillis[i] = newReceivedMillis;
        deviceMicros[i] = NO_TIME;
        host[i] = newHost;
        sender[i] = newSender;
        return i;
    }

    /** Sets the text that rules match when it is not the line itself (an unwrapped repeat, a Solaris message ID). */
    public void ruleText(int i, int offset, int length) {
        ruleOffset[i] = offset;
        ruleLength[i] = length;
    }

    /** Sets the MSGID as sent (RFC 5424 section 6.2.7). */
    public void msgId(int i, int offset, int length) {
        msgIdOffset[i] = offset;
        msgIdLength[i] = length;
    }

    /** Sets the structured data as sent (RFC 5424 section 6.3). */
    public void structuredData(int i, int offset, int length) {
        dataOffset[i] = offset;
        dataLength[i] = length;
    }

    /** Sets how many events the message stands for ({@code message repeated 5 times}). */
    public void repeat(int i, int times) {
        repeat[i] = times;
    }

    /** Sets the device's own time in microseconds since the epoch. */
    public void deviceMicros(int i, long micros) {
        deviceMicros[i] = micros;
    }

    /** Adds flags, for example {@link #TRUNCATED}. */
    public void flag(int i, int more) {
        flags[i] |= (byte) more;
    }

    /** Whether it is time to hand the batch on. */
    public boolean isFull() {
        return used >= SLAB_BYTES || count >= MAX_MESSAGES;
    }

    // ---- reading: any thread, between hand-over and the last release

    /** The number of messages. */
    public int count() {
        return count;
    }

    /** The bytes all offsets point into; do not change them and do not keep the reference. */
    public byte[] slab() {
        return slab;
    }

    /** Where the canonical line starts; it has no line end and holds no control byte. */
    public int lineOffset(int i) {
        return lineOffset[i];
    }

    /** The canonical line's length in bytes. */
    public int lineLength(int i) {
        return lineLength[i];
    }

    /** Where the text that rules match starts; mostly the line itself. */
    public int ruleOffset(int i) {
        return ruleOffset[i];
    }

    /** The length of the text that rules match. */
    public int ruleLength(int i) {
        return ruleLength[i];
    }

    /** Where the MSGID starts; only when {@link #msgIdLength} is above 0. */
    public int msgIdOffset(int i) {
        return msgIdOffset[i];
    }

    /** The MSGID's length, 0 when there is none. */
    public int msgIdLength(int i) {
        return msgIdLength[i];
    }

    /** Where the structured data starts; only when {@link #structuredDataLength} is above 0. */
    public int structuredDataOffset(int i) {
        return dataOffset[i];
    }

    /** The structured data's length, 0 when there is none. */
    public int structuredDataLength(int i) {
        return dataLength[i];
    }

    /** How many events the message stands for, at least 1. */
    public int repeat(int i) {
        return repeat[i];
    }

    /** The PRI, 0 to 191; see {@link Pri}. */
    public int pri(int i) {
        return pri[i];
    }

    /** Whether a flag is set. */
    public boolean has(int i, int flag) {
        return (flags[i] & flag) != 0;
    }

    /** The server's clock when the bytes were read, in milliseconds since the epoch. */
    public long receivedMillis(int i) {
        return receivedMillis[i];
    }

    /** The device's own time in microseconds since the epoch, or {@link #NO_TIME}. */
    public long deviceMicros(int i) {
        return deviceMicros[i];
    }

    /** The host the message belongs to. */
    public Host host(int i) {
        return host[i];
    }

    /** Where it came from. */
    public Sender sender(int i) {
        return sender[i];
    }

    /** The canonical line as a string, for tests and rare paths. */
    public String line(int i) {
        return new String(slab, lineOffset[i], lineLength[i], StandardCharsets.ISO_8859_1);
    }

    // ---- life

    /** The batch's place in the order of all batches; given by the pipeline when the batch is handed to it. */
    public long sequence() {
        return sequence;
    }

    /** Gives the batch its place and the number of {@link #release()} calls after which it may be reused. */
    public void handOn(long newSequence, int newReaders) {
        sequence = newSequence;
        readers.set(newReaders);
    }

    /** One reader is done; the last one returns the batch to its pool. */
    public void release() {
        if (readers.decrementAndGet() == 0) {
            recycle();
        }
    }

    /** Returns a batch that was never handed on to its pool. What it grew by is given back. */
    public void recycle() {
        used = 0;
        count = 0;
        if (slab.length > INITIAL_BYTES) {
            pool.grew(INITIAL_BYTES - slab.length);
            slab = new byte[INITIAL_BYTES];
        }
        if (pri.length > MAX_MESSAGES) {
            pool.grew((long) (MAX_MESSAGES - pri.length) * MESSAGE_BYTES);
            resizeArrays(MAX_MESSAGES);
        }
        pool.put(this);
    }

    /** By a half of what is needed then: rare, and told to the pool, which gives out fewer batches meanwhile. */
    private void growSlab(int length) {
        int needed = Math.addExact(used, length);
        int size = (int) Math.min(Integer.MAX_VALUE - 8L, needed + needed / 2L);
        pool.grew(size - slab.length);
        slab = Arrays.copyOf(slab, size);
    }

    private void growArrays() {
        int size = pri.length * 2;
        if (size > MAX_MESSAGES) {
            pool.grew((long) (size - pri.length) * MESSAGE_BYTES);
        }
        resizeArrays(size);
    }

    private void resizeArrays(int size) {
        lineOffset = Arrays.copyOf(lineOffset, size);
        lineLength = Arrays.copyOf(lineLength, size);
        ruleOffset = Arrays.copyOf(ruleOffset, size);
        ruleLength = Arrays.copyOf(ruleLength, size);
        msgIdOffset = Arrays.copyOf(msgIdOffset, size);
        msgIdLength = Arrays.copyOf(msgIdLength, size);
        dataOffset = Arrays.copyOf(dataOffset, size);
        dataLength = Arrays.copyOf(dataLength, size);
        repeat = Arrays.copyOf(repeat, size);
        pri = Arrays.copyOf(pri, size);
        flags = Arrays.copyOf(flags, size);
        receivedMillis = Arrays.copyOf(receivedMillis, size);
        deviceMicros = Arrays.copyOf(deviceMicros, size);
        host = Arrays.copyOf(host, size);
        sender = Arrays.copyOf(sender, size);
    }
}
