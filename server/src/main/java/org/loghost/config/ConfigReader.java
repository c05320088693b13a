package org.loghost.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.ArchiveConfig;
import org.loghost.hosts.HostsConfig;
import org.loghost.listen.ListenerConfig;
import org.loghost.mail.MailConfig;
import org.loghost.report.ReportConfig;
import org.loghost.rules.RulesConfig;
import org.tomlj.Toml;

/** Reads a TOML file into a {@link LoghostConfig}, or says everything that is wrong with it. Any thread. */
public final class ConfigReader {
    /** Where syslog arrives (RFC 3164, section 2; RFC 6587 for TCP). */
    private static final String SYSLOG_PORT = "[::]:514";

    private static final int LARGEST_MESSAGE = 256 * 1024;
    /** RFC 5424, section 6.1: every receiver accepts messages of 480 octets. */
    private static final int SMALLEST_MESSAGE = 480;

    private static final long ANY_SIZE = Long.MAX_VALUE;
    private static final Duration YEARS = Duration.ofDays(36_500);

    private static final String ZONE = "a time zone, such as \"Europe/Berlin\" or \"UTC\"";
    private static final String KIND = "\"udp\", \"tcp\" or \"unix\"";
    private static final String MODE = "permissions in octal, such as \"0666\"";
    private static final String GROUP = "the name of a group, such as \"adm\"";
    private static final String DOMAIN = "a domain, such as \"example.com\"";

    private final Machine machine;

    ConfigReader(Machine machine) {
        this.machine = machine;
    }

    /** Takes what defaults need (name, zone, the shipped rules) from this machine. */
    public static ConfigReader here() {
        return new ConfigReader(Machine.here());
    }

    /** All defaults, under a data folder. */
    public LoghostConfig defaults(Path data) {
        Section root = Section.root(data, Toml.parse(""), new ArrayList<>());
        return read(root, null, data.toAbsolutePath().normalize(), List.of());
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @param dataInstead a data folder that stands in for the file's; null for the file's
     * @throws ConfigException with every fault
     */
    public LoghostConfig read(Path file, @Nullable Path dataInstead) throws ConfigException {
        Reading reading = readAsFarAsPossible(file, dataInstead);
        if (reading.faults() != null) {
            throw reading.faults();
        }
        return reading.config();
    }

    /**
     * What could be read of a file, for who only has to find the folders and the socket of a running server.
     *
     * @param config with defaults for what is faulty
     * @param faults null when there are none
     */
    public record Reading(LoghostConfig config, @Nullable ConfigException faults) {}

    /**
     * Reads what can be read of a file.
     *
     * @throws ConfigException when that is nothing at all, and no data folder stands in
     */
    public Reading readAsFarAsPossible(Path file, @Nullable Path dataInstead) throws ConfigException {
        try {
            return reading(file, dataInstead);
        } catch (ConfigException unreadable) {
            if (Files.exists(file)) {
                Path data =
                        dataInstead == null ? parentOf(file.toAbsolutePath()).resolve("data") : dataInstead;
                return new Reading(defaults(data), unreadable);
            }
            throw unreadable;
        }
    }

    private Reading reading(Path file, @Nullable Path dataInstead) throws ConfigException {
        ConfigText.Parsed text = ConfigText.parse(file);
        List<Fault> faults = new ArrayList<>(text.faults());
        Set<Integer> brokenLines = new HashSet<>();
        faults.forEach(fault -> brokenLines.add(fault.line()));
        int syntaxFaults = faults.size();
        Section root = Section.root(file, text.toml(), faults);
        Path folder = parentOf(file.toAbsolutePath());
        Path data = folder.resolve(root.value("data", Path.of("data"), "a folder", Path::of));
        Path base = dataInstead == null ? data : dataInstead.toAbsolutePath();
        LoghostConfig config = read(root, file, base.normalize(), warnings(file));
        if (faults.isEmpty()) {
            PathNesting.check(root, config);
        }
        if (syntaxFaults > 0) {
            // What is absent may stand in the lines that could not be read: say only what is certain.
            faults.subList(syntaxFaults, faults.size())
                    .removeIf(fault ->
                            brokenLines.contains(fault.line()) || fault.text().contains(" is missing"));
        }
        faults.sort(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column));
        return new Reading(config, faults.isEmpty() ? null : new ConfigException(faults));
    }

