package org.loghost.listen;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.loghost.message.AddressText;

/**
 * Who counts as one sender where connections are limited: an IPv4 address, or the 64 bits of an IPv6 address that name its
 * network, as one machine may use every address in it. Immutable.
 *
 * @param prefix the first 64 bits of an IPv6 address; 0 for IPv4
 * @param rest the IPv4 address; for a link-local network, which every link has, the number of the interface
 */
record SenderNetwork(long prefix, int rest) {

    static SenderNetwork of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (!(address instanceof Inet6Address six)) {
            return new SenderNetwork(0, bytes.getInt());
        }
        return new SenderNetwork(bytes.getLong(), six.isLinkLocalAddress() ? six.getScopeId() : -1);
    }

    /** As the access list would take it. */
    static String text(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return AddressText.of(address);
        }
        byte[] network = address.getAddress();
        java.util.Arrays.fill(network, Long.BYTES, network.length, (byte) 0);
        try {
            return AddressText.of(InetAddress.getByAddress(network)) + "/64";
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e); // sixteen bytes always are an address
        }
    }
}
