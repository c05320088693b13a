package org.loghost.archive;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The files of one host (or the combined file), one per day: {@code <prefix><yyyy-mm-dd>.log}, {@code .log.gz} once
 * compressed, and a link to the newest. Immutable; any thread.
 *
 * @param folder where they lie
 * @param prefix what stands before the date; empty for a host
 * @param link the name of the symbolic link to the file written last
 */
record DaySeries(Path folder, String prefix, String link) {
    static final String LINK = "current.log";
    static final String LOG = ".log";
    static final String GZ = ".log.gz";

    private static final int DATE_LENGTH = 10;

    static DaySeries ofHost(Path folder) {
        return new DaySeries(folder, "", LINK);
    }

    /** {@code all.log} is the link, {@code all-2026-11-23.log} the file. */
    static DaySeries ofCombined(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        String name = String.valueOf(absolute.getFileName());
        String stem = name.endsWith(LOG) ? name.substring(0, name.length() - LOG.length()) : name;
        Path parent = absolute.getParent();
        return new DaySeries(parent == null ? absolute : parent, stem + "-", name);
    }

    Path log(LocalDate day) {
        return folder.resolve(prefix + day + LOG);
    }

    Path gz(LocalDate day) {
        return folder.resolve(prefix + day + GZ);
    }

    Path linkPath() {
        return folder.resolve(link);
    }

    /** The day of a file's name, or null when the file is none of this series. */
    @Nullable
    LocalDate dayOf(String fileName) {
        int end = prefix.length() + DATE_LENGTH;
        if (!fileName.startsWith(prefix) || fileName.length() <= end) {
            return null;
        }
        String tail = fileName.substring(end);
        if (!tail.equals(LOG) && !tail.equals(GZ)) {
            return null;
        }
        try {
            return LocalDate.parse(fileName.substring(prefix.length(), end));
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
