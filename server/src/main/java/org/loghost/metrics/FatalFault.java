package org.loghost.metrics;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The end of a thread without which something is no longer written, reported or delivered while everything else looks
 * alive: the process ends, so that whoever supervises it starts it anew. What is stored stays stored.
 */
public final class FatalFault {
    private static final Logger logger = LogManager.getLogger(FatalFault.class);

    private FatalFault() {}

    /** For {@link Thread#setUncaughtExceptionHandler}: says why and halts with status 1. */
    public static void endProcess(Thread failed, Throwable fault) {
        try {
            logger.fatal("The thread {} ended by a fault; the process ends", failed.getName(), fault);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
