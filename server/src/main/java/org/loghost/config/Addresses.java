package org.loghost.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses, networks and names as a configuration writes them. Nothing here asks DNS.
 *
 * <p>What cannot be read throws {@link Expected}.
 */
final class Addresses {
    static final String BIND = "ADDRESS:PORT, such as \"[::]:514\" or \"192.0.2.1:514\"";
    static final String NAME_SERVER = "an address with or without a port, such as \"192.0.2.53:53\"";
    static final String NETWORK = "an address or ADDRESS/BITS, such as \"10.0.0.0/8\" or \"fd00::/8\"";
    static final String ADDRESS = "an IPv4 or IPv6 address, such as \"192.0.2.1\" or \"2001:db8::1\"";
    static final String HOST = "a host name, such as \"web01\" or \"web01.example.com\"";
    static final String MAIL = "a mail address, such as \"root@localhost\"";

    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[([^\\[\\]]+)]|([0-9.]+)):(\\d{1,5})");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_])?)*");
    private static final Pattern MAIL_ADDRESS =
            Pattern.compile("[^\\s@<>(),;:\"\\\\\\p{Cntrl}]+@[A-Za-z0-9\\[][A-Za-z0-9.:\\[\\]-]*");

    private Addresses() {}

    /** {@code [::]:514}; the port may be 0 for any free one. */
    static String bind(String text) {
        return check(isBind(text), text, BIND);
    }

    private static boolean isBind(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            return false;
        }
        String inBrackets = matcher.group(1);
        return inBrackets != null ? isIpv6(inBrackets) : isIpv4(matcher.group(2));
    }

    /** An address and port in a form of which there is one for each; {@code [::]} and {@code 0.0.0.0} are the same. */
    static String comparable(String bind) {
        int colon = bind.lastIndexOf(':');
        String port = String.valueOf(Integer.parseInt(bind.substring(colon + 1)));
        String host = bind.substring(0, colon).replace("[", "").replace("]", "");
        try {
            InetAddress address = InetAddress.getByName(host);
            return (address.isAnyLocalAddress() ? "any" : address.getHostAddress()) + " " + port;
        } catch (UnknownHostException notAnAddress) {
            return bind;
        }
    }

    /** Whether it is every address of the machine. */
    static boolean isAny(String bind) {
        return comparable(bind).startsWith("any ");
    }

    /** A name server: {@code 192.0.2.53}, {@code 192.0.2.53:5353} or {@code [2001:db8::53]:53}; with its port. */
    static String nameServer(String text) {
        if (isIpv4(text)) {
            return text + ":53";
        }
        if (isIpv6(text)) {
            return "[" + text + "]:53";
        }
        if (!isBind(text)) {
            throw new Expected(NAME_SERVER);
        }
        return text;
    }

    /** A network in CIDR notation; one address stands for itself. */
    static String network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int most = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
        String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
        if (most < 0 || !bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
            throw new Expected(NETWORK);
        }
        if (Integer.parseInt(bits) == 0 && !address.matches("[0.:]+")) {
            throw new Expected("more than 0 bits, which is everyone; 0.0.0.0/0 or ::/0 if that is meant");
        }
        return address + "/" + bits;
    }

    static String address(String text) {
        return check(isIpv4(text) || isIpv6(text), text, ADDRESS);
    }

    static String hostName(String text) {
        return check(HOST_NAME.matcher(text).matches(), text, HOST);
    }

    static String mail(String text) {
        return check(MAIL_ADDRESS.matcher(text).matches(), text, MAIL);
    }

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    static boolean isIpv6(String text) {
        try {
            // With a colon and these characters alone it can only be a literal: the JDK asks no resolver.
            return IPV6_CHARACTERS.matcher(text).matches() && InetAddress.getByName(text) != null;
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    private static String check(boolean good, String text, String expected) {
        if (!good) {
            throw new Expected(expected);
        }
        return text;
    }
}
