package org.loghost.parse;

import java.util.List;

/** The kinds of event that Meraki's devices name behind the host; a closed list. Stateless. */
final class MerakiKinds {
    private static final List<byte[]> KINDS = List.of(
            Ascii.bytes("events"),
            Ascii.bytes("urls"),
            Ascii.bytes("flows"),
            Ascii.bytes("firewall"),
            Ascii.bytes("l7_firewall"),
            Ascii.bytes("vpn_firewall"),
            Ascii.bytes("cellular_firewall"),
            Ascii.bytes("ip_flow_start"),
            Ascii.bytes("ip_flow_end"),
            Ascii.bytes("ids-alerts"),
            Ascii.bytes("ids_alerts"),
            Ascii.bytes("security_event"),
            Ascii.bytes("airmarshal_events"));

    private MerakiKinds() {}

    /** Whether the word {@code [from, to)} is one of them. */
    static boolean contains(byte[] bytes, int from, int to) {
        for (int i = 0; i < KINDS.size(); i++) {
            byte[] kind = KINDS.get(i);
            if (kind.length == to - from && Ascii.isAt(bytes, from, to, kind)) {
                return true;
            }
        }
        return false;
    }
}
