package org.loghost.listen;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

/**
 * The senders of one datagram listener by address: answers for a known sender without allocating. A cache of fixed size;
 * when the few places an address may stand in are taken, the newest address takes one over, so that neither a flood of
 * addresses nor addresses chosen to collide make it larger or slower.
 *
 * <p>For the event loop alone.
 */
final class SenderCache {
    private static final int PLACES = 8;

    private final AccessList access;
    private final HostNames names;
    private final Listener listener;
    private final @Nullable InetAddress[] addresses;
    private final @Nullable Sender[] senders;
    private int turn;

    /** @param bits the cache has 2 to the power of {@code bits} entries */
    SenderCache(AccessList access, HostNames names, Listener listener, int bits) {
        this.access = access;
        this.names = names;
        this.listener = listener;
        this.addresses = new InetAddress[(1 << bits) + PLACES];
        this.senders = new Sender[(1 << bits) + PLACES];
    }

    /** The sender with this address, or null when it may not send. */
    @Nullable
    Sender sender(InetAddress address) {
        int hash = address.hashCode() * 0x9E3779B9;
        int first = hash >>> (1 + Integer.numberOfLeadingZeros(addresses.length - PLACES));
        for (int i = first; i < first + PLACES; i++) {
            InetAddress known = addresses[i];
            if (known == null) {
                return learn(address, i);
            }
            if (known.equals(address)) {
                return senders[i];
            }
        }
        return learn(address, first + (turn++ & (PLACES - 1)));
    }

    private @Nullable Sender learn(InetAddress address, int place) {
        if (!access.allows(address)) {
            return null; // not kept: spoofed addresses must not push the known ones out
        }
        Sender sender = names.sender(listener, address);
        addresses[place] = address;
        senders[place] = sender;
        return sender;
    }
}
