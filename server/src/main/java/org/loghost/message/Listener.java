package org.loghost.message;

import java.time.ZoneId;

/**
 * The listener a message came in by, as far as the rest of the server needs to know it.
 *
 * @param name what the operator sees, for example {@code udp [::]:514}
 * @param kind the transport
 * @param trustSender whether the sender's own name is used even when the header carries another one
 * @param zone the zone of time stamps that name none
 */
public record Listener(String name, Kind kind, boolean trustSender, ZoneId zone) {

    /** The transport of a listener; {@code INTERNAL} is the server itself. */
    public enum Kind {
        UDP,
        TCP,
        UNIX,
        INTERNAL
    }
}
