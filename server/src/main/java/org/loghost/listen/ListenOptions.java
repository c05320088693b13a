package org.loghost.listen;

import java.time.Duration;
import java.time.ZoneId;

/**
 * What holds for all listeners together.
 *
 * @param zone the zone of time stamps without one, at listeners that do not say
 * @param nameWait {@code dns-wait}: how long a line without a host waits for its sender's name at most
 * @param drain how long a stop reads what the sockets already hold at most
 * @param streamLoops event loops for TCP; datagrams have one of their own
 * @param partialFrameBytes the budget for half frames of all connections together
 */
public record ListenOptions(ZoneId zone, Duration nameWait, Duration drain, int streamLoops, long partialFrameBytes) {

    /** One stream loop, one second for names and for draining, 64 MiB for half frames. */
    public static ListenOptions standard(ZoneId zone) {
        return new ListenOptions(
                zone, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, org.loghost.frame.PartialFrames.DEFAULT_BUDGET);
    }
}
