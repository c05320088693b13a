package org.loghost.archive;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One day's file of one host: the lines that wait for it, as a chain of segments, and its channel while it is open.
 *
 * <p>Lines wait until the findings of their batch are stored. So that a busy host, which always has lines of the newest
 * batch, is written nevertheless, a mark divides the chain at a batch's end: what lies before it may go as soon as that
 * older batch is classified. Owned by its shard's thread.
 */
final class LineFile {
    final DaySeries series;
    final LocalDate day;
    final Path path;
    /** Its host's number, or -1 for the combined file, whose lines are not counted. */
    final int hostId;

    final String name;

    // What waits.
    int head = SegmentPool.NONE;
    int tail = SegmentPool.NONE;

    @Nullable
    ByteBuffer tailBuffer;
    /** Offset of the first waiting byte in the head segment. */
    int start;
    /** Offset behind the last waiting byte in the tail segment. */
    int end;

    int length;
    int lines;
    /** The newest batch with a line here. */
    long sequence = Long.MIN_VALUE;

    int markLength;
    int markLines;
    long markSequence;
    /** Bytes at the front of the chain that reached the file before a write failed. */
    int written;

    long sinceNanos;
    /** Segments of the pool that hold what waits. */
    int segments;

    // While the file cannot be written for a reason of its own.
    boolean failing;
    /** The pause before the next try; 0 while all is well. */
    long pauseNanos;

    long retryNanos;

    // The file.
    @Nullable
    FileChannel channel;

    @Nullable
    Object key;
    /** The file's size as far as this process wrote it. */
    long size;
    /** A write was interrupted: how much of it reached the file shows in its size. */
    boolean uncertain;

    boolean linked;
    long usedNanos;

    // Places in the shard's lists.
    @Nullable
    LineFile olderDay;

    @Nullable
    LineFile ageBefore;

    @Nullable
    LineFile ageAfter;

    @Nullable
    FileChain chain;

    @Nullable
    LineFile useBefore;

    @Nullable
    LineFile useAfter;

    LineFile(DaySeries series, LocalDate day, int hostId, String name) {
        this.series = series;
        this.day = day;
        this.path = series.log(day);
        this.hostId = hostId;
        this.name = name;
    }

    /** A line of a batch that had none here yet is about to come. */
    void enter(long newSequence, long gate) {
        if (length > 0 && (markLength == 0 || gate >= markSequence)) {
            markLength = length;
            markLines = lines;
            markSequence = sequence;
        }
        sequence = newSequence;
    }

    /** How many of the waiting bytes may go to the file, when the findings up to {@code gate} are stored. */
    int writable(long gate) {
        if (gate >= sequence) {
            return length;
        }
        return markLength > 0 && gate >= markSequence ? markLength : 0;
    }

    /** Adds a line and its line end; there must be {@link #segmentsFor} free segments. */
    void add(SegmentPool pool, byte[] bytes, int offset, int count) {
        ByteBuffer buffer = tailBuffer;
        int at = end;
        if (buffer != null && count < SegmentPool.SEGMENT_BYTES - at) {
            buffer.put(at, bytes, offset, count);
            buffer.put(at + count, (byte) '\n');
            end = at + count + 1;
        } else {
            addAcross(pool, bytes, offset, count);
        }
        length += count + 1;
        lines++;
    }

    private void addAcross(SegmentPool pool, byte[] bytes, int offset, int count) {
        int done = 0;
        while (done < count) {
            ByteBuffer buffer = room(pool);
            int part = Math.min(count - done, SegmentPool.SEGMENT_BYTES - end);
            buffer.put(end, bytes, offset + done, part);
            end += part;
            done += part;
        }
        room(pool).put(end++, (byte) '\n');
    }

    private ByteBuffer room(SegmentPool pool) {
        ByteBuffer buffer = tailBuffer;
        if (buffer != null && end < SegmentPool.SEGMENT_BYTES) {
            return buffer;
        }
        int segment = pool.take();
        segments++;
        if (tail == SegmentPool.NONE) {
            head = segment;
        } else {
            pool.chain(tail, segment);
        }
        tail = segment;
        end = 0;
        buffer = pool.buffer(segment);
        tailBuffer = buffer;
        return buffer;
    }

    /** How many new segments a line of {@code count} bytes and its line end need. */
    int segmentsFor(int count) {
        int left = tailBuffer == null ? 0 : SegmentPool.SEGMENT_BYTES - end;
        int beyond = count + 1 - left;
        return beyond <= 0 ? 0 : (beyond + SegmentPool.SEGMENT_BYTES - 1) >> SegmentPool.SHIFT;
    }

    /** Collects the buffers that hold the waiting bytes from {@link #written} to {@code bytes}; returns how many. */
    int gather(SegmentPool pool, int bytes, ByteBuffer[] into) {
        int position = start + written;
        int segment = head;
        for (; position >= SegmentPool.SEGMENT_BYTES; position -= SegmentPool.SEGMENT_BYTES) {
            segment = pool.next(segment);
        }
        int left = bytes - written;
        int count = 0;
        while (left > 0 && count < into.length) {
            ByteBuffer buffer = pool.buffer(segment);
            int part = Math.min(left, SegmentPool.SEGMENT_BYTES - position);
            buffer.limit(position + part).position(position);
            into[count++] = buffer;
            left -= part;
            position = 0;
            segment = pool.next(segment);
        }
        return count;
    }

    /** How many whole lines reached the file before a write failed. */
    int writtenLines(SegmentPool pool) {
        int count = 0;
        int position = start;
        int segment = head;
        for (int left = written; left > 0; left--) {
            if (position == SegmentPool.SEGMENT_BYTES) {
                segment = pool.next(segment);
                position = 0;
            }
            if (pool.buffer(segment).get(position++) == '\n') {
                count++;
            }
        }
        return count;
    }

    /** Forgets the first {@code bytes}, all waiting ones or those up to the mark; returns how many lines they were. */
    int drop(SegmentPool pool, int bytes) {
        int gone = bytes == length ? lines : markLines;
        int position = start + bytes;
        length -= bytes;
        lines -= gone;
        written -= Math.min(written, bytes);
        markLength = 0;
        while (head != tail && position >= SegmentPool.SEGMENT_BYTES) {
            int segment = head;
            head = pool.next(segment);
            pool.give(segment);
            segments--;
            position -= SegmentPool.SEGMENT_BYTES;
        }
        start = position;
        if (length == 0) {
            pool.give(tail);
            segments = 0;
            head = SegmentPool.NONE;
            tail = SegmentPool.NONE;
            tailBuffer = null;
            start = 0;
            end = 0;
        }
        return gone;
    }
}
