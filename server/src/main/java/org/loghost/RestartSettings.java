package org.loghost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.loghost.config.LoghostConfig;

/** The settings that a reload cannot change: they are read once, when the server starts. */
final class RestartSettings {
    private RestartSettings() {}

    /** Which of them differ from those of the start, by their names in the configuration file. */
    static List<String> between(LoghostConfig startedWith, LoghostConfig read) {
        Map<String, Boolean> changed = new LinkedHashMap<>();
        changed.put("zone", !read.zone().equals(startedWith.zone()));
        changed.put("[[listen]]", !read.listeners().equals(startedWith.listeners()));
        changed.put(
                "archive.path",
                !read.archive().path().equals(startedWith.archive().path()));
        changed.put(
                "archive.combined",
                !Objects.equals(read.archive().combined(), startedWith.archive().combined()));
        changed.put(
                "archive.group",
                !Objects.equals(read.archive().group(), startedWith.archive().group()));
        changed.put(
                "hosts.reverse-dns",
                read.hosts().reverseDns() != startedWith.hosts().reverseDns());
        changed.put(
                "hosts.dns-servers",
                !read.hosts().dnsServers().equals(startedWith.hosts().dnsServers()));
        changed.put(
                "hosts.dns-wait",
                !read.hosts().dnsWait().equals(startedWith.hosts().dnsWait()));
        changed.put("report.to", !read.report().to().equals(startedWith.report().to()));
        changed.put("[mail]", !read.mail().equals(startedWith.mail()));
        changed.put("[control]", !read.control().equals(startedWith.control()));
        changed.put("[threads]", !read.threads().equals(startedWith.threads()));
        return changed.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }
}
