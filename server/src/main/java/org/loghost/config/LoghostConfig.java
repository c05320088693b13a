package org.loghost.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.ArchiveConfig;
import org.loghost.hosts.HostsConfig;
import org.loghost.listen.ListenerConfig;
import org.loghost.mail.MailConfig;
import org.loghost.report.ReportConfig;
import org.loghost.rules.RulesConfig;

/**
 * The whole configuration, checked: every path absolute, every number within its bounds.
 *
 * @param file where it was read from; null for the built-in defaults
 * @param data {@code data}: base of every relative path; itself relative to the file's folder
 * @param zone {@code zone}: governs day files, schedule and report
 * @param listeners {@code [[listen]]}; never empty
 * @param builtInListeners whether the listeners are the built-in ones, which may fall back to another port
 * @param archive {@code [archive]}
 * @param hosts {@code [hosts]}
 * @param rules {@code [rules]}
 * @param report {@code [report]}
 * @param mail {@code [mail]}
 * @param control {@code [control]}
 * @param threads {@code [threads]}
 * @param warnings what is allowed and yet dangerous, such as a file writable by others; for status and report
 */
public record LoghostConfig(
        @Nullable Path file,
        Path data,
        ZoneId zone,
        List<ListenerConfig> listeners,
        boolean builtInListeners,
        ArchiveConfig archive,
        HostsConfig hosts,
        RulesConfig rules,
        ReportConfig report,
        MailConfig mail,
        Control control,
        Threads threads,
        List<String> warnings) {

    /**
     * {@code [control]}: the socket behind {@code loghost status} and the other questions.
     *
     * @param path {@code path}: the socket
     * @param group {@code group}: who may ask beside the server's own user; null for nobody
     */
    public record Control(Path path, @Nullable String group) {}

    /**
     * {@code [threads]}; one of each does for most sites, and is the default on up to seven processors.
     *
     * @param eventLoops {@code event-loops}: read TCP connections; UDP has one of its own
     * @param archiveShards {@code archive-shards}: write host files
     * @param classifiers {@code classifiers}: match rules; 0: no message is classified
     */
    public record Threads(int eventLoops, int archiveShards, int classifiers) {
        /** The defaults; about as much work falls to each kind of thread, and less to the archive. */
        public static Threads of(int processors) {
            int most = 4;
            int some = Math.max(1, Math.min(processors / 4, most));
            return new Threads(some, Math.max(1, Math.min(processors / 8, most)), some);
        }
    }

    /** All defaults, under a data folder. */
    public static LoghostConfig defaults(Path data) {
        return ConfigReader.here().defaults(data);
    }
}
