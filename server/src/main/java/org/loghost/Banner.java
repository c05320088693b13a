package org.loghost;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import org.loghost.config.LoghostConfig;
import org.loghost.listen.OpenListener;
import org.loghost.message.AddressText;
import org.loghost.message.Listener;

/** The few lines at the start: what listens where, where everything is, and how to try it. */
final class Banner {
    /** Where the built-in listeners go when port 514 may not be bound. */
    static final String UNPRIVILEGED_BIND = "[::]:5514";

    static final String UNPRIVILEGED_NOTICE =
            "Port 514 is not allowed to this user, so 5514 is used: clients need the port too (*.* @loghost:5514).\n"
                    + "To allow it: run as root, or: sysctl net.ipv4.ip_unprivileged_port_start=514";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    private static final List<Listener.Kind> TRY_FIRST =
            List.of(Listener.Kind.UDP, Listener.Kind.TCP, Listener.Kind.UNIX);

    private Banner() {}

    static void print(PrintStream out, Server server) {
        LoghostConfig config = server.config();
        out.println("Loghost listens on " + String.join(", ", listening(server)) + ".");
        out.println("Archive:  " + config.archive().path() + "/<host>/<yyyy-mm-dd>.log");
        out.println("Rules:    "
                + (config.threads().classifiers() == 0
                        ? Server.UNCLASSIFIED
                        : server.rules().summary()));
        out.println("Report:   next at " + TIME.format(server.reports().next().atZone(config.zone())) + ", to "
                + destinations(config));
        out.println("Try it:   " + tryIt(server));
        out.flush();
    }

    /** Each listener by kind and address, for example {@code udp [::]:514}, with the port it really has. */
    static List<String> listening(Server server) {
        return server.listeners().stream().map(Banner::text).toList();
    }

    private static String text(OpenListener open) {
        String name = open.listener().name();
        // The configured address says more than the bound one ([::] rather than 0:0:0:0:0:0:0:0), but for its port.
        return open.address() instanceof InetSocketAddress bound
                ? name.substring(0, name.lastIndexOf(':') + 1) + bound.getPort()
                : name;
    }

    private static String destinations(LoghostConfig config) {
        String maildir = config.mail().maildir() == null
                ? ""
                : "the Maildir " + config.mail().maildir();
        if (config.mail().smtp() == null) {
            return maildir;
        }
        String smtp = String.join(", ", config.report().to()) + " by "
                + config.mail().smtp().host();
        return maildir.isEmpty() ? smtp : smtp + " and " + maildir;
    }

    private static String tryIt(Server server) {
        return server.listeners().stream()
                .min(Comparator.comparing(
                        open -> TRY_FIRST.indexOf(open.listener().kind())))
                .map(open -> "logger " + destination(open) + " -t hello 'can you hear me?'")
                .orElse("nothing to try: no listener is configured");
    }

    private static String destination(OpenListener open) {
        if (!(open.address() instanceof InetSocketAddress bound)) {
            return "-u " + open.listener().name().substring("unix ".length());
        }
        InetAddress address = bound.getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : AddressText.of(address);
        String transport = open.listener().kind() == Listener.Kind.TCP ? "-T" : "-d";
        return transport + " -n " + host + " -P " + bound.getPort();
    }
}
