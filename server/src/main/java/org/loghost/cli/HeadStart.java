package org.loghost.cli;

import org.apache.logging.log4j.LogManager;
import org.loghost.listen.ListenerGroup;

/**
 * Loads what takes longest to load, logging and the network library, on a thread of its own while the command line and
 * the configuration are being read. Purely for speed: whoever comes first to a class loads it, the other waits.
 */
final class HeadStart {
    private HeadStart() {}

    static void begin() {
        Thread thread = new Thread(HeadStart::load, "head-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load() {
        LogManager.getLogger(HeadStart.class);
        ListenerGroup.load();
    }
}