    private LoghostConfig read(Section root, @Nullable Path file, Path data, List<String> warnings) {
        root.has("data");
        ZoneId zone = root.value("zone", machine.zone(), ZONE, ZoneId::of);
        List<Section> listen = root.tables("listen");
        boolean builtIn = !root.has("listen");
        List<ListenerConfig> listeners = builtIn
                ? List.of(ListenerConfig.Udp.at(SYSLOG_PORT), ListenerConfig.Tcp.at(SYSLOG_PORT))
                : listeners(listen, data);
        MailConfig mail = MailReader.read(root.table("mail"), data, machine.name());
        List<String> all = new ArrayList<>(warnings);
        if (mail.smtp() != null) {
            all.addAll(mail.smtp().warnings());
        }
        LoghostConfig config = new LoghostConfig(
                file,
                data,
                zone,
                listeners,
                builtIn,
                archive(root.table("archive"), data),
                hosts(root.table("hosts")),
                rules(root.table("rules"), data),
                report(root.table("report")),
                mail,
                control(root.table("control"), data),
                threads(root.table("threads")),
                List.copyOf(all));
        root.finish();
        return config;
    }

    private static List<ListenerConfig> listeners(List<Section> sections, Path data) {
        List<ListenerConfig> listeners = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Section section : sections) {
            ListenerConfig listener = listener(section, data, taken);
            if (listener != null) {
                listeners.add(listener);
                section.finish();
            }
        }
        return List.copyOf(listeners);
    }

    private static @Nullable ListenerConfig listener(Section section, Path data, Set<String> taken) {
        if (!section.has("kind")) {
            section.fault("kind", "listen.kind is missing (expected: " + KIND + ")");
            return null;
        }
        String kind = section.value("kind", KIND, ConfigReader::kind);
        if (kind == null) {
            return null;
        }
        int maxMessage = (int)
                section.size("max-message", ListenerConfig.DEFAULT_MAX_MESSAGE, SMALLEST_MESSAGE, LARGEST_MESSAGE);
        boolean trustSender = section.flag("trust-sender", false);
        ZoneId zone = section.value("zone", ZONE, ZoneId::of);
        if (kind.equals("unix")) {
            return unix(section, data, maxMessage, trustSender, zone);
        }
        String given = section.value("bind", Addresses.BIND, Addresses::bind);
        String bind = given == null ? SYSLOG_PORT : given;
        boolean faulty = given == null && section.has("bind");
        if (!faulty && !bind.endsWith(":0") && !taken.add(kind + Addresses.comparable(bind))) {
            section.unexpected(
                    "bind",
                    bind,
                    "an address that no other " + kind + " listener has"
                            + (Addresses.isAny(bind) ? "; [::] means IPv4 too" : ""));
        }
        List<String> allow = section.list("allow", List.of(), Addresses.NETWORK, Addresses::network);
        return kind.equals("udp")
                ? new ListenerConfig.Udp(bind, allow, maxMessage, trustSender, zone, receiveBuffer(section))
                : tcp(section, bind, allow, maxMessage, trustSender, zone);
    }

    private static String kind(String text) {
        if (!List.of("udp", "tcp", "unix").contains(text)) {
            throw new Expected(KIND);
        }
        return text;
    }

    private static int receiveBuffer(Section section) {
        return (int)
                section.size("receive-buffer", ListenerConfig.Udp.DEFAULT_RECEIVE_BUFFER, 64 * 1024, Integer.MAX_VALUE);
    }

    private static ListenerConfig tcp(
            Section section,
            String bind,
            List<String> allow,
            int maxMessage,
            boolean trustSender,
            @Nullable ZoneId zone) {
        return new ListenerConfig.Tcp(
                bind,
                allow,
                maxMessage,
                trustSender,
                zone,
                section.number("max-connections", ListenerConfig.Tcp.DEFAULT_MAX_CONNECTIONS, 1, 1_000_000),
                section.number(
                        "max-connections-per-sender",
                        ListenerConfig.Tcp.DEFAULT_MAX_CONNECTIONS_PER_SENDER,
                        1,
                        1_000_000),
                section.duration(
                        "frame-timeout",
                        ListenerConfig.Tcp.DEFAULT_FRAME_TIMEOUT,
                        Duration.ofSeconds(1),
                        Duration.ofHours(1)),
                section.duration("idle-timeout", Duration.ZERO, Duration.ZERO, YEARS));
    }

    private static @Nullable ListenerConfig unix(
            Section section, Path data, int maxMessage, boolean trustSender, @Nullable ZoneId zone) {
        int mode = section.value("mode", ListenerConfig.Unix.DEFAULT_MODE, MODE, ConfigReader::mode);
        if (!section.has("path")) {
            section.fault("path", "listen.path is missing (expected: the socket's path, such as \"/dev/log\")");
            return null;
        }
        Path path = section.value("path", "the socket's path", data::resolve);
        return path == null ? null : new ListenerConfig.Unix(path, maxMessage, trustSender, zone, mode);
    }

    private static int mode(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new Expected(MODE);
        }
        return Integer.parseInt(text, 8);
    }

    private static ArchiveConfig archive(Section section, Path data) {
        ArchiveConfig otherwise = ArchiveConfig.at(data.resolve("hosts"));
        ArchiveConfig archive = new ArchiveConfig(
                section.value("path", otherwise.path(), "a folder", data::resolve),
                section.choice("format", otherwise.format(), ArchiveConfig.Format.values()),
                section.duration("keep", otherwise.keep(), Duration.ofDays(1), YEARS),
                section.duration("keep-min", otherwise.keepMin(), Duration.ZERO, YEARS),
                section.size("max-size", otherwise.maxSize(), 0, ANY_SIZE),
                section.size("max-host-size", otherwise.maxHostSize(), 0, ANY_SIZE),
                section.size("min-free", otherwise.minFree(), 0, ANY_SIZE),
                section.duration("flush", otherwise.flush(), Duration.ofMillis(10), Duration.ofMinutes(1)),
                section.flag("compress", otherwise.compress()),
                section.value("combined", "a file", data::resolve),
                section.value("group", GROUP, ConfigReader::group));
        if (archive.keepMin().compareTo(archive.keep()) > 0) {
            section.unexpected(
                    section.has("keep-min") ? "keep-min" : "keep",
                    Units.text(section.has("keep-min") ? archive.keepMin() : archive.keep()),
                    section.has("keep-min")
                            ? "at most keep, which is " + Units.text(archive.keep())
                            : "at least keep-min, which is " + Units.text(archive.keepMin()));
        }
        section.finish();
        return archive;
    }

    private HostsConfig hosts(Section section) {
        HostsConfig otherwise = HostsConfig.defaults(List.of());
        HostsConfig hosts = new HostsConfig(
                section.names("names", Addresses.ADDRESS, Addresses::address, Addresses::hostName),
                section.names("aliases", Addresses.HOST, ConfigReader::addressOrName, Addresses::hostName),
                section.has("strip-domains")
                        ? section.list("strip-domains", List.of(), DOMAIN, Addresses::hostName)
                        : ownDomain(),
                section.flag("reverse-dns", otherwise.reverseDns()),
                section.list("dns-servers", otherwise.dnsServers(), Addresses.NAME_SERVER, Addresses::nameServer),
                section.duration("dns-wait", otherwise.dnsWait(), Duration.ZERO, Duration.ofSeconds(30)),
                section.number("max-hosts", otherwise.maxHosts(), 1, 10_000_000),
                section.number("max-new-per-sender", otherwise.maxNewPerSender(), 1, 10_000_000));
        section.finish();
        return hosts;
    }

    private static String addressOrName(String text) {
        return Addresses.isIpv6(text) ? text : Addresses.hostName(text);
    }

    private List<String> ownDomain() {
        String name = machine.name();
        int dot = name.indexOf('.');
        return dot < 0 || dot == name.length() - 1 ? List.of() : List.of(name.substring(dot + 1));
    }

    private RulesConfig rules(Section section, Path data) {
        RulesConfig otherwise = RulesConfig.of(List.of());
        RulesConfig.Style style = section.choice("style", RulesConfig.Style.values());
        RulesConfig.Level level = section.choice("level", RulesConfig.Level.values());
        if (style == RulesConfig.Style.LOGCHECK && !section.has("path")) {
            section.fault("style", "rules.path is missing (expected with this style: path = \"/etc/logcheck\")");
        }
        if (level != null && style != RulesConfig.Style.LOGCHECK) {
            section.fault("level", "rules.level has no meaning here (expected: style = \"logcheck\" beside it)");
        }
        boolean comments = section.flag("comments", otherwise.comments());
        boolean canTakeShipped = style != RulesConfig.Style.LOGCHECK && comments;
        boolean shipped = section.flag("shipped", canTakeShipped);
        if (shipped && !canTakeShipped) {
            section.fault(
                    "shipped",
                    "rules.shipped: the shipped rules are in LogSentry's style and have comments (expected: false, or"
                            + " no"
                            + (comments ? " style" : " comments") + " beside it)");
        }
        List<Path> own = section.has("path") ? rulePaths(section, data) : List.of(data.resolve("rules"));
        RulesConfig rules = new RulesConfig(
                style == null ? otherwise.style() : style,
                shipped ? withShipped(own) : own,
                level == null ? otherwise.level() : level,
                comments,
                section.size("memory", otherwise.memory(), 1 << 20, 1L << 34),
                section.flag("utf8", otherwise.utf8()));
        section.finish();
        return rules;
    }

    private static List<Path> rulePaths(Section section, Path data) {
        return section.isList("path")
                ? section.filledList("path", List.of(), "a folder", data::resolve)
                : List.of(section.value("path", data, "a folder or a list of folders", data::resolve));
    }

    /** The shipped ones first: what is local comes on top. */
    private List<Path> withShipped(List<Path> own) {
        Path home = machine.home();
        if (home == null) {
            return own;
        }
        List<Path> all = new ArrayList<>(List.of(home.resolve("rules")));
        own.stream().filter(path -> !isSame(path, all.get(0))).forEach(all::add);
        return List.copyOf(all);
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return one.equals(other) || Files.isSameFile(one, other);
        } catch (IOException absent) {
            return false;
        }
    }

    private static ReportConfig report(Section section) {
        ReportConfig otherwise = ReportConfig.defaults();
        ReportConfig report = new ReportConfig(
                every(section, otherwise.every()),
                section.filledList("to", otherwise.to(), Addresses.MAIL, Addresses::mail),
                section.number("max-lines", otherwise.maxLines(), 10, 1_000_000),
                section.flag("repeat", otherwise.repeat()),
                section.size("keep-size", otherwise.keepSize(), 1 << 20, ANY_SIZE));
        section.finish();
        return report;
    }

    /** Reports are aligned to the clock of a day, or to days. */
    private static Duration every(Section section, Duration otherwise) {
        Duration every = section.duration("every", otherwise, Duration.ofMinutes(1), Duration.ofDays(7));
        if (every.compareTo(Duration.ofDays(1)) > 0
                && every.toMillis() % Duration.ofDays(1).toMillis() != 0) {
            section.unexpected("every", section.raw("every"), "beyond 24h whole days, such as \"2d\"");
        }
        return every;
    }

    private static LoghostConfig.Control control(Section section, Path data) {
        LoghostConfig.Control control = new LoghostConfig.Control(
                section.value("path", data.resolve("control.sock"), "the socket's path", data::resolve),
                section.value("group", GROUP, ConfigReader::group));
        section.finish();
        return control;
    }

    private static LoghostConfig.Threads threads(Section section) {
        LoghostConfig.Threads otherwise =
                LoghostConfig.Threads.of(Runtime.getRuntime().availableProcessors());
        LoghostConfig.Threads threads = new LoghostConfig.Threads(
                section.number("event-loops", otherwise.eventLoops(), 1, 64),
                section.number("archive-shards", otherwise.archiveShards(), 1, 64),
                section.number("classifiers", otherwise.classifiers(), 0, 64));
        section.finish();
        return threads;
    }

    private static String group(String text) {
        if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")) {
            throw new Expected(GROUP);
        }
        return text;
    }

    private static List<String> warnings(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
                return List.of(file + " is writable by others (expected: chmod o-w " + file + ")");
            }
        } catch (IOException | UnsupportedOperationException unknown) {
            return List.of();
        }
        return List.of();
    }

    private static Path parentOf(Path absolute) {
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }
}
