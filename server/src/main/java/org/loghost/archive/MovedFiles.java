package org.loghost.archive;

import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/** Tells of files that another program moved, removed or replaced while they were open, as one notice. Any thread. */
final class MovedFiles {
    private static final Logger logger = LogManager.getLogger(MovedFiles.class);

    /** So many are logged one by one, the others not: a cron job may take all hosts' files at once. */
    private static final int LOGGED = 3;

    private final Notices notices;
    private int count;

    MovedFiles(Notices notices) {
        this.notices = notices;
    }

    /** A file was not there any more, and has been made or opened anew. */
    synchronized void found(Path file) {
        String text =
                "archive: " + file + " was moved, removed or replaced while it was open, and has been opened anew;"
                        + " let no other program rotate or delete the archive's files (see keep and max-size)";
        notices.post(Notice.Level.WARNING, "archive moved", text);
        if (count++ < LOGGED) {
            logger.warn("{}", text);
        }
    }
}
