package org.loghost.archive;

import java.nio.ByteBuffer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory in segments of one size, chained by number: the bound, in bytes, on what waits for its file. Small
 * segments serve 100,000 quiet hosts; chains of them serve one busy host, and leave in one gathering write.
 *
 * <p>The last segment given back is the first handed out, so that little memory is touched while little is buffered.
 * One owner thread.
 */
final class SegmentPool {
    static final int SHIFT = 11;
    static final int SEGMENT_BYTES = 1 << SHIFT;
    static final int NONE = -1;

    private static final Logger logger = LogManager.getLogger(SegmentPool.class);
    private static final int REGION_SEGMENTS = 512;

    private final @Nullable ByteBuffer[] segments;
    private final int[] next;
    private int capacity;
    private int made;
    private int free = NONE;
    private int used;

    SegmentPool(long bytes) {
        capacity = (int) Math.max(REGION_SEGMENTS, Math.min(bytes >> SHIFT, Integer.MAX_VALUE >> SHIFT));
        segments = new ByteBuffer[capacity];
        next = new int[capacity];
    }

    /** A segment whose {@link #next} is {@link #NONE}, or {@code NONE} when all are in use. */
    int take() {
        if (free == NONE) {
            makeRegion();
            if (free == NONE) {
                return NONE;
            }
        }
        int segment = free;
        free = next[segment];
        next[segment] = NONE;
        used++;
        return segment;
    }

    void give(int segment) {
        next[segment] = free;
        free = segment;
        used--;
    }

    ByteBuffer buffer(int segment) {
        ByteBuffer buffer = segments[segment];
        if (buffer == null) {
            throw new AssertionError(segment);
        }
        return buffer;
    }

    int next(int segment) {
        return next[segment];
    }

    void chain(int segment, int follower) {
        next[segment] = follower;
    }

    int capacity() {
        return capacity;
    }

    int available() {
        return capacity - used;
    }

    private void makeRegion() {
        int count = Math.min(REGION_SEGMENTS, capacity - made);
        if (count <= 0) {
            return;
        }
        ByteBuffer region;
        try {
            region = ByteBuffer.allocateDirect(count << SHIFT);
        } catch (OutOfMemoryError e) {
            capacity = made;
            logger.warn(
                    "archive buffers end at {} MiB: direct memory is used up (expected: -XX:MaxDirectMemorySize allows for"
                            + " the archive's buffers)",
                    ((long) made << SHIFT) >> 20);
            return;
        }
        for (int i = count - 1; i >= 0; i--) {
            segments[made + i] = region.slice(i << SHIFT, SEGMENT_BYTES);
            next[made + i] = free;
            free = made + i;
        }
        made += count;
    }
}
