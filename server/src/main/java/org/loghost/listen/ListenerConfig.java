package org.loghost.listen;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code [[listen]]} of the configuration: a sum type, so that an option a kind does not have cannot be set. */
public sealed interface ListenerConfig {
    /** {@code max-message}: 64 KiB. */
    int DEFAULT_MAX_MESSAGE = 64 * 1024;

    /** {@code max-message}: the longest text kept of one message, in bytes; what is beyond is cut and marked. */
    int maxMessage();

    /** {@code trust-sender}: name the host by its sender even when the header names one. */
    boolean trustSender();

    /** {@code zone}: the zone of time stamps without one; null for the server's own. */
    @Nullable
    ZoneId zone();

    /**
     * {@code kind = "udp"}.
     *
     * @param bind address and port as in {@code [::]:514}; {@code [::]} means IPv4 too, and IPv4 alone where IPv6 is off
     * @param allow networks in CIDR notation that may send; empty for the default (loopback, private, link-local and
     *     the machine's own on-link prefixes)
     * @param receiveBuffer {@code receive-buffer}: bytes asked of the kernel
     */
    record Udp(
            String bind,
            List<String> allow,
            int maxMessage,
            boolean trustSender,
            @Nullable ZoneId zone,
            int receiveBuffer)
            implements ListenerConfig {
        /** {@code receive-buffer}: 64 MiB, as far as the kernel grants it. */
        public static final int DEFAULT_RECEIVE_BUFFER = 64 * 1024 * 1024;

        /** All defaults. */
        public static Udp at(String bind) {
            return new Udp(bind, List.of(), DEFAULT_MAX_MESSAGE, false, null, DEFAULT_RECEIVE_BUFFER);
        }
    }

    /**
     * {@code kind = "tcp"}.
     *
     * @param bind as for {@link Udp}
     * @param allow as for {@link Udp}
     * @param maxConnections {@code max-connections}: in all
     * @param maxConnectionsPerSender {@code max-connections-per-sender}: of one address
     * @param frameTimeout {@code frame-timeout}: after which half a frame is taken as a message
     * @param idleTimeout {@code idle-timeout}: closes a quiet connection; zero for never
     */
    record Tcp(
            String bind,
            List<String> allow,
            int maxMessage,
            boolean trustSender,
            @Nullable ZoneId zone,
            int maxConnections,
            int maxConnectionsPerSender,
            Duration frameTimeout,
            Duration idleTimeout)
            implements ListenerConfig {
        /** {@code max-connections}: 10,000. */
        public static final int DEFAULT_MAX_CONNECTIONS = 10_000;
        /** {@code max-connections-per-sender}: 1,000. */
        public static final int DEFAULT_MAX_CONNECTIONS_PER_SENDER = 1_000;
        /** {@code frame-timeout}: 60 s. */
        public static final Duration DEFAULT_FRAME_TIMEOUT = Duration.ofSeconds(60);

        /** All defaults. */
        public static Tcp at(String bind) {
            return new Tcp(
                    bind,
                    List.of(),
                    DEFAULT_MAX_MESSAGE,
                    false,
                    null,
                    DEFAULT_MAX_CONNECTIONS,
                    DEFAULT_MAX_CONNECTIONS_PER_SENDER,
                    DEFAULT_FRAME_TIMEOUT,
                    Duration.ZERO);
        }
    }

    /**
     * {@code kind = "unix"}: a datagram socket such as {@code /dev/log}.
     *
     * @param path where the socket is made; one that is left over from before is replaced
     * @param mode {@code mode}: permissions in octal, for example 0666
     */
    record Unix(
            Path path,
            int maxMessage,
            boolean trustSender,
            @Nullable ZoneId zone,
            int mode) implements ListenerConfig {
        /** {@code mode}: anyone on the machine may log. */
        public static final int DEFAULT_MODE = 0666;

        /** All defaults. */
        public static Unix at(Path path) {
            return new Unix(path, DEFAULT_MAX_MESSAGE, false, null, DEFAULT_MODE);
        }
    }
}
