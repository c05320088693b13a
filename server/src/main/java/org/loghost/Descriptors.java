package org.loghost;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Shares out the open files that the machine allows this process, so that connections can never take those that the
 * archive, the control socket, rules and mail need. Made once, at the start; immutable.
 *
 * @param limit how many files the process may have open
 * @param connections how many of them are for connections
 * @param files how many are for the archive's files
 */
record Descriptors(int limit, int connections, int files) {
    /** Kept for control, rules, reports, mail and look-ups: an eighth of the limit, within these bounds. */
    private static final int LEAST_KEPT = 24;

    private static final int MOST_KEPT = 192;

    /** Of a hundred connections' files, so many are for connections that are being closed to make room for others. */
    private static final int LEAVING_PERCENT = 10;

    /** What the archive must have at least. */
    private static final int FEWEST_FILES = 16;

    private static final int MOST_FILES = 1 << 20;
    private static final int UNKNOWN = 1024;

    /** Shares out what this process may still open; for as many as {@code wanted} connections. */
    static Descriptors ofProcess(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            return of(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount(), wanted);
        }
        return of(UNKNOWN, 0, wanted);
    }

    static Descriptors of(long limit, long inUse, int wanted) {
        long kept = Math.max(LEAST_KEPT, Math.min(limit / 8, MOST_KEPT));
        long left = Math.max(0, limit - inUse - kept);
        long forConnections = Math.min(wanted + wanted * (long) LEAVING_PERCENT / 100 + 1, left / 2);
        long connections = Math.max(1, Math.min(wanted, forConnections * 100 / (100 + LEAVING_PERCENT)));
        long files = Math.max(FEWEST_FILES, left - forConnections);
        return new Descriptors(
                (int) Math.min(limit, Integer.MAX_VALUE), (int) connections, (int) Math.min(files, MOST_FILES));
    }

    /** In one line, for the log and {@code status}. */
    String text() {
        return String.format(Locale.ROOT, "%,d open files (connections %,d, archive %,d)", limit, connections, files);
    }
}
