package org.loghost.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code smtp://user@host:587} or {@code smtps://host}.
 *
 * @param host a name or an address without brackets
 * @param port the port given, else 25, or 465 with {@code smtps}
 * @param user who logs in, {@code %40} and the like decoded; null for no login
 * @param tls {@code smtps}
 * @param hasPassword whether the URL holds a password, which it must not
 */
record SmtpUrl(String host, int port, @Nullable String user, boolean tls, boolean hasPassword) {
    static final String EXPECTED =
            "smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT], such as \"smtp://mail.example.com:587\"";

    private static final Pattern URL = Pattern.compile("(smtps?)://(?:(?<user>[^:/\\s\\p{Cntrl}]+?)(?<password>:.*)?@)?"
            + "(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<host>[^@:/\\s\\[\\]]+))(?::(?<port>\\d{1,5}))?/?");

    static SmtpUrl of(String text) {
        Matcher matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw new Expected(EXPECTED);
        }
        boolean tls = matcher.group(1).equals("smtps");
        String six = matcher.group("six");
        String host = six == null ? Addresses.hostName(matcher.group("host")) : Addresses.address(six);
        String port = matcher.group("port");
        int number = port == null ? (tls ? 465 : 25) : Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw new Expected(EXPECTED);
        }
        String user = matcher.group("user");
        return new SmtpUrl(host, number, user == null ? null : decoded(user), tls, matcher.group("password") != null);
    }

    /** RFC 3986 section 2.1. A percent sign that no two digits follow stands for itself. */
    private static String decoded(String user) {
        byte[] in = user.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low >= 0) {
                i += 2;
            }
            out.write(low >= 0 ? high << 4 | low : in[i]);
        }
        String text = out.toString(StandardCharsets.UTF_8);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new Expected(EXPECTED);
        }
        return text;
    }

    /** Whether the mail server is on this machine's loopback, where nobody listens in. */
    boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || (Addresses.isIpv4(host) && host.startsWith("127."));
    }
}
