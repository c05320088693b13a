package org.loghost.mail;

import java.time.Duration;

/**
 * What the outbox keeps at most. Beyond it reports are given up: put aside, told of in the next report, and deleted
 * from there, the oldest first, when those put aside take as much room again.
 *
 * @param giveUp {@code give-up}: how long a destination is tried with one report
 * @param size {@code outbox-size}: octets of the reports that wait
 * @param leastTried how long this very run must have tried in vain before it gives up for age: neither a clock that was
 *     set nor a server that was off for a week may end reports that nobody has been offered
 */
public record OutboxLimits(Duration giveUp, long size, Duration leastTried) {
    /** Small mails take memory too. */
    static final int MOST_MAILS = 10_000;

    /** Five days, as mail servers have it, and 256 MiB. */
    public static OutboxLimits defaults() {
        return of(Duration.ofDays(5), 256L << 20);
    }

    /** The two that the configuration has. */
    public static OutboxLimits of(Duration giveUp, long size) {
        return new OutboxLimits(giveUp, size, Duration.ofHours(1));
    }
}
