package org.loghost.archive;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.IdentityHashMap;
import org.loghost.message.MessageBatch;
import org.loghost.message.Pri;
import org.loghost.message.Sender;

/**
 * Renders lines of {@code format = "full"}, fields separated by one blank:
 *
 * <pre>
 * 2026-11-23T08:15:00.123+01:00 192.0.2.7 authpriv.warning 2026-11-23T08:14:59+01:00 ID47 [x@1 k="v"] Nov 23 08:14:59 goblin su: …
 * receive time                  sender    facility.severity device time              MSGID SD         the classic line
 * </pre>
 *
 * A field that is missing is {@code -}. Device times have microseconds when the device sent a fraction. MSGID and
 * structured data stand as sent, control bytes as {@code #ooo} (octal); structured data may hold blanks inside its
 * brackets (RFC 5424 section 6.3). One owner thread; allocates nothing per message once a sender has been seen.
 */
final class FullLine {
    private static final int MAX_SENDERS = 65_536;
    private static final long MILLI = 1000;
    private static final long SECOND = 1_000_000;
    private static final byte[][] PRI = priNames();

    private final IsoTime time;
    private final IdentityHashMap<Sender, byte[]> addresses = new IdentityHashMap<>();
    private byte[] bytes = new byte[8192];
    private int end;

    FullLine(ZoneId zone) {
        time = new IsoTime(zone);
    }

    /** Renders message {@code i}; returns the length of what {@link #bytes()} holds from 0. */
    int render(MessageBatch batch, int i) {
        byte[] slab = batch.slab();
        byte[] address = address(batch.sender(i));
        int idLength = batch.msgIdLength(i);
        int dataLength = batch.structuredDataLength(i);
        int lineLength = batch.lineLength(i);
        room(2 * IsoTime.MAX_BYTES + address.length + 64 + 4 * (idLength + dataLength) + lineLength);
        end = time.write(batch.receivedMillis(i) * MILLI, 3, bytes, 0);
        put(address);
        put(PRI[Math.min(batch.pri(i), Pri.MAX)]);
        deviceTime(batch.deviceMicros(i));
        escape(slab, batch.msgIdOffset(i), idLength);
        escape(slab, batch.structuredDataOffset(i), dataLength);
        bytes[end++] = ' ';
        System.arraycopy(slab, batch.lineOffset(i), bytes, end, lineLength);
        return end + lineLength;
    }

    byte[] bytes() {
        return bytes;
    }

    private void deviceTime(long micros) {
        bytes[end++] = ' ';
        if (micros == MessageBatch.NO_TIME) {
            bytes[end++] = '-';
        } else {
            end = time.write(micros, micros % SECOND == 0 ? 0 : 6, bytes, end);
        }
    }

    private void put(byte[] field) {
        bytes[end++] = ' ';
        System.arraycopy(field, 0, bytes, end, field.length);
        end += field.length;
    }

    private void escape(byte[] from, int offset, int length) {
        bytes[end++] = ' ';
        if (length == 0) {
            bytes[end++] = '-';
        }
        for (int i = offset; i < offset + length; i++) {
            byte b = from[i];
            if ((b >= 0 && b < ' ') || b == 0x7f) {
                bytes[end++] = '#';
                bytes[end++] = (byte) ('0' + (b >> 6));
                bytes[end++] = (byte) ('0' + (b >> 3 & 7));
                bytes[end++] = (byte) ('0' + (b & 7));
            } else {
                bytes[end++] = b;
            }
        }
    }

    private byte[] address(Sender sender) {
        byte[] known = addresses.get(sender);
        if (known == null) {
            if (addresses.size() >= MAX_SENDERS) {
                addresses.clear();
            }
            known = sender.addressText().getBytes(StandardCharsets.US_ASCII);
            addresses.put(sender, known);
        }
        return known;
    }

    private void room(int length) {
        if (bytes.length < length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
        }
    }

    private static byte[][] priNames() {
        byte[][] names = new byte[Pri.MAX + 1][];
        for (int i = 0; i < names.length; i++) {
            names[i] = (Pri.facilityName(i) + "." + Pri.severityName(i)).getBytes(StandardCharsets.US_ASCII);
        }
        return names;
    }
}
