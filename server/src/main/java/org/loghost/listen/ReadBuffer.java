package org.loghost.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Gives every read of one event loop the same direct buffer: each read is copied into a batch before the next begins,
 * so that ten thousand connections need one buffer and not one each. It also notes when a read came.
 *
 * <p>While the loop is paused a read gets {@link #PAUSED_BYTES} only: Netty still reads once from each channel that it
 * knows to be ready, and that must not add up.
 *
 * <p>For the event loop alone.
 */
final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    static final int PAUSED_BYTES = 512;

    private final BatchFiller filler;
    private final int pausedBytes;
    private final ByteBuf shared;
    private long readMillis;

    private ReadBuffer(BatchFiller filler, int size, int pausedBytes, int maxMessagesPerRead) {
        super(maxMessagesPerRead);
        this.filler = filler;
        this.pausedBytes = pausedBytes;
        this.shared = Unpooled.directBuffer(size, size);
    }

    /** For connections: {@code size} bytes a read. */
    static ReadBuffer forStreams(BatchFiller filler, int size) {
        return new ReadBuffer(filler, size, PAUSED_BYTES, 4);
    }

    /** For datagrams of at most {@code payload} bytes, up to {@code datagrams} a read. */
    static ReadBuffer forDatagrams(BatchFiller filler, int payload, int datagrams) {
        return new ReadBuffer(filler, payload * datagrams, payload, 4 * datagrams);
    }

    /** The server's clock at the last read, in milliseconds since the epoch. */
    long readMillis() {
        return readMillis;
    }

    /** Gives the memory back; when no channel reads any more. */
    void release() {
        shared.release();
    }

    @SuppressWarnings("deprecation") // Handle: ExtendedHandle, which Netty asks for, extends it
    @Override
    public Handle newHandle() {
        return new SharedHandle();
    }

    private final class SharedHandle extends MaxMessageHandle {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (shared.refCnt() != 1) {
                return allocator.directBuffer(pausedBytes, pausedBytes); // parked datagrams lie in it
            }
            int start = filler.isPaused() ? shared.capacity() - pausedBytes : 0;
            return shared.setIndex(start, start).retain();
        }

        @Override
        public int guess() {
            return shared.capacity();
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes > 0) {
                readMillis = System.currentTimeMillis();
            }
            super.lastBytesRead(bytes);
        }
    }
}
