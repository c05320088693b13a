package org.loghost.archive;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What one pass of housekeeping deleted, for the server's own log: a line for each day and reason. One thread. */
final class Deletions {
    private static final Logger logger = LogManager.getLogger(Deletions.class);
    private static final int MOST_NAMED = 20;

    private final Map<String, Deleted> byDayAndReason = new TreeMap<>();

    private static final class Deleted {
        final List<String> hosts = new ArrayList<>();
        long files;
        long bytes;
    }

    /** A day's file was deleted. */
    void add(Path file, LocalDate day, long bytes, String reason) {
        Deleted deleted = byDayAndReason.computeIfAbsent(day + " (" + reason + ")", key -> new Deleted());
        deleted.files++;
        deleted.bytes += bytes;
        if (deleted.hosts.size() < MOST_NAMED) {
            deleted.hosts.add(String.valueOf(file.getName(Math.max(0, file.getNameCount() - 2))));
        }
    }

    /** Writes it all to the log. */
    void log() {
        byDayAndReason.forEach((day, deleted) -> {
            long more = deleted.files - deleted.hosts.size();
            logger.info(
                    "archive: deleted {}: {} files, {} bytes, of {}{}",
                    day,
                    deleted.files,
                    deleted.bytes,
                    String.join(", ", deleted.hosts),
                    more > 0 ? " and " + more + " more" : "");
        });
        byDayAndReason.clear();
    }
}
