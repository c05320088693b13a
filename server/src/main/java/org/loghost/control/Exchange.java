package org.loghost.control;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One question and its answer on one connection, every wait bounded.
 *
 * <pre>
 * question:  STATUS-JSON LF            at most 64 bytes
 * answer:    ("ok" | "failed") SP LENGTH LF TEXT   LENGTH bytes of UTF-8
 * </pre>
 *
 * <p>One thread. Closes the channel it was given.
 */
final class Exchange implements Closeable {
    static final int LONGEST_LINE = 64;
    /** A hundred thousand hosts at 160 bytes each. */
    static final int LONGEST_ANSWER = 16 << 20;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    private Exchange(SocketChannel channel, Selector selector, SelectionKey key) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
    }

    static Exchange over(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        Selector selector = Selector.open();
        return new Exchange(channel, selector, channel.register(selector, 0));
    }

    /** A line without its LF. */
    String readLine(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            readFully(one.clear(), deadline);
            char c = (char) (one.get(0) & 0xFF);
            if (c == '\n') {
                return line.toString();
            }
            line.append(c);
        }
        throw new IOException("line too long (expected: at most " + LONGEST_LINE + " bytes)");
    }

    String readText(int bytes, Duration limit) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(bytes);
        readFully(text, System.nanoTime() + limit.toNanos());
        return new String(text.array(), StandardCharsets.UTF_8);
    }

    /** The limit is for each pause of the reader, so that a long answer reaches a slow one. */
    void write(String text, Duration limit) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    private void readFully(ByteBuffer into, long deadline) throws IOException {
        while (into.hasRemaining()) {
            int read = channel.read(into);
            if (read < 0) {
                throw new EOFException("the other side closed the connection");
            }
            if (read == 0) {
                await(SelectionKey.OP_READ, deadline);
            }
        }
    }

    private void await(int operation, long deadline) throws IOException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        key.interestOps(operation);
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
