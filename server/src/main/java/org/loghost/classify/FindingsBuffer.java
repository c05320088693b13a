package org.loghost.classify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The findings of one batch, encoded as they will lie on file. Filled by {@link Classifier}, written by
 * {@link FindingsStore}, and reused: it allocates only while it grows.
 *
 * <p>One thread at a time; whoever hands it over publishes it.
 */
public final class FindingsBuffer {
    private static final int INITIAL = 64 * 1024;
    private static final int KEEP = 1 << 20;
    private static final int MAX_PROGRAM = 48;
    /** {@code Mmm dd hh:mm:ss} and the blank behind it. */
    private static final int STAMP_AND_BLANK = 16;

    private static final byte[] NO_TEXT = new byte[0];

    private byte[] bytes = new byte[INITIAL];
    private int length;
    private int count;
    private final CRC32C checksum = new CRC32C();

    /** An empty buffer. */
    public FindingsBuffer() {}

    /** How many findings it holds. */
    public int count() {
        return count;
    }

    /** Whether it holds none. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** How many bytes its findings take on file. */
    public int length() {
        return length;
    }

    /** The heap it takes, in bytes. */
    public int capacity() {
        return bytes.length;
    }

    /** Forgets all findings; a buffer that grew large gives its memory back. */
    public void clear() {
        length = 0;
        count = 0;
        if (bytes.length > KEEP) {
            bytes = new byte[INITIAL];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * Adds one finding.
     *
     * @param rule rule and meaning as {@link #ruleText} makes them
     */
    void add(
            long receivedMillis,
            int tiers,
            int pri,
            int repeat,
            byte[] host,
            byte[] rule,
            byte[] slab,
            int lineOffset,
            int lineLength) {
        int hostLength = Math.min(host.length, RecordFormat.MAX_HOST);
        int before = RecordFormat.FIXED + hostLength + rule.length;
        int cutLength = Math.min(lineLength, RecordFormat.MAX_PAYLOAD - before);
        int payload = before + cutLength;
        int start = length;
        reserve(RecordFormat.HEADER + payload);
        int at = start + RecordFormat.HEADER;
        putLong(at, receivedMillis);
        bytes[at + 8] = (byte) tiers;
        bytes[at + 9] = (byte) pri;
        putInt(at + 10, repeat);
        bytes[at + 14] = (byte) hostLength;
        at += RecordFormat.FIXED;
        System.arraycopy(host, 0, bytes, at, hostLength);
        at += hostLength;
        System.arraycopy(rule, 0, bytes, at, rule.length);
        at += rule.length;
        System.arraycopy(slab, lineOffset, bytes, at, cutLength);
        putHeader(start, payload);
        length = start + RecordFormat.HEADER + payload;
        count++;
    }

    /** Adds a finding of another buffer as it is. */
    void copy(FindingsBuffer from, int at) {
        int size = from.size(at);
        reserve(size);
        System.arraycopy(from.bytes, at, bytes, length, size);
        length += size;
        count++;
    }

    /** The bytes of the finding at a place; the next one begins behind them. */
    int size(int at) {
        return RecordFormat.HEADER + int32(at + 2);
    }

    /** The highest tier of the finding at a place. */
    Tier tier(int at) {
        return Tier.highest(bytes[at + RecordFormat.HEADER + 8]);
    }

    /** The host of the finding at a place. */
    String host(int at) {
        int payload = at + RecordFormat.HEADER;
        return new String(bytes, payload + RecordFormat.FIXED, bytes[payload + 14] & 0xff, StandardCharsets.US_ASCII);
    }

    /** The line of the finding at a place, one byte per char. */
    String line(int at) {
        int line = lineAt(at);
        return new String(bytes, line, at + size(at) - line, StandardCharsets.ISO_8859_1);
    }

    /** The program that the line of the finding at a place names behind stamp and host; empty when it names none. */
    String program(int at) {
        int lineEnd = at + size(at);
        int start = lineAt(at) + STAMP_AND_BLANK;
        while (start < lineEnd && bytes[start] != ' ') {
            start++;
        }
        start++;
        int end = start;
        while (end < lineEnd && end - start < MAX_PROGRAM && " [:".indexOf(bytes[end]) < 0) {
            end++;
        }
        return start >= lineEnd ? "" : new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private int lineAt(int at) {
        int payload = at + RecordFormat.HEADER;
        int rule = payload + RecordFormat.FIXED + (bytes[payload + 14] & 0xff);
        int meaning = rule + 2 + short16(rule);
        return meaning + 2 + short16(meaning);
    }

    private int short16(int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    private int int32(int at) {
        return (short16(at) << 16) | short16(at + 2);
    }

    /** What a finding without a rule of its own carries. */
    static byte[] noRule() {
        return new byte[4];
    }

    /** A rule's name and meaning as a finding carries them; made once per rule. */
    static byte[] ruleText(String name, String meaning) {
        byte[] first = bounded(name);
        byte[] second = bounded(meaning);
        byte[] both = new byte[4 + first.length + second.length];
        both[0] = (byte) (first.length >>> 8);
        both[1] = (byte) first.length;
        System.arraycopy(first, 0, both, 2, first.length);
        both[2 + first.length] = (byte) (second.length >>> 8);
        both[3 + first.length] = (byte) second.length;
        System.arraycopy(second, 0, both, 4 + first.length, second.length);
        return both;
    }

    private static byte[] bounded(String text) {
        byte[] all = text.isEmpty() ? NO_TEXT : text.getBytes(StandardCharsets.UTF_8);
        return all.length <= RecordFormat.MAX_TEXT ? all : Arrays.copyOf(all, RecordFormat.MAX_TEXT);
    }

    private void putHeader(int start, int payload) {
        checksum.reset();
        checksum.update(bytes, start + RecordFormat.HEADER, payload);
        bytes[start] = (byte) (RecordFormat.MAGIC >>> 8);
        bytes[start + 1] = (byte) RecordFormat.MAGIC;
        putInt(start + 2, payload);
        putInt(start + 6, (int) checksum.getValue());
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L)));
        }
    }

    private void putInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private void putLong(int at, long value) {
        putInt(at, (int) (value >>> 32));
        putInt(at + 4, (int) value);
    }
}
