package org.loghost.listen;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.message.AddressText;

/**
 * Which addresses may send. Networks stand in CIDR notation; an IPv4-mapped IPv6 address counts as the IPv4 address it
 * holds. Immutable; any thread.
 */
public final class AccessList {
    private static final List<String> PRIVATE = List.of(
            "127.0.0.0/8",
            "::1/128",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
            "169.254.0.0/16",
            "fe80::/10");

    private final List<Network> networks;

    private AccessList(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * The list for {@code allow}; an empty one gives {@link #standard()}.
     *
     * @throws IllegalArgumentException for the first entry with a {@link #fault}
     */
    public static AccessList of(List<String> allow) {
        if (allow.isEmpty()) {
            return standard();
        }
        List<Network> networks = new ArrayList<>();
        for (String entry : allow) {
            networks.add(Network.parse(entry));
        }
        return new AccessList(networks);
    }

    /** Loopback, private and link-local networks, and the prefixes this machine's interfaces are on now. */
    public static AccessList standard() {
        List<Network> networks = new ArrayList<>();
        for (String entry : PRIVATE) {
            networks.add(Network.parse(entry));
        }
        networks.addAll(onLink());
        return new AccessList(networks);
    }

    /** What is wrong with one entry of {@code allow}, in words for the operator; null when it is right. */
    public static @Nullable String fault(String entry) {
        try {
            Network.parse(entry);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Whether this address may send. Does not allocate for IPv4. */
    public boolean allows(InetAddress address) {
        long high = upper(address);
        long low = lower(address);
        for (Network network : networks) {
            if (network.contains(high, low)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return networks.toString();
    }

    private static List<Network> onLink() {
        List<Network> found = new ArrayList<>();
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress address : one.getInterfaceAddresses()) {
                    // A prefix of 0 bits is what a tunnel may report; it must not open the door to everyone.
                    if (address.getNetworkPrefixLength() > 0) {
                        found.add(Network.of(address.getAddress(), address.getNetworkPrefixLength()));
                    }
                }
            }
        } catch (SocketException e) {
            return found; // the machine does not tell; the private networks stay
        }
        return found;
    }

    /** The upper half of the address as IPv6; an IPv4 address is the mapped one, {@code ::ffff:a.b.c.d}. */
    private static long upper(InetAddress address) {
        return address instanceof Inet4Address ? 0 : number(address.getAddress(), 0);
    }

    private static long lower(InetAddress address) {
        // hashCode of an Inet4Address is documented to be the address, and unlike getAddress() makes no copy.
        return address instanceof Inet4Address
                ? 0xffff_0000_0000L | (address.hashCode() & 0xffff_ffffL)
                : number(address.getAddress(), Long.BYTES);
    }

    private static long number(byte[] bytes, int offset) {
        long value = 0;
        for (int i = offset; i < offset + Long.BYTES; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }

    /** The first {@code bits} of a 128-bit address; IPv4 networks have 96 bits more than they are written with. */
    private record Network(long high, long low, int bits, String text) {

        static Network parse(String entry) {
            int slash = entry.indexOf('/');
            String host = slash < 0 ? entry : entry.substring(0, slash);
            InetAddress address = address(host, entry);
            int longest = address instanceof Inet4Address ? 32 : 128;
            int prefix = slash < 0 ? longest : prefix(entry.substring(slash + 1), longest, entry);
            if (prefix == 0 && !address.isAnyLocalAddress()) {
                throw fault(entry, "a mask of 0 bits allows everyone; write 0.0.0.0/0 or ::/0 if that is meant");
            }
            return of(address, prefix);
        }

        static Network of(InetAddress address, int prefix) {
            int bits = address instanceof Inet4Address ? prefix + 96 : prefix;
            return new Network(
                    upper(address) & mask(bits),
                    lower(address) & mask(bits - 64),
                    bits,
                    AddressText.of(address) + "/" + prefix);
        }

        boolean contains(long otherHigh, long otherLow) {
            return (otherHigh & mask(bits)) == high && (otherLow & mask(bits - 64)) == low;
        }

        private static long mask(int bits) {
            return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
        }

        private static InetAddress address(String host, String entry) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
            if (bytes == null) {
                throw fault(entry, "a network such as 10.0.0.0/8 or 2001:db8::/32, or one address");
            }
            try {
                return InetAddress.getByAddress(bytes);
            } catch (UnknownHostException e) {
                throw new AssertionError(e); // four or sixteen bytes always are an address
            }
        }

        private static int prefix(String digits, int longest, String entry) {
            try {
                int prefix = Integer.parseInt(digits);
                if (prefix >= 0 && prefix <= longest && !digits.startsWith("+")) {
                    return prefix;
                }
            } catch (NumberFormatException e) {
                // the fault below says it
            }
            throw fault(entry, "a number of bits from 0 to " + longest + " behind the slash");
        }

        private static IllegalArgumentException fault(String entry, String expected) {
            return new IllegalArgumentException("allow: \"" + entry + "\" (expected: " + expected + ")");
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
