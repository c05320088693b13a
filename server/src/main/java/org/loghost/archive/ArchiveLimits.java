package org.loghost.archive;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the archive may take of the machine, shared out evenly between its shards.
 *
 * @param openFiles files of hosts that may be open at once
 * @param bufferBytes direct memory for lines that are not on file yet; taken as needed, never given back
 */
public record ArchiveLimits(int openFiles, long bufferBytes) {
    /**
     * 208 MiB: a segment for each of 100,000 hosts, or a full second of 210 MB/s. With fewer segments than hosts that send
     * in turn, every line would be written by itself. One hundred hosts at full load touch about 10 MiB of it. More would
     * bring nothing.
     */
    public static final long DEFAULT_BUFFER_BYTES = 208L << 20;

    /** Descriptors left to everything that is neither a connection nor a host's file. */
    private static final int RESERVED = 256;

    private static final int FEWEST_FILES = 16;

    /** Limits taken from the process's open-file limit, leaving room for {@code connections}. */
    public static ArchiveLimits ofProcess(int connections) {
        long files = 1024;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            files = unix.getMaxFileDescriptorCount();
        }
        long left = Math.max(FEWEST_FILES, files - connections - RESERVED);
        return new ArchiveLimits((int) Math.min(left, 1 << 20), DEFAULT_BUFFER_BYTES);
    }
}
