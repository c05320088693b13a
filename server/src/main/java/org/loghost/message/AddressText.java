package org.loghost.message;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Addresses as people write them: IPv6 in the form of RFC 5952 section 4, such as {@code fd00::2}, and without a zone, as
 * an access list takes them. Stateless.
 */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** The address in its shortest form. */
    public static String of(InetAddress address) {
        return address instanceof Inet6Address ? ipv6(address.getAddress()) : address.getHostAddress();
    }

    private static String ipv6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int zeros = longestZeros(groups);
        int afterZeros = zeros < 0 ? 0 : zeros + zerosFrom(groups, zeros);
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == zeros) {
                text.append("::");
                i = afterZeros - 1;
            } else {
                if (i > 0 && i != afterZeros) {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Where the longest run of at least two zero groups begins, the first of equal ones; -1 when there is none. */
    private static int longestZeros(int[] groups) {
        int found = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i += Math.max(1, zerosFrom(groups, i))) {
            if (zerosFrom(groups, i) > longest) {
                longest = zerosFrom(groups, i);
                found = i;
            }
        }
        return found;
    }

    private static int zerosFrom(int[] groups, int from) {
        int i = from;
        while (i < GROUPS && groups[i] == 0) {
            i++;
        }
        return i - from;
    }
}
