package org.loghost.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.archive.ArchiveConfig;
import org.loghost.hosts.HostsConfig;
import org.loghost.listen.AccessList;
import org.loghost.listen.BindAddress;
import org.loghost.listen.ListenerConfig;
import org.loghost.mail.MailConfig;
import org.loghost.mail.OutboxLimits;
import org.loghost.report.ReportConfig;
import org.loghost.rules.RulesConfig;

class ConfigReaderTest {
    @TempDir
    Path folder;

    private final ConfigReader reader =
            new ConfigReader(new Machine("log.example.com", ZoneId.of("Europe/Berlin"), Path.of("/opt/loghost")));

    @Test
    void threadsFollowTheProcessors() {
        assertThat(LoghostConfig.Threads.of(2)).isEqualTo(new LoghostConfig.Threads(1, 1, 1));
        assertThat(LoghostConfig.Threads.of(8)).isEqualTo(new LoghostConfig.Threads(2, 1, 2));
        assertThat(LoghostConfig.Threads.of(96)).isEqualTo(new LoghostConfig.Threads(4, 4, 4));
    }

    /** Links and dots are followed; {@code link} leads to the archive. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "[archive]#path = 'logs'#combined = 'logs/all.log' ~ archive.combined",
                "[archive]#path = 'logs'#combined = 'x/../logs/all.log' ~ archive.combined",
                "[archive]#path = 'logs'#combined = 'link/all.log' ~ archive.combined",
                "[archive]#path = 'link'#combined = 'logs/sub/all.log' ~ archive.combined",
                "[archive]#path = '.' ~ archive.path",
                "[archive]#path = 'rules/hosts' ~ archive.path",
                "[archive]#path = 'outbox' ~ archive.path",
                "[archive]#path = 'logs'#[rules]#path = 'logs/rules' ~ rules.path",
                "[archive]#path = 'logs'#[mail]#maildir = 'link/mail' ~ mail.maildir",
                "[archive]#path = 'logs'#[control]#path = 'logs/control.sock' ~ control.path",
                "[archive]#path = 'logs'#[[listen]]#kind = 'unix'#path = 'link/log' ~ listen.path",
                "[rules]#path = 'r'#[archive]#combined = 'r/all.log' ~ archive.combined"
            })
    void pathsThatWouldBeTakenForSomethingElseAreFaults(String text, String key) throws IOException {
        Files.createDirectories(folder.resolve("d/logs"));
        Files.createSymbolicLink(folder.resolve("d/link"), Path.of("logs"));
        Path file = Files.writeString(folder.resolve("c.toml"), "data = 'd'\n" + text.replace('#', '\n') + "\n");

        ConfigException faulty = catchThrowableOfType(ConfigException.class, () -> reader.read(file, null));

        assertThat(faulty.faults()).hasSize(1);
        assertThat(faulty.faults().get(0).text()).startsWith(key + ": ").contains("(expected: a ");
        assertThat(faulty.faults().get(0).line()).isGreaterThan(1);
    }

    @Test
    void everyDefaultIsPinned() {
        Path data = folder.resolve("d");
        assertThat(reader.defaults(data))
                .isEqualTo(new LoghostConfig(
                        null,
                        data,
                        ZoneId.of("Europe/Berlin"),
                        List.of(
                                new ListenerConfig.Udp("[::]:514", List.of(), 65_536, false, null, 64 << 20),
                                new ListenerConfig.Tcp(
                                        "[::]:514",
                                        List.of(),
                                        65_536,
                                        false,
                                        null,
                                        10_000,
                                        1_000,
                                        Duration.ofSeconds(60),
                                        Duration.ZERO)),
                        true,
                        new ArchiveConfig(
                                data.resolve("hosts"),
                                ArchiveConfig.Format.CLASSIC,
                                Duration.ofDays(90),
                                Duration.ofDays(7),
                                0,
                                0,
                                256L << 20,
                                Duration.ofSeconds(1),
                                true,
                                null,
                                null),
                        new HostsConfig(
                                Map.of(),
                                Map.of(),
                                List.of("example.com"),
                                true,
                                List.of(),
                                Duration.ofSeconds(1),
                                100_000,
                                2_000),
                        new RulesConfig(
                                RulesConfig.Style.LOGSENTRY,
                                List.of(Path.of("/opt/loghost/rules"), data.resolve("rules")),
                                RulesConfig.Level.SERVER,
                                true,
                                64L << 20,
                                false),
                        new ReportConfig(Duration.ofMinutes(30), List.of("root@localhost"), 2_000, false, 1L << 30),
                        new MailConfig(data.resolve("mail"), null, "loghost@log.example.com"),
                        new LoghostConfig.Control(data.resolve("control.sock"), null),
                        LoghostConfig.Threads.of(Runtime.getRuntime().availableProcessors()),
                        List.of()));
    }

    @Test
    void anEmptyFileMeansTheDefaultsUnderDataBesideIt() throws Exception {
        LoghostConfig config = read("");
        assertThat(config)
                .usingRecursiveComparison()
                .ignoringFields("file")
                .isEqualTo(reader.defaults(folder.resolve("data")));
        assertThat(config.file()).isEqualTo(folder.resolve("loghost.toml"));
    }

    @Test
    void theDocumentedExampleIsRead() throws Exception {
        LoghostConfig config = read("""
            data = "/var/lib/loghost"          # base of every relative path below

            [[listen]]
            kind = "udp"
            bind = "[::]:514"

            [[listen]]
            kind = "tcp"
            bind = "[::]:514"

            [archive]
            path = "/var/log/loghost/hosts"    # <path>/<host>/<yyyy-mm-dd>.log
            keep = "90d"

            [rules]
            style = "logsentry"
            path = "/etc/loghost/rules"        # on top of the shipped ones

            [report]
            every = "30m"
            to = ["root@localhost"]

            [mail]
            maildir = "mail"                   # and/or:
            smtp = "smtp://mail.example.com:587"
            """);
        assertThat(config.data()).isEqualTo(Path.of("/var/lib/loghost"));
        assertThat(config.listeners())
                .containsExactly(ListenerConfig.Udp.at("[::]:514"), ListenerConfig.Tcp.at("[::]:514"));
        assertThat(config.builtInListeners()).isFalse();
        assertThat(config.archive()).isEqualTo(ArchiveConfig.at(Path.of("/var/log/loghost/hosts")));
        assertThat(config.rules())
                .isEqualTo(RulesConfig.of(List.of(Path.of("/opt/loghost/rules"), Path.of("/etc/loghost/rules"))));
        assertThat(config.report()).isEqualTo(ReportConfig.defaults());
        assertThat(config.mail().maildir()).isEqualTo(Path.of("/var/lib/loghost/mail"));
        assertThat(config.mail().smtp())
                .isEqualTo(new MailConfig.Smtp(
                        "mail.example.com", 587, null, null, false, MailConfig.StartTls.REQUIRED, null));
    }

    @Test
    void userOfTheMailServerMayHaveAnAtSign() throws Exception {
        String user = "smtp = \"smtps://%s@mail.example.com\"\npassword-file = \"p\"\n";

        assertThat(read("[mail]\n" + String.format(user, "log%40example.com"))
                        .mail()
                        .smtp()
                        .user())
                .isEqualTo("log@example.com");
        assertThat(read("[mail]\n" + String.format(user, "gr%C3%BC%C3%9Fe%25"))
                        .mail()
                        .smtp()
                        .user())
                .isEqualTo("grüße%");
        assertThat(read("[mail]\n" + String.format(user, "100%")).mail().smtp().user())
                .isEqualTo("100%");
    }

    @Test
    void mailSettingsThatCannotWorkAreWarnings() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "s3cret");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));

        LoghostConfig config = read("""
            [mail]
            smtp = "smtp://me@mail.example.com:465"
            password-file = "%s"
            """.formatted(password));

        assertThat(config.warnings())
                .hasSize(2)
                .anyMatch(warning -> warning.contains("\"smtps://mail.example.com\""))
                .anyMatch(warning -> warning.startsWith(password + ": others may read"));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        LoghostConfig config = read("""
            data = "state"
            zone = "UTC"
            [[listen]]
            kind = "udp"
            bind = "192.0.2.1:5514"
            allow = ["10.0.0.0/8", "2001:db8::1", "192.0.2.7"]
            max-message = "8 KiB"
            trust-sender = true
            zone = "America/New_York"
            receive-buffer = "1 MiB"
            [[listen]]
            kind = "tcp"
            bind = "[::1]:0"
            max-connections = 5
            max-connections-per-sender = 2
            frame-timeout = "5s"
            idle-timeout = "1h"
            [[listen]]
            kind = "unix"
            path = "dev-log"
            mode = "0660"
            [archive]
            path = "hosts2"
            format = "full"
            keep = "30d"
            keep-min = "1d"
            max-size = "10 GB"
            max-host-size = "1 GiB"
            min-free = "100 MB"
            flush = "500ms"
            compress = false
            combined = "all"
            group = "adm"
            [hosts]
            strip-domains = ["example.org"]
            reverse-dns = false
            dns-servers = ["192.0.2.53", "[2001:db8::53]:5353", "2001:db8::54"]
            dns-wait = "2s"
            max-hosts = 10
            max-new-per-sender = 3
            [hosts.names]
            "192.0.2.9" = "switch-9"
            "2001:db8::9" = "router"
            [hosts.aliases]
            "web.example.org" = "web01"
            www = "web01"
            [rules]
            style = "logcheck"
            path = ["/etc/logcheck", "more"]
            shipped = false
            level = "workstation"
            comments = false
            memory = "16 MiB"
            utf8 = true
            [report]
            every = "1h"
            to = ["a@example.org", "b@example.org"]
            max-lines = 100
            repeat = true
            keep-size = "2 MiB"
            [mail]
            smtp = "smtps://me@mail.example.org"
            password-file = "secret"
            ehlo = "log.example.org"
            give-up = "2d"
            outbox-size = "32 MiB"
            starttls = "never"
            trust = "ca.pem"
            from = "log@example.org"
            [control]
            path = "/run/loghost.sock"
            group = "operators"
            [threads]
            event-loops = 2
            archive-shards = 3
            classifiers = 4
            """);
        Path data = folder.resolve("state");
        assertThat(config)
                .isEqualTo(new LoghostConfig(
                        folder.resolve("loghost.toml"),
                        data,
                        ZoneId.of("UTC"),
                        List.of(
                                new ListenerConfig.Udp(
                                        "192.0.2.1:5514",
                                        List.of("10.0.0.0/8", "2001:db8::1/128", "192.0.2.7/32"),
                                        8192,
                                        true,
                                        ZoneId.of("America/New_York"),
                                        1 << 20),
                                new ListenerConfig.Tcp(
                                        "[::1]:0",
                                        List.of(),
                                        65_536,
                                        false,
                                        null,
                                        5,
                                        2,
                                        Duration.ofSeconds(5),
                                        Duration.ofHours(1)),
                                new ListenerConfig.Unix(data.resolve("dev-log"), 65_536, false, null, 0660)),
                        false,
                        new ArchiveConfig(
                                data.resolve("hosts2"),
                                ArchiveConfig.Format.FULL,
                                Duration.ofDays(30),
                                Duration.ofDays(1),
                                10_000_000_000L,
                                1L << 30,
                                100_000_000,
                                Duration.ofMillis(500),
                                false,
                                data.resolve("all"),
                                "adm"),
                        new HostsConfig(
                                Map.of("192.0.2.9", "switch-9", "2001:db8::9", "router"),
                                Map.of("web.example.org", "web01", "www", "web01"),
                                List.of("example.org"),
                                false,
                                List.of("192.0.2.53:53", "[2001:db8::53]:5353", "[2001:db8::54]:53"),
                                Duration.ofSeconds(2),
                                10,
                                3),
                        new RulesConfig(
                                RulesConfig.Style.LOGCHECK,
                                List.of(Path.of("/etc/logcheck"), data.resolve("more")),
                                RulesConfig.Level.WORKSTATION,
                                false,
                                16L << 20,
                                true),
                        new ReportConfig(
                                Duration.ofHours(1), List.of("a@example.org", "b@example.org"), 100, true, 2L << 20),
                        new MailConfig(
                                null,
                                new MailConfig.Smtp(
                                        "mail.example.org",
                                        465,
                                        "me",
                                        data.resolve("secret"),
                                        true,
                                        MailConfig.StartTls.NEVER,
                                        data.resolve("ca.pem"),
                                        "log.example.org"),
                                "log@example.org",
                                OutboxLimits.of(Duration.ofDays(2), 32L << 20)),
                        new LoghostConfig.Control(Path.of("/run/loghost.sock"), "operators"),
                        new LoghostConfig.Threads(2, 3, 4),
                        List.of()));
    }

    /** One faulty line each; the position is that of the key, or of the element of a list. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
        -         | zone = "Mars/Olympus"         | 2:1 | zone: "Mars/Olympus" (expected: a time zone, such as "Europe/Berlin" or "UTC")
        -         | data2 = "x"                   | 2:1 | unknown key "data2" (expected: data)
        -         | data = 7                      | 2:1 | data: 7 (expected: a folder)
        -         | listen = 7                    | 2:1 | listen: 7 (expected: tables: [[listen]])
        -         | archive = "x"                 | 2:1 | archive: "x" (expected: a table: [archive])
        archive   | keep = 90                     | 2:1 | archive.keep: 90 (expected: a whole number and ms, s, m, h, d or w, such as "30s" or "90d")
        archive   | keep = "90"                   | 2:1 | archive.keep: "90" (expected: a whole number and ms
        archive   | keep = "-1d"                  | 2:1 | archive.keep: "-1d" (expected: a whole number and ms
        archive   | keep = "999999999999999w"     | 2:1 | archive.keep: "999999999999999w" (expected: a whole number and ms
        archive   | keep = "1h"                   | 2:1 | archive.keep: "1h" (expected: from 1d to 36500d)
        archive   | keep-min = "91d"              | 2:1 | archive.keep-min: "91d" (expected: at most keep, which is 90d)
        archive   | max-size = "10 gb"            | 2:1 | archive.max-size: "10 gb" (expected: a whole number and B, KiB
        archive   | max-size = 10                 | 2:1 | archive.max-size: 10 (expected: a whole number and B, KiB
        archive   | retention = "9d"              | 2:1 | unknown key "retention" in [archive] (expected: one of path, format
        archive   | max_size = "1 GB"             | 2:1 | unknown key "max_size" in [archive] (expected: max-size)
        archive   | format = "json"               | 2:1 | archive.format: "json" (expected: "classic" or "full")
        archive   | compress = "yes"              | 2:1 | archive.compress: "yes" (expected: true or false)
        archive   | group = "a b"                 | 2:1 | archive.group: "a b" (expected: the name of a group
        archive   | path = "a\\u0000b"            | 2:1 | archive.path: "a\\u0000b" (expected: a folder)
        hosts     | names.x = "web"               | 2:1 | hosts.names.the key: "x" (expected: an IPv4 or IPv6 address
        hosts     | names."10.0.0.1" = "../x"     | 2:1 | hosts.names.10.0.0.1: "../x" (expected: a host name
        hosts     | aliases.a.b = "x"             | 2:1 | dots divide a key (expected: quotes around it, as in "a.…" = …)
        hosts     | dns-servers = ["ns1"]         | 2:16 | hosts.dns-servers: "ns1" (expected: an address with or without a port
        hosts     | max-hosts = 0                 | 2:1 | hosts.max-hosts: 0 (expected: a whole number from 1 to 10000000)
        rules     | path = []                     | 2:1 | rules.path: an empty list (expected: at least one: a folder)
        rules     | path = ["a", 7]               | 2:14 | rules.path: 7 (expected: a folder)
        rules     | style = "logcheck"            | 2:1 | rules.path is missing (expected with this style: path = "/etc/logcheck")
        rules     | level = "server"              | 2:1 | rules.level has no meaning here (expected: style = "logcheck" beside it)
        report    | every = "30 minutes"          | 2:1 | report.every: "30 minutes" (expected: a whole number and ms
        report    | every = "36h"                 | 2:1 | report.every: "36h" (expected: beyond 24h whole days, such as "2d")
        report    | every = "60h"                 | 2:1 | report.every: "60h" (expected: beyond 24h whole days
        report    | to = "root@localhost"         | 2:1 | report.to: "root@localhost" (expected: a list, such as ["a", "b"], of a mail address
        report    | to = ["ok@x", "root"]         | 2:15 | report.to: "root" (expected: a mail address, such as "root@localhost")
        report    | to = ["a@x\\r\\nBcc: b@y"]    | 2:7 | report.to: "a@x\\u000D\\u000ABcc: b@y" (expected: a mail address
        report    | to = []                       | 2:1 | report.to: an empty list (expected: at least one: a mail address
        mail      | smtp = "mail.example.com"     | 2:1 | mail.smtp: "mail.example.com" (expected: smtp://[USER@]HOST[:PORT]
        mail      | smtp = "smtp://h:99999"       | 2:1 | mail.smtp: "smtp://h:99999" (expected: smtp://[USER@]HOST[:PORT]
        mail      | smtp = "http://h"             | 2:1 | mail.smtp: "http://h" (expected: smtp://
        mail      | ehlo = "log.example.org"      | 2:1 | mail.ehlo has no meaning here (expected: smtp = … beside it)
        mail      | give-up = "1m"                | 2:1 | mail.give-up: "1m" (expected: from 1h to 365d)
        mail      | outbox-size = "1 MiB"         | 2:1 | mail.outbox-size: "1 MiB" (expected: from 16 MiB to
        mail      | smtp = "smtp://u@h"           | 2:1 | mail.smtp names a user (expected: password-file = a file that holds the password)
        mail      | smtp = "smtp://u:hunter2@h"   | 2:1 | mail.smtp holds a password (expected: "smtp://USER@HOST", and password-file = a file that holds it)
        mail      | starttls = "never"            | 2:1 | mail.starttls has no meaning here (expected: smtp = … beside it)
        mail      | from = "me"                   | 2:1 | mail.from: "me" (expected: a mail address
        control   | path = true                   | 2:1 | control.path: true (expected: the socket's path)
        threads   | classifiers = 1.5             | 2:1 | threads.classifiers: 1.5 (expected: a whole number from 0 to 64)
        [listen]  | bind = "[::]:514"             | 1:1 | listen.kind is missing (expected: "udp", "tcp" or "unix")
        [listen]  | kind = "tls"                  | 2:1 | listen.kind: "tls" (expected: "udp", "tcp" or "unix")
        [listen]  | kind = "unix"                 | 1:1 | listen.path is missing (expected: the socket's path, such as "/dev/log")
        """)
    void eachFaultNamesItsPlaceAndWhatIsExpected(String section, String line, String position, String text) {
        List<Fault> faults = faults((section == null ? "" : "[" + section + "]") + "\n" + line + "\n");
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0).toString()).startsWith(folder.resolve("loghost.toml") + ":" + position + ": " + text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        bind = "514"                     | 3:1  | listen.bind: "514" (expected: ADDRESS:PORT, such as "[::]:514" or "192.0.2.1:514")
        bind = "::1:514"                 | 3:1  | listen.bind: "::1:514" (expected: ADDRESS:PORT
        bind = "loghost:514"             | 3:1  | listen.bind: "loghost:514" (expected: ADDRESS:PORT
        bind = "[::]:65536"              | 3:1  | listen.bind: "[::]:65536" (expected: ADDRESS:PORT
        bind = "256.0.0.1:514"           | 3:1  | listen.bind: "256.0.0.1:514" (expected: ADDRESS:PORT
        bind = "[::g]:514"               | 3:1  | listen.bind: "[::g]:514" (expected: ADDRESS:PORT
        allow = ["10.0.0.0/33"]          | 3:10 | listen.allow: "10.0.0.0/33" (expected: an address or ADDRESS/BITS
        allow = ["::1", "x/8"]           | 3:17 | listen.allow: "x/8" (expected: an address or ADDRESS/BITS
        allow = ["10.0.0.0/0"]           | 3:10 | listen.allow: "10.0.0.0/0" (expected: more than 0 bits, which is everyone; 0.0.0.0/0 or ::/0
        max-message = "100 B"            | 3:1  | listen.max-message: "100 B" (expected: from 480 B to 256 KiB)
        max-connections = 5              | 3:1  | unknown key "max-connections" in [listen] (expected: one of kind, max-message
        recieve-buffer = "1 MiB"         | 3:1  | unknown key "recieve-buffer" in [listen] (expected: receive-buffer)
        """)
    void eachFaultOfAListenerNamesItsPlace(String line, String position, String text) {
        List<Fault> faults = faults("[[listen]]\nkind = \"udp\"\n" + line + "\n");
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0).toString()).startsWith(folder.resolve("loghost.toml") + ":" + position + ": " + text);
    }

    @Test
    void allFaultsAreToldAtOnceInTheFilesOrder() {
        List<Fault> faults = faults("""
            zome = "UTC"
            [mail]
            smtp = "smtp://u:p@h"
            [[listen]]
            kind = "udp"
            bind = "x"
            alow = []
            [[listen]]
            [archive]
            keep = "x"
            max-size = -1
            """);
        assertThat(faults).extracting(Fault::line).containsExactly(1, 3, 6, 7, 8, 10, 11);
    }

    @Test
    void aFaultOfSyntaxIsToldBesideTheOthersAndHidesNoneOnOtherLines() {
        List<Fault> faults = faults("[[listen]]\nkind = udp\n[archive]\nkeep = 90\n");
        assertThat(faults).extracting(Fault::line).containsExactly(2, 4);
        assertThat(faults.get(0).text()).startsWith("Unexpected 'u'");
    }

    @Test
    void aKeyGivenTwiceIsAFault() {
        assertThat(faults("zone = \"UTC\"\nzone = \"UTC\"\n").toString())
                .contains(":2:1: zone previously defined at line 1");
    }

    @Test
    void twoListenersOfAKindOnOneAddressAreAFault() {
        List<Fault> faults =
                faults("[[listen]]\nkind = \"udp\"\n[[listen]]\nkind = \"tcp\"\n[[listen]]\nkind = \"udp\"\n");
        assertThat(faults.toString())
                .contains(":5:1: listen.bind: \"[::]:514\" (expected: an address that no other udp");
    }

    /** What the configuration lets through is what the listeners understand. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "10.0.0.0/0",
                "0.0.0.0/0",
                "::/0",
                "fd00::/0",
                "fd00::/129",
                "1.2.3.4/33",
                "1.2.3.4",
                "1.2.3",
                "::1",
                "::g",
                "",
                "/8",
                "1.2.3.4/",
                "1.2.3.4/x",
                "2001:db8::/32",
                "1.2.3.4/-1",
                "localhost",
                "300.1.1.1/8"
            })
    void networksAreReadAsTheAccessListReadsThem(String network) {
        boolean refused = AccessList.fault(network) != null;
        assertThat(faultless("[[listen]]\nkind = \"udp\"\nallow = [\"" + network + "\"]\n"))
                .isEqualTo(!refused);
    }

    /** What the configuration lets through is what the listeners understand. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::]:514",
                "0.0.0.0:514",
                "127.0.0.1:0",
                "[::1]:65535",
                "[::1]:65536",
                "::1:514",
                "[1.2.3.4]:5",
                ":514",
                "514",
                "",
                "[::]",
                "[::]:",
                "1.2.3.4:x",
                "[2001:db8::1]:514",
                "host:514",
                "[::g]:1",
                "256.1.1.1:1"
            })
    void addressesAreReadAsTheListenersReadThem(String bind) {
        boolean refused = BindAddress.fault(bind) != null;
        assertThat(faultless("[[listen]]\nkind = \"udp\"\nbind = \"" + bind + "\"\n"))
                .isEqualTo(!refused);
    }

    private boolean faultless(String text) {
        try {
            read(text);
            return true;
        } catch (ConfigException faulty) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPasswordIsNeverShown() {
        assertThat(faults("[mail]\nsmtp = \"smtp://u:hunter2@h:25\"\n").toString())
                .doesNotContain("hunter2");
        assertThat(faults("[mail]\nsmtp = \"smtp://u:hun@ter2@h:25\"\n").toString())
                .doesNotContain("ter2");
        assertThat(faults("[mail]\nsmtp = \"smtp://u:hunter2@h:x\"\n").toString())
                .doesNotContain("hunter2");
    }

    @Test
    void controlCharactersInValuesAndKeysDoNotReachTheTerminal() {
        String text =
                faults("\"\\u001b[31mx\" = 1\nzone = \"\\u001b]0;x\\u0007\"\n").toString();
        assertThat(text).doesNotContain("\u001b").contains("\\u001B");
    }

    @Test
    void theShippedRulesAreReadBeforeLocalOnesUnlessTheyAreSwitchedOff() throws Exception {
        Path shipped = Path.of("/opt/loghost/rules");
        Path local = folder.resolve("data/local");
        Path usual = folder.resolve("data/rules");
        assertThat(read("").rules().paths()).containsExactly(shipped, usual);
        assertThat(read("[rules]\npath = \"local\"\n").rules().paths()).containsExactly(shipped, local);
        assertThat(read("[rules]\npath = [\"local\", \"rules\"]\nshipped = true\n")
                        .rules()
                        .paths())
                .containsExactly(shipped, local, usual);
        assertThat(read("[rules]\npath = [\"/opt/loghost/rules\", \"local\"]\n")
                        .rules()
                        .paths())
                .containsExactly(shipped, local);
        assertThat(read("[rules]\nshipped = false\n").rules().paths()).containsExactly(usual);
        assertThat(read("[rules]\npath = \"local\"\nshipped = false\n").rules().paths())
                .containsExactly(local);
        assertThat(read("[rules]\npath = \"local\"\nstyle = \"logcheck\"\n")
                        .rules()
                        .paths())
                .containsExactly(local);
        assertThat(read("[rules]\npath = \"local\"\ncomments = false\n").rules().paths())
                .containsExactly(local);
    }

    @ParameterizedTest
    @CsvSource({
        "[::]:5514,0.0.0.0:5514",
        "0.0.0.0:5514,[::]:5514",
        "[::1]:5514,[0:0::1]:5514",
        "127.0.0.1:0514,127.0.0.1:514"
    })
    void twoListenersOfAKindCannotHaveTheSameAddressHoweverItIsWritten(String one, String other) throws Exception {
        for (String kind : List.of("udp", "tcp")) {
            String first = "[[listen]]\nkind = \"" + kind + "\"\nbind = \"" + one + "\"\n";
            Path file = Files.writeString(folder.resolve("loghost.toml"), first + first.replace(one, other));
            assertThat(faultsOf(file).toString())
                    .contains(":6:1: listen.bind: ")
                    .contains("no other " + kind);
        }
    }

    @Test
    void listenersOfDifferentKindsPortsOrAddressesDoNotDisturbEachOther() throws Exception {
        String some = """
            [[listen]]
            kind = "udp"
            bind = "[::]:5514"
            [[listen]]
            kind = "tcp"
            bind = "0.0.0.0:5514"
            [[listen]]
            kind = "udp"
            bind = "0.0.0.0:5515"
            [[listen]]
            kind = "udp"
            bind = "0.0.0.0:0"
            [[listen]]
            kind = "udp"
            bind = "[::]:0"
            """;
        assertThat(read(some).listeners()).hasSize(5);
    }

    @Test
    void theFolderOfDataMayBeGivenFromOutside() throws Exception {
        Path file = Files.writeString(folder.resolve("loghost.toml"), "data = \"a\"\n");
        LoghostConfig config = reader.read(file, folder.resolve("b"));
        assertThat(config.data()).isEqualTo(folder.resolve("b"));
        assertThat(config.control().path()).isEqualTo(folder.resolve("b/control.sock"));
    }

    @Test
    void aMailServerOnLoopbackNeedsNoTls() throws Exception {
        for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
            MailConfig.Smtp smtp =
                    read("[mail]\nsmtp = \"smtp://" + host + "\"\n").mail().smtp();
            assertThat(smtp.startTls()).as(host).isEqualTo(MailConfig.StartTls.OFFERED);
            assertThat(smtp.port()).isEqualTo(25);
        }
    }

    @Test
    void withSmtpAloneThereIsNoMaildir() throws Exception {
        assertThat(read("[mail]\nsmtp = \"smtp://localhost\"\n").mail().maildir())
                .isNull();
        assertThat(read("[mail]\nfrom = \"a@b\"\n").mail().maildir()).isEqualTo(folder.resolve("data/mail"));
    }

    @Test
    void aFileWritableByOthersIsAWarning() throws Exception {
        Path file = Files.writeString(folder.resolve("loghost.toml"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(reader.read(file, null).warnings())
                .containsExactly(file + " is writable by others (expected: chmod o-w " + file + ")");
    }

    @Test
    void aFileThatCannotBeReadIsOneFaultWithoutAPosition() throws Exception {
        assertThat(faultsOf(folder.resolve("absent.toml")).toString()).contains("absent.toml: no such file");
        assertThat(faultsOf(folder).toString()).contains("is a folder");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
        assertThat(faultsOf(binary).toString()).contains("is not text (expected: UTF-8)");
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 18) + 1]);
        assertThat(faultsOf(large).toString()).contains("262145 bytes (expected: at most 262144)");
    }

    /** Whatever the file holds: a configuration or faults with a place, never another exception. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void damagedFilesAreFaultsAndNothingElse(long seed) throws Exception {
        String sound = """
            zone = "UTC"
            [[listen]]
            kind = "udp"
            bind = "[::1]:0"
            allow = ["10.0.0.0/8", "::1"]
            max-message = "8 KiB"
            [hosts.names]
            "192.0.2.9" = "switch-9"
            [mail]
            smtp = "smtp://mail.example.org:25"
            """;
        String pieces = "\"'[]={}.,#\n\\\u00e9 \u0000x0-:/@";
        Random random = new Random(seed);
        for (int i = 0; i < 250; i++) {
            StringBuilder damaged = new StringBuilder(sound);
            for (int j = random.nextInt(4); j >= 0; j--) {
                int at = random.nextInt(damaged.length());
                damaged.replace(
                        at,
                        Math.min(damaged.length(), at + random.nextInt(6)),
                        String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            try {
                read(damaged.toString());
            } catch (ConfigException faulty) {
                assertThat(faulty.faults()).as("seed %d: %s", seed, damaged).isNotEmpty();
            }
        }
    }

    private LoghostConfig read(String text) throws Exception {
        return reader.read(Files.writeString(folder.resolve("loghost.toml"), text), null);
    }

    private List<Fault> faults(String text) {
        try {
            return faultsOf(Files.writeString(folder.resolve("loghost.toml"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Fault> faultsOf(Path file) {
        return catchThrowableOfType(ConfigException.class, () -> reader.read(file, null))
                .faults();
    }
}
