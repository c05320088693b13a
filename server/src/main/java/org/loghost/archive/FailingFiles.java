package org.loghost.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * The files that cannot be written for a reason of their own, told as one notice however many they are: when another one
 * joins them, when lines are lost, again each time twice as many are, and when all are mended.
 *
 * <p>Any thread; rare events only.
 */
final class FailingFiles {
    private static final Logger logger = LogManager.getLogger(FailingFiles.class);

    private static final String NOTICE = "archive files";

    /** How many are named; the others are counted. */
    private static final int NAMED = 3;

    private final Notices notices;
    private final Map<Path, Failing> failing = new LinkedHashMap<>();
    private int most;
    private long lost;
    private long toldLost;
    private volatile int count;

    FailingFiles(Notices notices) {
        this.notices = notices;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** A file could not be written, for the first time since it was well. */
    synchronized void begins(LineFile file, IOException error) {
        failing.put(file.path, Failing.of(file, error));
        count = failing.size();
        most = Math.max(most, count);
        String text = text();
        notices.post(Notice.Level.WARNING, NOTICE, text);
        if (count <= NAMED) {
            logger.warn("{}", text);
        }
    }

    /** Lines of failing files were given up. */
    synchronized void lose(long lines) {
        lost += lines;
        if (lost >= 2 * toldLost) {
            toldLost = lost;
            String text = text();
            notices.post(Notice.Level.WARNING, NOTICE, text);
            logger.error("{}", text);
        }
    }

    /** A file was written again, or what waited for it was given up. */
    synchronized void ends(LineFile file) {
        if (failing.remove(file.path) == null) {
            return;
        }
        count = failing.size();
        if (count == 0) {
            String text = "archive: the files of " + most + (most == 1 ? " host" : " hosts")
                    + " are written again; lines lost meanwhile: " + lost;
            notices.post(Notice.Level.WARNING, NOTICE, text);
            logger.warn("{}", text);
            most = 0;
            lost = 0;
            toldLost = 0;
        }
    }

    /** What is the matter, in one line; empty when nothing is. */
    synchronized String text() {
        if (failing.isEmpty()) {
            return "";
        }
        return "archive: lines of " + names() + " wait in memory: " + reasons()
                + "; other hosts are not concerned. At most " + (Troubles.BYTES_PER_HOST >> 10)
                + " KiB of a host wait, further lines are lost (so far " + lost
                + "). Let the server's user write there; it is tried again by itself";
    }

    /** Which files, and why; empty when there are none. */
    synchronized String reasons() {
        String named = failing.values().stream().limit(NAMED).map(Failing::why).collect(Collectors.joining("; "));
        return count <= NAMED ? named : named + "; and " + (count - NAMED) + " more";
    }

    private String names() {
        String names = failing.values().stream().limit(NAMED).map(Failing::name).collect(Collectors.joining(", "));
        return count <= NAMED
                ? names
                : names + " and " + (count - NAMED) + (count - NAMED == 1 ? " more host" : " more hosts");
    }

    private record Failing(String name, String why) {
        static Failing of(LineFile file, IOException error) {
            String reason = ArchiveFolder.reason(error);
            return new Failing(file.name, reason.startsWith("/") ? reason : file.path + ": " + reason);
        }
    }
}
