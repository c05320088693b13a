package org.loghost.hosts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;

/**
 * The one {@link Host} of every name, and what earlier runs knew. A host of an earlier run takes no place among the
 * hosts until it sends again: after a flood of invented names, a restart makes room.
 *
 * <p>Guarded by the directory's lock.
 */
final class HostRegister {
    private final Map<String, Host> byName = new HashMap<>();
    private final List<Host> byId = new ArrayList<>();
    private final Map<String, KnownHosts.Seen> earlier = new HashMap<>();
    private final HostActivity activity;

    HostRegister(HostActivity activity) {
        this.activity = activity;
    }

    /** Takes over what an earlier run knew. */
    void earlier(KnownHosts.Seen seen) {
        Host present = byName.get(seen.name());
        if (present == null) {
            earlier.put(seen.name(), seen);
        } else {
            takeOver(present, seen);
        }
    }

    /** The host of this name if it is there. */
    @Nullable
    Host find(String name) {
        return byName.get(name);
    }

    /** The host of this name, made if need be. */
    Host host(String name) {
        Host present = byName.get(name);
        if (present != null) {
            return present;
        }
        Host host = new Host(byId.size(), name);
        byName.put(name, host);
        byId.add(host);
        KnownHosts.Seen seen = earlier.remove(name);
        if (seen != null) {
            takeOver(host, seen);
        }
        return host;
    }

    /** Whether an earlier run knew this name. */
    boolean isFromEarlier(String name) {
        return earlier.containsKey(name);
    }

    int size() {
        return byId.size();
    }

    /** The host with this {@link Host#id()}. */
    Host byId(int id) {
        return byId.get(id);
    }

    /** All hosts now, a copy. */
    List<Host> all() {
        return List.copyOf(byId);
    }

    /** What earlier runs knew and this one has not met, a copy. */
    List<KnownHosts.Seen> allEarlier() {
        return List.copyOf(earlier.values());
    }

    private void takeOver(Host host, KnownHosts.Seen seen) {
        activity.known(host.id(), seen.firstMillis(), seen.lastMillis(), seen.messages());
    }
}
