package org.loghost.hosts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes the one safe form of a host's name: lower-cased, only {@code [a-z0-9._-]}, no leading dot, never {@code .} or
 * {@code ..}, at most 200 bytes. What is not allowed becomes {@code -}; a longer name is cut and ends in a hash of the
 * whole, so that two long names stay two. Stateless; any thread.
 */
final class HostName {
    private static final int MAX = 200;
    private static final int HASH_DIGITS = 16;

    private HostName() {}

    /** The safe form, or an empty string when nothing of the name can be used. */
    static String safe(String raw) {
        String name = raw;
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        StringBuilder safe = new StringBuilder(name.length());
        boolean usable = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                c = (char) (c - 'A' + 'a');
            }
            boolean wordy = (c >= 'a' && c <= 'z') || isDigit(c);
            usable |= wordy;
            safe.append(wordy || c == '.' || c == '_' || c == '-' ? c : '-');
        }
        if (!usable) {
            return "";
        }
        while (safe.charAt(0) == '.') {
            safe.deleteCharAt(0);
        }
        while (safe.charAt(safe.length() - 1) == '.') {
            safe.deleteCharAt(safe.length() - 1);
        }
        return safe.length() <= MAX ? safe.toString() : cut(safe.toString());
    }

    /** The name without the first of these domains that it ends in; an address is left as it is. */
    static String withoutDomain(String name, List<String> domains) {
        if (isAddress(name)) {
            return name;
        }
        for (String domain : domains) {
            int dot = name.length() - domain.length() - 1;
            if (dot > 0 && name.charAt(dot) == '.' && name.endsWith(domain)) {
                return name.substring(0, dot);
            }
        }
        return name;
    }

    /** Whether a safe name is an IPv4 address or what an IPv6 address becomes. */
    static boolean isAddress(String name) {
        boolean dotted = true;
        boolean hex = name.indexOf('-') >= 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            dotted &= c == '.' || isDigit(c);
            hex &= c == '-' || c == '.' || isDigit(c) || (c >= 'a' && c <= 'f');
        }
        return dotted || (hex && name.chars().filter(c -> c == '-').count() >= 2);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String cut(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            String end = HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
            return name.substring(0, MAX - HASH_DIGITS - 1) + "-" + end;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
