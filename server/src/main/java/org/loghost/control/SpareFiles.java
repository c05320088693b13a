package org.loghost.control;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Open files kept in reserve, so that questions are answered although everything else has used up what the process may
 * open. Any thread.
 */
final class SpareFiles implements Closeable {
    private static final Logger logger = LogManager.getLogger(SpareFiles.class);

    /** For one answer: the connection, and what waiting for it takes. */
    private static final int FOR_ONE_ANSWER = 4;

    private final int most;
    private final Deque<Closeable> open = new ArrayDeque<>();

    /** Enough for so many answers at once; opened by {@link #fill}. */
    SpareFiles(int answers) {
        this.most = answers * FOR_ONE_ANSWER;
    }

    /** Opens again what is missing, as far as that is possible now. */
    synchronized void fill() {
        try {
            while (open.size() < most) {
                open.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException noneLeft) {
            logger.debug("No open file to spare: {}", noneLeft.getMessage());
        }
    }

    /** Gives up what one answer takes. */
    synchronized void giveForOneAnswer() {
        for (int i = 0; i < FOR_ONE_ANSWER && !open.isEmpty(); i++) {
            closeOne();
        }
    }

    /** Gives up everything. */
    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            closeOne();
        }
    }

    private void closeOne() {
        try {
            open.pop().close();
        } catch (IOException e) {
            logger.debug("Closing a spare file: {}", e.getMessage());
        }
    }
}
