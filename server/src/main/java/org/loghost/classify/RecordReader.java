package org.loghost.classify;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Walks the records of a segment, as {@link RecordFormat} describes them, and steps over what is damaged. Holds one
 * record at a time. One thread.
 */
final class RecordReader {
    private static final int WINDOW = 256 * 1024;

    private final InputStream in;
    private final CRC32C checksum = new CRC32C();
    private byte[] bytes = new byte[WINDOW];
    private int position;
    private int limit;
    private boolean atEnd;
    private long passed;
    private long damaged;
    private int payload;
    private int payloadLength;
    private long validEnd;

    RecordReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next sound record; false at the end. */
    boolean next() throws IOException {
        while (fill(RecordFormat.HEADER)) {
            if (isSound()) {
                payload = position + RecordFormat.HEADER;
                position = payload + payloadLength;
                validEnd = passed + position;
                return true;
            }
            position++;
            damaged++;
        }
        damaged += limit - position;
        position = limit;
        return false;
    }

    /** Goes through all records, to learn where they end. */
    void skipAll() throws IOException {
        boolean more = true;
        while (more) {
            more = next();
        }
    }

    private boolean isSound() throws IOException {
        if (short16(position) != RecordFormat.MAGIC) {
            return false;
        }
        payloadLength = int32(position + 2);
        if (payloadLength < RecordFormat.FIXED + 4
                || payloadLength > RecordFormat.MAX_PAYLOAD
                || !fill(RecordFormat.HEADER + payloadLength)) {
            return false;
        }
        checksum.reset();
        checksum.update(bytes, position + RecordFormat.HEADER, payloadLength);
        return (int) checksum.getValue() == int32(position + 6) && hasSoundFields(position + RecordFormat.HEADER);
    }

    private boolean hasSoundFields(int at) {
        int end = at + payloadLength;
        int rule = at + RecordFormat.FIXED + (bytes[at + RecordFormat.FIXED - 1] & 0xff);
        if ((bytes[at + 8] & 7) == 0 || rule + 4 > end) {
            return false;
        }
        int meaning = rule + 2 + short16(rule);
        return meaning + 2 <= end && meaning + 2 + short16(meaning) <= end;
    }

    /** Makes so many bytes available from the position on; false when the file ends before. */
    private boolean fill(int wanted) throws IOException {
        if (limit - position >= wanted) {
            return true;
        }
        System.arraycopy(bytes, position, bytes, 0, limit - position);
        passed += position;
        limit -= position;
        position = 0;
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, wanted);
        }
        while (limit < wanted && !atEnd) {
            int read = in.read(bytes, limit, bytes.length - limit);
            atEnd = read < 0;
            limit += Math.max(read, 0);
        }
        return limit >= wanted;
    }

    /** The array that holds the record; valid until {@link #next}. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the record's payload starts. */
    int payload() {
        return payload;
    }

    int payloadLength() {
        return payloadLength;
    }

    /** Bytes stepped over so far. */
    long damaged() {
        return damaged;
    }

    /** The place in the file behind the last sound record. */
    long validEnd() {
        return validEnd;
    }

    int short16(int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    int int32(int at) {
        return (short16(at) << 16) | short16(at + 2);
    }

    long int64(int at) {
        return ((long) int32(at) << 32) | (int32(at + 4) & 0xffff_ffffL);
    }
}
