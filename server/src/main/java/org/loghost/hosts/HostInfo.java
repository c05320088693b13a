package org.loghost.hosts;

import java.util.List;

/**
 * What is known of one host at one moment.
 *
 * @param name the name of its archive folder
 * @param source where the name comes from
 * @param addresses the addresses that this name was found for; empty when only headers named it
 * @param lastSender the address its latest message of this run came from, {@code local} for the loghost's own; a relay's
 *     for the hosts behind it; empty when none came in this run
 * @param firstSeenMillis receive time of its first message, milliseconds since the epoch; 0 when none came yet
 * @param lastSeenMillis receive time of its latest message
 * @param messages how many came, over all runs
 * @param skewMicros the device's clock minus the server's at the latest message with a time stamp, microseconds; 0 when
 *     there was none in this run
 */
public record HostInfo(
        String name,
        Source source,
        List<String> addresses,
        String lastSender,
        long firstSeenMillis,
        long lastSeenMillis,
        long messages,
        long skewMicros) {

    /** Where a host's name comes from; the first that applies. */
    public enum Source {
        /** It is the loghost itself. */
        OWN,
        /** {@code [hosts.names]}. */
        CONFIGURED,
        /** Forward-confirmed reverse DNS. */
        DNS,
        /** The sender's bare address, for want of a name. */
        ADDRESS,
        /** The headers of its messages. */
        HEADER
    }
}
