package org.loghost.listen;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/** One bound socket of a listener and what belongs to it. {@link ListenerGroup} closes it; closing twice is harmless. */
interface OpenSocket {
    /** As {@code status} shows it. */
    OpenListener status();

    /** The bound channel. */
    Channel channel();

    /** Closes the socket and waits until that is done; not for an event loop. */
    default void close() {
        channel().close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
