package org.loghost.metrics;

import java.time.Instant;

/**
 * Something the operator must know that is not a log line: a faulty rule, a refused sender, a full disk.
 *
 * @param level whether it is worth a mail of its own
 * @param text one line, untrusted parts already escaped: what, where, and what to do
 * @param times how often it happened since the last report
 * @param first when it happened first since the last report
 * @param last when it happened last
 */
public record Notice(Level level, String text, long times, Instant first, Instant last) {

    /** Whether a notice causes a report when there is nothing else to say; the higher level is the later one. */
    public enum Level {
        /** Said when there is a report anyway. */
        INFO,
        /** Causes a report. */
        WARNING
    }

    /**
     * What a notice is about. Each topic has space of its own, so that none can push out another's; they are shown in this
     * order.
     */
    public enum Topic {
        /** The server's own health: disk, losses, mail, crashes, gaps. */
        SERVER(200),
        /** What somebody changed or tried to: configuration, rule files that came, went or changed. */
        SETTINGS(200),
        /** Faults in rules, one notice a rule. */
        RULES(100),
        /** Whatever others can cause over the network or by DNS, one notice a kind: see {@link Notices#postExample}. */
        OUTSIDERS(50);

        private final int most;

        Topic(int most) {
            this.most = most;
        }

        /** Distinct notices kept between two reports. */
        public int most() {
            return most;
        }
    }
}
