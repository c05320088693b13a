package org.loghost.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Binds to an address, and to IPv4 alone where {@code [::]} is wanted on a machine without IPv6. */
final class Ports {
    private Ports() {}

    /** Opens a socket of a family and binds it; with handlers of its own, as it may be asked a second time. */
    interface Opener {
        ChannelFuture bind(BindAddress address, SocketProtocolFamily family);
    }

    static Channel bind(String listener, BindAddress address, Opener opener) throws BindFault {
        try {
            return bind(address, opener);
        } catch (RuntimeException e) {
            throw BindFault.of(listener, address, e);
        } catch (BindFailure e) {
            throw BindFault.of(listener, address, e.reason);
        }
    }

    private static Channel bind(BindAddress address, Opener opener) throws BindFailure {
        if (!address.isAnyIpv6()) {
            return bindOne(address, opener);
        }
        try {
            return bindOne(address, opener);
        } catch (BindFailure | RuntimeException e) {
            if (BindFault.isInTheWayOfIpv4(e)) {
                throw e;
            }
            // Without IPv6 the socket cannot be opened, or not bound; the words differ by transport and by how it is
            // off.
            return bindIpv4(address, opener, e);
        }
    }

    private static Channel bindIpv4(BindAddress address, Opener opener, Exception ipv6) throws BindFailure {
        try {
            return bindOne(new BindAddress(anyIpv4(), address.port()), opener);
        } catch (BindFailure | RuntimeException e) {
            e.addSuppressed(ipv6);
            throw e;
        }
    }

    private static Channel bindOne(BindAddress address, Opener opener) throws BindFailure {
        SocketProtocolFamily family =
                address.address() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        ChannelFuture bound = opener.bind(address, family).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new BindFailure(cause);
        }
        return bound.channel();
    }

    private static InetAddress anyIpv4() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // four bytes always are an address
        }
    }

    private static final class BindFailure extends Exception {
        private static final long serialVersionUID = 1;
        private final Throwable reason;

        BindFailure(Throwable reason) {
            super(reason.getMessage(), reason);
            this.reason = reason;
        }
    }
}
