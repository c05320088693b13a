package org.loghost.check;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is kept of the beginning of a file to know it again: its length, its first and its last bytes. One thread. */
final class Fingerprint {
    /** Bytes at each end that must be the same. */
    static final int EDGE = 1_024;

    private final byte[] head = new byte[EDGE];
    private final byte[] tail = new byte[EDGE];
    private long length;

    /** Goes on by these bytes. */
    void add(byte[] bytes, int offset, int count) {
        for (int i = 0; i < count && length + i < EDGE; i++) {
            head[(int) (length + i)] = bytes[offset + i];
        }
        for (int i = Math.max(0, count - EDGE); i < count; i++) {
            tail[(int) ((length + i) % EDGE)] = bytes[offset + i];
        }
        length += count;
    }

    /** Goes on by bytes that are not the last {@link #EDGE} of what will be added. */
    void skip(long count) {
        length += count;
    }

    long length() {
        return length;
    }

    /** As text, without a line end. */
    String text() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            int edge = (int) Math.min(length, EDGE);
            digest.update((length + "\n").getBytes(StandardCharsets.US_ASCII));
            digest.update(head, 0, edge);
            for (long i = length - edge; i < length; i++) {
                digest.update(tail[(int) (i % EDGE)]);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
