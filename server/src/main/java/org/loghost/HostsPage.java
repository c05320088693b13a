package org.loghost;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
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
                "%-32s %-19s  %-19s  %14s  %7s  %s%n",
                "host",
                "last seen",
                "first seen",
                "messages",
                "clock",
                "addresses"));
        for (HostInfo host : hosts) {
            page.append(String.format(
                    Locale.ROOT,
                    "%-32s %s  %s  %,14d  %7s  %s%n",
                    host.name(),
                    TIME.format(Instant.ofEpochMilli(host.lastSeenMillis()).atZone(zone)),
                    TIME.format(Instant.ofEpochMilli(host.firstSeenMillis()).atZone(zone)),
                    host.messages(),
                    clock(host.skewMicros()),
                    senders(host)));
        }
        return page.toString();
    }

    /** How far the device's clock is from the server's; {@code ok} within two minutes, as lines may wait on their way. */
    private static String clock(long skewMicros) {
        if (skewMicros == 0) {
            return "-"; // no message of this run had a time stamp
        }
        Duration skew = Duration.of(Math.abs(skewMicros), ChronoUnit.MICROS);
        String sign = skewMicros < 0 ? "-" : "+";
        if (skew.compareTo(Duration.ofMinutes(2)) < 0) {
            return "ok";
        }
        if (skew.compareTo(Duration.ofHours(2)) < 0) {
            return sign + skew.toMinutes() + " min";
        }
        return skew.compareTo(Duration.ofDays(2)) < 0 ? sign + skew.toHours() + " h" : sign + skew.toDays() + " d";
    }

    private static String senders(HostInfo host) {
        if (!host.addresses().isEmpty() || host.lastSender().isEmpty()) {
            return String.join(" ", host.addresses());
        }
        return "by " + host.lastSender();
    }

    static String json(List<HostInfo> hosts) {
        return hosts.stream()
                .map(host -> "{\"name\":" + JsonText.quoted(host.name()) + ",\"first_seen\":"
                        + JsonText.quoted(
                                Instant.ofEpochMilli(host.firstSeenMillis()).toString()) + ",\"last_seen\":"
                        + JsonText.quoted(
                                Instant.ofEpochMilli(host.lastSeenMillis()).toString()) + ",\"messages\":"
                        + host.messages() + ",\"clock_skew_millis\":" + host.skewMicros() / 1000
                        + ",\"name_from\":"
                        + JsonText.quoted(host.source().name().toLowerCase(Locale.ROOT)) + ",\"addresses\":"
                        + JsonText.list(host.addresses()) + ",\"last_sender\":" + JsonText.quoted(host.lastSender())
                        + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
