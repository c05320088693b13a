package org.loghost.listen;

import io.netty.util.internal.PlatformDependent;
import java.util.List;

/** What listening takes of the memory, in bytes; for whoever shares it out. */
public final class MemoryNeeds {
    /** The heap for an open connection: its channel, its framer, and the first part of a half frame. */
    public static final long CONNECTION = 4_096;

    /** Buffers that Netty takes for itself, and the Java machine for each thread that writes a file. */
    private static final long DIRECT_REST = 32L << 20;

    private MemoryNeeds() {}

    /** The memory beside the heap that the Java machine allows ({@code -XX:MaxDirectMemorySize}). */
    public static long maxDirect() {
        return PlatformDependent.estimateMaxDirectMemory();
    }

    /** The heap by which a batch may grow beyond its first size while it is filled. */
    public static long batchGrowth(int maxMessage) {
        return BatchFiller.mostGrowth(maxMessage);
    }

    /** Memory beside the heap that the listeners' sockets are read with. */
    public static long direct(List<ListenerConfig> listeners, int eventLoops) {
        long sum = DIRECT_REST + (long) eventLoops * StreamLoop.READ_BYTES;
        for (ListenerConfig listener : listeners) {
            if (listener instanceof ListenerConfig.Udp udp) {
                sum += UdpListener.readBytes(udp.maxMessage());
            } else if (listener instanceof ListenerConfig.Unix unix) {
                sum += UnixListener.readBytes(unix.maxMessage());
            }
        }
        return sum;
    }
}
