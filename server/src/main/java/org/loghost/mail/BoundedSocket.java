package org.loghost.mail;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The connection to a mail server, in bounds whatever the other side does: an answer has so many octets and so much time
 * as a whole, not from octet to octet, and the dialogue has its end. An answer begins when the last command was written.
 * TLS goes on top of it, so that the bounds hold there too.
 *
 * <p>One thread talks; any thread may {@link #abort}.
 */
final class BoundedSocket extends Socket {
    /** RFC 5321 section 4.5.3.1.5 allows 512 octets a line; a TLS handshake takes more than any list of extensions. */
    static final int LONGEST_ANSWER = 64 << 10;

    private final Duration limit;
    private final long end;
    private Duration answerLimit;
    private long answerEnd;
    private int octets;
    private int peeked = -1;
    private volatile String abortedBecause = "";

    /**
     * Connects to nothing yet.
     *
     * @param limit the time of the whole delivery, to be named
     * @param end when it is over, by {@link System#nanoTime}; the owner aborts what hangs in writing then
     * @param answerLimit the time of each answer
     */
    BoundedSocket(Duration limit, long end, Duration answerLimit) {
        this.limit = limit;
        this.end = end;
        this.answerLimit = answerLimit;
        begin();
    }

    /** Connects; the first answer begins. */
    void connect(InetSocketAddress address, Duration timeout) throws IOException {
        connect(address, (int) timeout.toMillis());
        begin();
    }

    /** How long an answer may take from the next command on. */
    void answerLimit(Duration longest) {
        answerLimit = longest;
    }

    /** Ends the dialogue: whatever it waits for fails, and says why. */
    void abort(String because) {
        abortedBecause = because;
        try {
            close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    boolean isAborted() {
        return !abortedBecause.isEmpty();
    }

    /** The next octet, which stays to be read; -1 when none comes in so much time. */
    int peek(Duration wait) throws IOException {
        if (peeked < 0) {
            setSoTimeout((int) Math.max(1, wait.toMillis()));
            try {
                peeked = super.getInputStream().read();
                octets++;
            } catch (SocketTimeoutException silence) {
                return -1;
            }
            if (peeked < 0) {
                throw new SocketException("the other side has closed the connection");
            }
        }
        return peeked;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Bounded(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    out.write(bytes, offset, length);
                } catch (IOException e) {
                    throw abortedBecause.isEmpty() ? e : new SocketException(abortedBecause);
                }
                begin();
            }
        };
    }

    private void begin() {
        octets = 0;
        answerEnd = System.nanoTime() + answerLimit.toNanos();
    }

    /** Reads in time and in bounds. */
    private final class Bounded extends FilterInputStream {
        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (peeked >= 0) {
                bytes[offset] = (byte) peeked;
                peeked = -1;
                return 1;
            }
            if (octets >= LONGEST_ANSWER) {
                throw new IOException("an answer without end (expected: at most " + LONGEST_ANSWER + " bytes)");
            }
            int read = readInTime(bytes, offset, Math.min(length, LONGEST_ANSWER - octets));
            octets += Math.max(0, read);
            return read;
        }

        private int readInTime(byte[] bytes, int offset, int length) throws IOException {
            long now = System.nanoTime();
            boolean last = end - answerEnd < 0;
            long left = ((last ? end : answerEnd) - now) / 1_000_000;
            try {
                if (left > 0) {
                    setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
                    return in.read(bytes, offset, length);
                }
            } catch (SocketTimeoutException e) {
                // Said below.
            } catch (IOException e) {
                throw abortedBecause.isEmpty() ? e : new SocketException(abortedBecause);
            }
            throw new SocketTimeoutException(
                    last
                            ? "not done within " + RouteNews.text(limit)
                            : "no whole answer within " + RouteNews.text(answerLimit));
        }
    }
}
