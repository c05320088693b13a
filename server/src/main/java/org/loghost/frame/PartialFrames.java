package org.loghost.frame;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory, bounded in bytes, in which the connections of one server keep frames whose end has not come yet.
 *
 * <p>The first {@link #SMALL} bytes of each connection do not count, so that a few connections with long half frames
 * cannot take the room for an ordinary line from the others; the limit of connections bounds that part.
 *
 * <p>Any thread.
 */
public final class PartialFrames {
    /** 64 MiB. */
    public static final long DEFAULT_BUDGET = 64L * 1024 * 1024;

    /** What each connection may keep outside the budget. */
    public static final int SMALL = 1024;

    private final long budget;
    private final AtomicLong taken = new AtomicLong();

    /** Room for {@code budget} bytes beyond the small part of each connection. */
    public PartialFrames(long budget) {
        this.budget = budget;
    }

    /** The bytes of the budget in use. */
    public long taken() {
        return taken.get();
    }

    /**
     * An array of at least {@code needed} and at most {@code most} bytes with the content of {@code old}, which is given back; or null when the
     * budget is used up, and {@code old} stays the caller's.
     */
    byte @Nullable [] grow(byte[] old, int needed, int most) {
        int size = Math.max(SMALL, Math.min(most, Integer.highestOneBit(needed - 1) << 1));
        if (size > SMALL && !reserve(size)) {
            return null;
        }
        byte[] grown = Arrays.copyOf(old, size);
        release(old);
        return grown;
    }

    /** Gives an array back. */
    void release(byte[] array) {
        if (array.length > SMALL) {
            taken.addAndGet(-array.length);
        }
    }

    private boolean reserve(int size) {
        if (taken.addAndGet(size) <= budget) {
            return true;
        }
        taken.addAndGet(-size);
        return false;
    }
}
