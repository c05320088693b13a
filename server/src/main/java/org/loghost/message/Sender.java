package org.loghost.message;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where messages come from: one address at one listener. There is one instance per pair, handed out by
 * {@link HostNames#sender}, so that what is learned about a sender is learned once.
 *
 * <p>Safe for any thread; the host is published by a volatile write.
 */
public final class Sender {
    private final Listener listener;
    private final @Nullable InetAddress address;
    private volatile @Nullable Host host;
    private volatile boolean tagsInHostPlace;
    private volatile boolean namesHosts;

    /** For the directory of hosts alone; a Unix-domain or internal sender has no address. */
    public Sender(Listener listener, @Nullable InetAddress address) {
        this.listener = listener;
        this.address = address;
    }

    /** The listener it sends to. */
    public Listener listener() {
        return listener;
    }

    /** Its address, or null for a local socket and for the server's own events. */
    public @Nullable InetAddress address() {
        return address;
    }

    /** The address as the operator reads it and an access list takes it, or {@code local}. */
    public String addressText() {
        InetAddress known = address;
        return known == null ? "local" : AddressText.of(known);
    }

    /** The sender's own name once it is known; null while the first look-up is under way. */
    public @Nullable Host host() {
        return host;
    }

    /** Sets or changes the sender's own name; for the directory of hosts alone. */
    public void host(Host newHost) {
        host = newHost;
    }

    /** Whether this sender was seen to put a tag where the header's host belongs, so that it never names a host. */
    public boolean tagsInHostPlace() {
        return tagsInHostPlace;
    }

    /** Remembers {@link #tagsInHostPlace()}; for the parser alone. */
    public void markTagsInHostPlace() {
        tagsInHostPlace = true;
    }

    /**
     * Whether this sender was seen to name a host beyond doubt, with a tag and a process ID behind it. It outweighs
     * {@link #tagsInHostPlace()}: a relay's hosts must not disappear because of one line without host.
     */
    public boolean namesHosts() {
        return namesHosts;
    }

    /** Remembers {@link #namesHosts()}; for the parser alone. */
    public void markNamesHosts() {
        namesHosts = true;
    }
}
