package org.loghost.hosts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.loghost.message.Host;

/** Puts together what is known of every host, from copies, so that nobody waits meanwhile. One thread. */
final class HostList {
    private final String ownName;
    private final HostNaming naming;
    private final Map<String, List<String>> addresses = new HashMap<>();
    private final List<HostInfo> infos = new ArrayList<>();

    HostList(String ownName, HostNaming naming, List<KnownHosts.Sender> senders) {
        this.ownName = ownName;
        this.naming = naming;
        for (KnownHosts.Sender sender : senders) {
            addresses
                    .computeIfAbsent(naming.host(sender.name()), name -> new ArrayList<>())
                    .add(HostName.text(sender.address()));
        }
    }

    /** Adds those of this run's hosts that ever sent something. */
    void addPresent(List<Host> hosts, HostActivity activity) {
        for (Host host : hosts) {
            HostActivity.Seen seen = activity.of(host.id());
            if (seen.messages() > 0) {
                add(host.name(), seen);
            }
        }
    }

    /** Adds the hosts that only earlier runs have met. */
    void addEarlier(List<KnownHosts.Seen> hosts) {
        for (KnownHosts.Seen known : hosts) {
            add(known.name(), new HostActivity.Seen(known.firstMillis(), known.lastMillis(), known.messages(), 0, ""));
        }
    }

    /** All that was added, by name. */
    List<HostInfo> byName() {
        infos.sort(Comparator.comparing(HostInfo::name));
        return infos;
    }

    private void add(String name, HostActivity.Seen seen) {
        infos.add(new HostInfo(
                name,
                source(name),
                List.copyOf(addresses.getOrDefault(name, List.of())),
                seen.lastSender(),
                seen.firstMillis(),
                seen.lastMillis(),
                seen.messages(),
                seen.skewMicros()));
    }

    private HostInfo.Source source(String name) {
        if (name.equals(ownName)) {
            return HostInfo.Source.OWN;
        }
        if (naming.isConfigured(name)) {
            return HostInfo.Source.CONFIGURED;
        }
        if (addresses.containsKey(name)) {
            return HostInfo.Source.DNS;
        }
        return HostName.isAddress(name) ? HostInfo.Source.ADDRESS : HostInfo.Source.HEADER;
    }
}
