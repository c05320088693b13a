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
 * @param waitingBytes the budget, of each event loop, for lines that wait for their sender's name
 * @param connections how many may be open at all listeners together; those with a higher limit share them out
 */
public record ListenOptions(
        ZoneId zone,
        Duration nameWait,
        Duration drain,
        int streamLoops,
        long partialFrameBytes,
        int waitingBytes,
        int connections) {}
