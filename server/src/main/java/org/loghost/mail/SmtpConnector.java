package org.loghost.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.loghost.mail.MailConfig.Smtp;

/**
 * Opens connections to one mail server, and finds out whether it speaks TLS where plain text was expected. One thread
 * connects; any thread may abort.
 */
final class SmtpConnector {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** After so much silence a server is asked whether it waits for TLS. */
    private static final Duration SILENCE = Duration.ofSeconds(10);
    /** RFC 8314 section 3.3: TLS from the first byte. */
    private static final int SMTPS_PORT = 465;

    private static final Duration SILENCE_OF_SMTPS_PORT = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final int MOST_ADDRESSES = 4;
    /** RFC 8446 section 5.1: the types of records a server may begin with. */
    private static final int TLS_ALERT = 21;

    private static final int TLS_HANDSHAKE = 22;
    private static final String STOPS = "the server stops";

    private final Smtp config;
    private final SmtpMailer.Limits limits;
    private final Set<BoundedSocket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean aborted;

    SmtpConnector(Smtp config, SmtpMailer.Limits limits) {
        this.config = config;
        this.limits = limits;
    }

    /** Whether a plain connection to this port waits for a greeting that cannot come. */
    static boolean isTlsPort(boolean smtps, int port) {
        return !smtps && port == SMTPS_PORT;
    }

    /** Ends every dialogue in progress, and lets none begin any more. */
    void abort() {
        aborted = true;
        open.forEach(socket -> socket.abort(STOPS));
    }

    /** Nothing is open any more. */
    void ended() {
        open.clear();
    }

    /**
     * Tries the host's addresses in turn.
     *
     * @param end when the delivery is over, by {@link System#nanoTime}
     */
    BoundedSocket connect(long end) throws IOException {
        IOException failure = null;
        int tried = 0;
        for (InetAddress address : InetAddress.getAllByName(config.host())) {
            if (tried++ == MOST_ADDRESSES) {
                break;
            }
            try {
                return connect(address, end, limits.answer());
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure == null) {
            throw new IOException("no address (expected: a name that DNS knows)");
        }
        throw failure;
    }

    /** The address bears the name of the configuration, which the certificate is for, whatever DNS calls it. */
    private BoundedSocket connect(InetAddress address, long end, Duration answer) throws IOException {
        BoundedSocket socket = new BoundedSocket(limits.delivery(), end, answer);
        open.add(socket);
        try {
            if (aborted) { // after the socket is known: one of the two sees the other
                throw new SocketException(STOPS);
            }
            InetAddress named = InetAddress.getByAddress(config.host(), address.getAddress());
            socket.connect(new InetSocketAddress(named, config.port()), CONNECT_TIMEOUT);
            return socket;
        } catch (IOException e) {
            socket.close();
            open.remove(socket);
            throw e;
        }
    }

    /**
     * Waits for the begin of a greeting in plain text. When none comes for a while, the server is asked whether it waits
     * for TLS; when it does not, the greeting may still come.
     */
    Socket greeted(BoundedSocket socket, long end) throws IOException {
        Duration silence = isTlsPort(config.smtps(), config.port()) ? SILENCE_OF_SMTPS_PORT : SILENCE;
        int octet = socket.peek(silence.compareTo(limits.answer()) < 0 ? silence : limits.answer());
        if (octet == TLS_ALERT || octet == TLS_HANDSHAKE || (octet < 0 && speaksTls(socket.getInetAddress(), end))) {
            throw new IOException("the server says nothing in plain text and speaks TLS from the first byte (expected:"
                    + " smtp = \"smtps://" + config.host() + ":" + config.port() + "\")");
        }
        return socket;
    }

    /** Whatever its certificate is worth. */
    private boolean speaksTls(InetAddress address, long end) throws IOException {
        ServerTls tls = new ServerTls(config.host(), null);
        long probeEnd = System.nanoTime() + PROBE.toNanos();
        try (BoundedSocket probe = connect(address, end - probeEnd < 0 ? end : probeEnd, PROBE)) {
            tls.secure(probe);
            return true;
        } catch (IOException e) {
            return tls.shown() != null || String.valueOf(e.getMessage()).contains("fatal alert");
        }
    }
}
