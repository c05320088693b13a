package org.loghost.listen;

import java.util.Locale;

/** Why a listener could not be opened, and what the operator can do about it. */
final class BindFault extends Exception {
    private static final long serialVersionUID = 1;

    private static final String PERMISSION = "permission denied";
    private static final String IN_USE = "in use";

    private final boolean permissionDenied;

    private BindFault(String text, boolean permissionDenied, Throwable cause) {
        super(text, cause);
        this.permissionDenied = permissionDenied;
    }

    BindFault(String text) {
        super(text);
        this.permissionDenied = false;
    }

    boolean permissionDenied() {
        return permissionDenied;
    }

    /** Whether what kept IPv6 from being bound would keep IPv4 from it too. */
    static boolean isInTheWayOfIpv4(Throwable cause) {
        String plain = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return plain.contains(PERMISSION) || plain.contains(IN_USE);
    }

    static BindFault of(String listener, BindAddress address, Throwable cause) {
        String reason = String.valueOf(cause.getMessage());
        String plain = reason.toLowerCase(Locale.ROOT);
        if (plain.contains(PERMISSION)) {
            return new BindFault(listener + ": permission denied (" + howToAllow(address.port()) + ")", true, cause);
        }
        if (plain.contains(IN_USE)) {
            return new BindFault(
                    listener + ": the port is in use (see by whom: ss -lntup 'sport = :" + address.port()
                            + "'; stop that service or choose another port)",
                    false,
                    cause);
        }
        if (plain.contains("cannot assign")) {
            return new BindFault(
                    listener
                            + ": this machine does not have that address (expected: one that `ip address` shows, or [::])",
                    false,
                    cause);
        }
        return new BindFault(listener + ": " + reason, false, cause);
    }

    private static String howToAllow(int port) {
        return "ports below 1024 need a right: in the systemd unit AmbientCapabilities=CAP_NET_BIND_SERVICE, or for every"
                + " program sysctl net.ipv4.ip_unprivileged_port_start=" + port
                + ", or setcap cap_net_bind_service=+ep on the java binary; or choose a port from 1024 on";
    }
}
