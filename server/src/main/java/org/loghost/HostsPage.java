package org.loghost;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.loghost.hosts.HostInfo;
import org.loghost.parse.JsonText;

/** What {@code loghost hosts} shows. */
final class HostsPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private HostsPage() {}

    static String text(List<HostInfo> hosts, ZoneId zone) {
        StringBuilder page = new StringBuilder(String.format(
                Locale.ROOT,
                "%-32s %-19s  %-19s  %14s  %s%n",
                "host",
                "last seen",
                "first seen",
                "messages",
                "addresses"));
        for (HostInfo host : hosts) {
            page.append(String.format(
                    Locale.ROOT,
                    "%-32s %s  %s  %,14d  %s%n",
                    host.name(),
                    TIME.format(Instant.ofEpochMilli(host.lastSeenMillis()).atZone(zone)),
                    TIME.format(Instant.ofEpochMilli(host.firstSeenMillis()).atZone(zone)),
                    host.messages(),
                    String.join(" ", host.addresses())));
        }
        return page.toString();
    }

    static String json(List<HostInfo> hosts) {
        return hosts.stream()
                .map(host -> "{\"name\":" + JsonText.quoted(host.name()) + ",\"first_seen\":"
                        + JsonText.quoted(
                                Instant.ofEpochMilli(host.firstSeenMillis()).toString()) + ",\"last_seen\":"
                        + JsonText.quoted(
                                Instant.ofEpochMilli(host.lastSeenMillis()).toString()) + ",\"messages\":"
                        + host.messages() + ",\"addresses\":" + JsonText.list(host.addresses()) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
