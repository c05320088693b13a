package org.loghost.archive;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.loghost.file.OsError;

/** Whether a file could not be opened because the process may have no more files open; in any language. */
final class Descriptors {
    /** Others may have closed some between the failure and this look. */
    private static final int MARGIN = 2;

    boolean areUsedUp(IOException error) {
        OsError kind = OsError.of(error);
        if (kind != OsError.OTHER) {
            return kind == OsError.TOO_MANY_FILES;
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getOpenFileDescriptorCount() >= unix.getMaxFileDescriptorCount() - MARGIN;
    }
}
