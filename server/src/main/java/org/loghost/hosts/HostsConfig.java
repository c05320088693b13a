package org.loghost.hosts;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code [hosts]} of the configuration.
 *
 * @param names {@code [hosts.names]}: address to host name, before any look-up
 * @param aliases {@code [hosts.aliases]}: another name to the host's name
 * @param stripDomains {@code strip-domains}: domains cut from names; by default the loghost's own
 * @param reverseDns {@code reverse-dns}: whether senders without a name are looked up
 * @param dnsServers {@code dns-servers}: {@code host:port}; empty for the system's
 * @param dnsWait {@code dns-wait}: how long a new sender's lines wait for its name
 * @param maxHosts {@code max-hosts}: distinct hosts in all
 * @param maxNewPerSender {@code max-new-per-sender}: new host names one sender may bring per hour
 */
public record HostsConfig(
        Map<String, String> names,
        Map<String, String> aliases,
        List<String> stripDomains,
        boolean reverseDns,
        List<String> dnsServers,
        Duration dnsWait,
        int maxHosts,
        int maxNewPerSender) {

    /** All defaults, with these local domains. */
    public static HostsConfig defaults(List<String> stripDomains) {
        return new HostsConfig(
                Map.of(), Map.of(), stripDomains, true, List.of(), Duration.ofSeconds(1), 100_000, 2_000);
    }
}
