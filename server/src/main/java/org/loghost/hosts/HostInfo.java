package org.loghost.hosts;

import java.util.List;

/**
 * What is known of one host at one moment.
 *
 * @param name the name of its archive folder
 * @param addresses the addresses that this name was found for; empty when only headers named it
 * @param firstSeenMillis receive time of its first message, milliseconds since the epoch; 0 when none came yet
 * @param lastSeenMillis receive time of its latest message
 * @param messages how many came, over all runs
 * @param skewMicros the device's clock minus the server's at the latest message with a time stamp, microseconds
 */
public record HostInfo(
        String name,
        List<String> addresses,
        long firstSeenMillis,
        long lastSeenMillis,
        long messages,
        long skewMicros) {}
