package org.loghost.hosts;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;

/**
 * Makes the one safe form of a host's name: lower-cased, only {@code [a-z0-9._-]}, beginning with neither a dot (hidden,
 * {@code ..}) nor a dash (an option to whatever is run over the folders), at most 200 bytes. What is not allowed becomes
 * {@code -}; a longer name is cut and ends in a hash of the whole, so that two long names stay two.
 *
 * <p>An address has one form however it is written: that of RFC 5952, without a zone, {@code :} as {@code -}. Nothing
 * here asks DNS. Stateless; any thread.
 */
final class HostName {
    private static final int MAX = 200;
    private static final int HASH_DIGITS = 16;

    private HostName() {}

    /** The safe form, or an empty string when nothing of the name can be used. */
    static String safe(String raw) {
        InetAddress address = address(raw);
        return address == null ? safeWord(raw) : safe(address);
    }

    /** The safe form of an address: {@code 192.0.2.7}, {@code 2001-db8--1}. */
    static String safe(InetAddress address) {
        String text = text(address);
        return (text.startsWith(":") ? "0" + text : text).replace(':', '-');
    }

    /** An address as an operator writes it: RFC 5952, without the zone of a link-local one. */
    static String text(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /** The address that this text is, in brackets or not; null when it is none. */
    static @Nullable InetAddress address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        byte[] bytes =
                NetUtil.createByteArrayFromIpAddressString(bracketed ? text.substring(1, text.length() - 1) : text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes", e);
        }
    }

    /** 127.0.0.1 and ::1; the rest of 127/8 may stand for machines behind a tunnel or a translation. */
    static boolean isThisMachine(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isLoopbackAddress() && (bytes.length != 4 || (bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 1));
    }

    /** Whether a safe name is that of an address. */
    static boolean isAddress(String safe) {
        InetAddress address = address(safe.indexOf('.') < 0 ? safe.replace('-', ':') : safe);
        return address != null && safe(address).equals(safe);
    }

    /** The name that lines carry: the host's, but whole when it is too long for a folder's name. */
    static String inLines(String raw, String name) {
        if (raw.length() <= MAX || !name.equals(safe(raw))) {
            return name;
        }
        StringBuilder safe = replaced(raw);
        return hasWord(safe) ? trimmed(safe) : asSent(raw);
    }

    /** Where a name that no folder can have stands: lines carry it as sent, behind the sender's own host. */
    static Host unusable(String raw, Host own) {
        return safe(raw).isEmpty() ? own.inLinesAs(asSent(raw)) : own;
    }

    /** With {@code -} for what is not printable ASCII. */
    private static String asSent(String raw) {
        return raw.replaceAll("[^!-~]", "-");
    }

    private static String safeWord(String name) {
        StringBuilder safe = replaced(name);
        return hasWord(safe) ? cut(trimmed(safe)) : "";
    }

    private static StringBuilder replaced(String name) {
        StringBuilder safe = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                c = (char) (c - 'A' + 'a');
            }
            safe.append(isWord(c) || c == '.' || c == '_' || c == '-' ? c : '-');
        }
        return safe;
    }

    private static boolean hasWord(CharSequence name) {
        return name.chars().anyMatch(HostName::isWord);
    }

    private static boolean isWord(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    /** With a letter or digit in it, so that something is left. */
    private static String trimmed(StringBuilder name) {
        int from = 0;
        while (name.charAt(from) == '.' || name.charAt(from) == '-') {
            from++;
        }
        int to = name.length();
        while (name.charAt(to - 1) == '.') {
            to--;
        }
        return name.substring(from, to);
    }

    private static String cut(String name) {
        if (name.length() <= MAX) {
            return name;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.US_ASCII));
            String end = HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
            return name.substring(0, MAX - HASH_DIGITS - 1) + "-" + end;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
