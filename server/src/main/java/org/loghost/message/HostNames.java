package org.loghost.message;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells which host a message belongs to. The parser asks; the directory of hosts answers.
 *
 * <p>Called on event loops for every message: answers come from memory, never block, and allocate nothing once a name
 * has been seen. Any thread.
 */
public interface HostNames {

    /** The one {@link Sender} for this address at this listener; starts the look-up of its name when it is new. */
    Sender sender(Listener listener, @Nullable InetAddress address);

    /**
     * The host of a message whose header names one.
     *
     * @param bytes holds the header's HOSTNAME as sent, at {@code offset}, {@code length} bytes long (at least 1)
     * @return never null: a name that may not be used (over the limit of new names) gives the sender's own host, with
     *     that name in its lines
     */
    Host named(Sender sender, byte[] bytes, int offset, int length);

    /**
     * Whether this word is known as a host's name, from headers, the configuration or an earlier run: it may then be one
     * where a sender often leaves the host out. Allocates nothing.
     *
     * @param bytes holds the word as sent, at {@code offset}, {@code length} bytes long (at least 1)
     */
    boolean isKnown(byte[] bytes, int offset, int length);

    /** The host of a message that names none, or null while the sender's name is still being looked up. */
    @Nullable
    Host unnamed(Sender sender);

    /** The host made of the sender's bare address, for lines that waited too long for a name. */
    Host byAddress(Sender sender);
}
