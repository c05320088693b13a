package org.loghost.listen;

import org.loghost.file.OsError;

/** Why a listener could not be opened, and what the operator can do about it. */
final class BindFault extends Exception {
    private static final long serialVersionUID = 1;

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
        return switch (OsError.of(cause)) {
            case PERMISSION, NOT_PERMITTED, IN_USE, TOO_MANY_FILES -> true;
            default -> false;
        };
    }

    static BindFault of(String listener, BindAddress address, Throwable cause) {
        return switch (OsError.of(cause)) {
            case PERMISSION, NOT_PERMITTED ->
                new BindFault(listener + ": permission denied (" + howToAllow(address.port()) + ")", true, cause);
            case IN_USE ->
                new BindFault(
                        listener + ": the port is in use (see by whom: ss -lntup 'sport = :" + address.port()
                                + "'; stop that service or choose another port)",
                        false,
                        cause);
            case NO_ADDRESS ->
                new BindFault(
                        listener
                                + ": this machine does not have that address (expected: one that `ip address` shows,"
                                + " or [::])",
                        false,
                        cause);
            default -> new BindFault(listener + ": " + words(cause), false, cause);
        };
    }

    private static String words(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static String howToAllow(int port) {
        return "ports below 1024 need a right: in the systemd unit AmbientCapabilities=CAP_NET_BIND_SERVICE, or for"
                + " every program sysctl net.ipv4.ip_unprivileged_port_start=" + port
                + ", or setcap cap_net_bind_service=+ep on the java binary; or choose a port from 1024 on";
    }
}
