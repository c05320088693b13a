package org.loghost.listen;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where a listener binds: {@code [::]:514}, {@code 0.0.0.0:514}, {@code 192.0.2.1:514}, {@code [2001:db8::1]:514}.
 * Port 0 lets the kernel choose one. Immutable.
 *
 * @param address the address; {@code ::} means every address of IPv6 and IPv4
 * @param port the port
 */
public record BindAddress(InetAddress address, int port) {

    /**
     * Reads the form above; names are not looked up.
     *
     * @throws IllegalArgumentException when the text is something else; its message is for the operator
     */
    public static BindAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        byte[] bytes =
                NetUtil.createByteArrayFromIpAddressString(bracketed ? host.substring(1, host.length() - 1) : host);
        int port = port(text.substring(colon + 1));
        if (bytes == null || port < 0 || bracketed != host.contains(":")) {
            throw new IllegalArgumentException(
                    "bind: \"" + text + "\" (expected: address and port as in \"[::]:514\" or \"192.0.2.1:514\")");
        }
        try {
            return new BindAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // four or sixteen bytes always are an address
        }
    }

    /** What is wrong with a {@code bind}, in words for the operator; null when it is right. */
    public static @Nullable String fault(String text) {
        try {
            parse(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** As the JDK writes it. */
    InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** Whether it is {@code ::}, which falls back to IPv4 where IPv6 is off. */
    boolean isAnyIpv6() {
        return address.isAnyLocalAddress() && address.getAddress().length == 16;
    }

    private static int port(String digits) {
        try {
            int port = Integer.parseInt(digits);
            return port <= 65535 ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
