package org.loghost.hosts;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a name or an address means under one configuration: {@code [hosts.names]}, {@code [hosts.aliases]} and the local
 * domains, brought to safe form once, so that case and the many spellings of an IPv6 address make no difference.
 *
 * <p>Immutable; any thread.
 */
final class HostNaming {
    /** An alias may point to an alias; a ring of them ends here. */
    private static final int MAX_STEPS = 8;

    private final Map<String, String> names = new HashMap<>();
    private final Set<String> configured = new HashSet<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final List<String> domains = new ArrayList<>();

    HostNaming(HostsConfig config) {
        for (String domain : config.stripDomains()) {
            domains.add(bare(domain));
        }
        config.aliases().forEach((from, to) -> aliases.put(HostName.safe(from), to));
        config.names().forEach((address, name) -> names.put(HostName.safe(address), joined(name)));
        configured.addAll(names.values());
    }

    /**
     * The name of the host that a header, DNS or an operator calls {@code raw}; empty when that names nobody: nothing
     * usable, or {@code localhost} and its addresses, which everybody calls himself.
     */
    String host(String raw) {
        String given = names.get(HostName.safe(raw));
        if (given != null) {
            return given;
        }
        InetAddress address = HostName.address(raw);
        String name = joined(raw);
        return isLocal(name) || (address != null && HostName.isThisMachine(address)) ? "" : name;
    }

    /** What the configuration calls this address: a name, or an alias of its text; null when it says nothing. */
    @Nullable
    String configured(InetAddress address) {
        String safe = HostName.safe(address);
        String name = names.get(safe);
        return name == null && aliases.containsKey(safe) ? joined(safe) : name;
    }

    /** Whether {@code [hosts.names]} gives some address this name. */
    boolean isConfigured(String name) {
        return configured.contains(name);
    }

    private String joined(String raw) {
        String name = raw;
        for (int step = 0; step < MAX_STEPS; step++) {
            String full = HostName.safe(name);
            String alias = aliases.get(full);
            String shortened = HostName.address(name) == null ? withoutDomain(full) : full;
            if (alias == null) {
                alias = aliases.get(shortened);
            }
            if (alias == null || HostName.safe(alias).equals(full)) {
                return shortened;
            }
            name = alias;
        }
        return HostName.safe(name);
    }

    private String withoutDomain(String name) {
        for (String domain : domains) {
            int dot = name.length() - domain.length() - 1;
            if (dot > 0 && name.charAt(dot) == '.' && name.endsWith(domain)) {
                return name.substring(0, dot);
            }
        }
        return name;
    }

    private static String bare(String domain) {
        String bare = domain.toLowerCase(Locale.ROOT);
        return bare.startsWith(".") ? bare.substring(1) : bare;
    }

    private static boolean isLocal(String name) {
        return name.equals("localhost") || name.equals("localhost.localdomain");
    }
}
