package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.hosts.DnsResponder;

/** What a user sees of the whole server: the real command, real sockets, real signals, files and mail read back. */
class ServerIT {
    private static final String STAMP = "Nov 23 06:30:00";

    @TempDir
    Path data;

    @Test
    void everyHostsLinesLandInItsOwnFilesAndOneMailTellsAll() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendUdp(
                    "<38>" + STAMP + " web01 sshd[814]: Failed password for root from 198.51.100.7 port 40022 ssh2");
            server.sendTcp("<27>" + STAMP + " db01 mystery[7]: the cellar is wet\n<78>" + STAMP
                    + " db01 CRON[7]: (root) CMD (true)\n");
            server.sendUdp("<33>" + STAMP
                    + " fw1 portsentry[311]: attackalert: Connect from host: 198.51.100.7/198.51.100.7 to TCP"
                    + " port: 143");
            server.awaitLines("web01", "Failed password", 1);
            server.awaitLines("db01", "", 2);
            server.awaitLines("fw1", "attackalert", 1);

            assertThat(server.run("report", "--now")).contains("handed over").endsWith("exit 0");

            assertThat(server.mails()).hasSize(1);
            String mail = server.mails().get(0);
            assertThat(mail)
                    .contains("Subject: [loghost] ATTACK 1")
                    .containsSubsequence(
                            "ACTIVE SYSTEM ATTACK",
                            STAMP
                                    + " fw1 portsentry[311]: attackalert: Connect from host: 198.51.100.7/198.51.100.7"
                                    + " to TCP port: 143",
                            "Security Violations",
                            STAMP + " web01 sshd[814]: Failed password for root from 198.51.100.7 port 40022 ssh2",
                            "Unusual System Activity",
                            STAMP + " db01 mystery[7]: the cellar is wet")
                    .doesNotContain("CRON[7]");
            assertThat(server.linesOf("db01"))
                    .containsExactly(
                            STAMP + " db01 mystery[7]: the cellar is wet", STAMP + " db01 CRON[7]: (root) CMD (true)");
        }
    }

    @Test
    void ruleThatBeginsWithTheHostMatchesAClassicClientThatSendsNone() throws Exception {
        Path rules = Files.createDirectories(data.resolve("rules"));
        Files.writeString(rules.resolve("logcheck.ignore"), "goblin ipop3d\\[[0-9]+\\]: Login user=cindy host=.*$\n");
        try (DnsResponder dns = new DnsResponder();
                ServerProcess server = ServerProcess.start(
                        data,
                        "[hosts]",
                        "strip-domains = [\"example.com\"]",
                        "dns-servers = [\"" + dns.server() + "\"]")) {
            dns.pointer("127.0.0.5", "goblin.example.com");
            dns.address("goblin.example.com", "127.0.0.5");
            String line = "ipop3d[1234]: Login user=cindy host=hop.pop.com [1.2.3.3] nmsgs=0/0";
            server.sendUdpFrom("127.0.0.5", ("<22>" + STAMP + " " + line).getBytes(StandardCharsets.US_ASCII));
            server.awaitLines("goblin", "ipop3d", 1);

            assertThat(server.linesOf("goblin")).containsExactly(STAMP + " goblin " + line);
            assertThat(server.run("report", "--now")).contains("nothing to report");
        }
    }

    @Test
    void nothingToSayNoMail() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendUdp("<78>" + STAMP + " db01 CRON[7]: (root) CMD (true)");
            server.awaitLines("db01", "CRON", 1);

            assertThat(server.run("report", "--now")).contains("nothing to report");

            assertThat(server.mails()).isEmpty();
        }
    }

    @Test
    void killLeavesNoArchivedLineUnreportedAndReportsNoneTwice() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp(lines("web01", "first run", 2_000));
            server.awaitLines("web01", "first run", 2_000);
            server.kill();
        }
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp(lines("web01", "second run", 10));
            server.awaitLines("web01", "second run", 10);
            server.run("report", "--now");
            server.run("report", "--now");

            String all = String.join("\n", server.mails());
            String archived = String.join("\n", server.linesOf("web01"));
            for (int i : new int[] {0, 1, 1_000, 1_999}) {
                assertThat(archived).containsOnlyOnce("first run " + i + ".");
            }
            assertThat(all).contains("first run 0.").contains("second run 9.");
            assertThat(all.split("second run 9\\.", -1)).as("reported once").hasSize(2);
        }
    }

    @Test
    void stopWritesEverythingThatWasSentBefore() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp(lines("web01", "before the stop", 50_000));
            long start = System.nanoTime();

            assertThat(server.stop()).as(server.output()).isZero();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
            List<String> expected = IntStream.range(0, 50_000)
                    .mapToObj(i -> STAMP + " web01 app: before the stop " + i + ".")
                    .toList();
            assertThat(server.linesOf("web01"))
                    .as(server.output())
                    .hasSize(50_000)
                    .isEqualTo(expected);
        }
    }

    @Test
    void hostileTextStaysTextAndInsideTheArchive() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendUdp("<13>" + STAMP + " ../../etc/cron.d/x app: traversal");
            server.sendUdp("<13>" + STAMP + " web01 app: \u001b[2Jescape ${jndi:ldap://127.0.0.1:1/a} end");
            server.sendUdp("<13>" + STAMP + " web01 app: nul\0inside");
            server.sendUdp("<13>" + STAMP + " web01 app: forged\n<0>" + STAMP + " db01 app: record");
            server.sendUdp(new byte[0]);
            server.sendUdp("<99999999999999999999>no header at all");
            server.awaitLines("web01", "", 3);
            await().until(() -> everything(server).contains("no header at all"));

            assertThat(server.linesOf("web01"))
                    .containsExactly(
                            STAMP + " web01 app: #033[2Jescape ${jndi:ldap://127.0.0.1:1/a} end",
                            STAMP + " web01 app: nul#000inside",
                            STAMP + " web01 app: forged#012<0>" + STAMP + " db01 app: record");
            assertThat(server.hosts()).as("one datagram is one message").doesNotContain("db01");
            assertThat(everything(server)).contains("traversal");
            assertThat(data.getParent().resolve("etc")).doesNotExist();
            assertThat(server.run("status")).containsPattern("\\s1\\s+empty datagrams");
        }
    }

    @Test
    void messageOf64KiBIsKeptWholeAndALongerOneIsCutAndCounted() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            String whole = "<13>" + STAMP + " web01 app: " + "x".repeat(60_000) + "END";
            server.sendUdp(whole);
            server.sendTcp(
                    "<13>" + STAMP + " web02 app: " + "y".repeat(200_000) + "\n<13>" + STAMP + " web02 app: next\n");
            server.awaitLines("web01", "END", 1);
            server.awaitLines("web02", "next", 1);

            assertThat(server.linesOf("web02")).hasSize(2);
            assertThat(server.linesOf("web02").get(0)).hasSizeBetween(64_000, 66_000);
            assertThat(server.run("status")).containsPattern("\\s1\\s+messages truncated");
        }
    }

    @Test
    void refusedSenderIsCountedAndNamedInTheReport() throws Exception {
        String toml = """
            data = "."
            [[listen]]
            kind = "udp"
            bind = "127.0.0.1:0"
            allow = ["192.0.2.0/24"]
            """;
        try (ServerProcess server = ServerProcess.launch(data, toml)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> server.output().contains("Try it:"));
            server.sendUdp("<13>" + STAMP + " web01 app: let me in");
            await().until(() -> server.run("status").contains("127.0.0.1"));

            server.run("report", "--now");

            assertThat(server.mails()).hasSize(1);
            assertThat(server.mails().get(0)).contains("127.0.0.1").contains("allow");
            assertThat(server.hosts()).doesNotContain("web01");
        }
    }

    @Test
    void changedRuleFileTakesEffectByItselfAndABadRuleDisablesItselfAlone() throws Exception {
        Path rules = Files.createDirectories(data.resolve("rules"));
        Files.createSymbolicLink(rules.resolve("logcheck.dangling"), data.resolve("absent"));
        try (ServerProcess server = ServerProcess.start(data)) {
            Files.writeString(rules.resolve("logcheck.ignore"), "app: harmless\n(broken\n\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.run("status").contains("logcheck.ignore:2"));
            server.sendTcp("<13>" + STAMP + " web01 app: harmless\n<13>" + STAMP + " web01 app: harmful\n");
            server.awaitLines("web01", "harm", 2);

            server.run("report", "--now");

            assertThat(server.mails().get(0))
                    .contains("app: harmful")
                    .doesNotContain("app: harmless\r")
                    .contains("logcheck.ignore:2");
        }
    }

    @Test
    void badConfigurationAtReloadLeavesTheOldOneRunning() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            Path config = data.resolve("loghost.toml");
            String good = Files.readString(config);
            Files.writeString(config, good + "[report]\nevery = \"soon\"\nevry = \"30m\"\n");
            server.hangUp();
            await().until(() -> server.output().contains("every"));
            server.sendUdp("<13>" + STAMP + " web01 app: still here");
            server.awaitLines("web01", "still here", 1);
            Files.writeString(config, good);

            server.run("report", "--now");

            assertThat(server.mails().get(0))
                    .contains("not reloaded")
                    .contains("every")
                    .contains("evry");
        }
    }

    @Test
    void allFaultsOfAConfigurationAreSaidAtOnceWithExitCode2() throws Exception {
        try (ServerProcess server = ServerProcess.launch(data, "dta = 1\n[report]\nevery = \"soon\"\n")) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.output())
                    .contains("loghost.toml:1:1")
                    .contains("loghost.toml:3:")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void withoutClassifiersItOnlyArchivesAndSaysSo() throws Exception {
        try (ServerProcess server = ServerProcess.start(data, "[threads]", "classifiers = 0")) {
            server.sendTcp("<13>" + STAMP + " web01 app: unusual\n");
            server.awaitLines("web01", "unusual", 1);

            server.run("report", "--now");

            assertThat(server.output()).contains("Nothing is classified");
            assertThat(server.mails().get(0)).contains("Nothing is classified").doesNotContain("app: unusual");
            assertThat(server.run("hosts")).contains("web01");
        }
    }

    @Test
    void signalsDuringTheStartAreHeeded() throws Exception {
        try (ServerProcess server =
                ServerProcess.launch(data, "data = \".\"\n[[listen]]\nkind = \"tcp\"\nbind = \"127.0.0.1:0\"\n")) {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Files.exists(data.resolve("rule-files")));
            server.hangUp();

            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).contains("logger -T -n 127.0.0.1 -P ").contains("Stopped");
        }
    }

    /** On a machine that is too slow for it in 10 s, lines are given up, but then each is counted and the stop fails. */
    @Test
    void stopWritesTheLinesOfThousandsOfNewHostsOrSaysHowManyItDidNot() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(data, "[hosts]", "max-new-per-sender = 100000", "reverse-dns = false")) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 8_000; i++) {
                lines.append("<13>").append(STAMP).append(" host").append(i).append(" app: new\n");
            }
            server.sendTcp(lines.toString());

            int exitCode = server.stop();

            long onFile = 0;
            try (Stream<Path> files = Files.walk(server.archive())) {
                for (Path file : files.filter(one -> one.toString().matches(".*/host\\d+/\\d.*\\.log"))
                        .toList()) {
                    onFile += Files.readAllLines(file).size();
                }
            }
            Matcher given = Pattern.compile("The stop gave up (\\d+) line").matcher(server.output());
            long givenUp = given.find() ? Long.parseLong(given.group(1)) : 0;
            assertThat(onFile + givenUp).as(server.output()).isEqualTo(8_000);
            assertThat(exitCode).as(server.output()).isEqualTo(givenUp == 0 ? 0 : 1);
        }
    }

    @Test
    void stopThatGivesUpLinesSaysHowManyAndWhyAndFails() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp("<13>" + STAMP + " web01 app: well\n");
            server.awaitLines("web01", "well", 1);
            Files.createDirectories(server.archive());
            Files.writeString(server.archive().resolve("web02"), "in the way");
            server.sendTcp("<13>" + STAMP + " web02 app: one\n<13>" + STAMP + " web02 app: two\n");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.run("status").contains("lines of web02 wait in memory"));

            assertThat(server.stop()).as(server.output()).isEqualTo(1);

            assertThat(server.output())
                    .contains("The stop gave up 2 lines; lost: their host's file could not be written")
                    .contains("web02 is a file (expected: a folder; remove it)");
        }
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.launch(
                        data,
                        "data = \".\"\n[[listen]]\nkind = \"udp\"\nbind = \"127.0.0.1:" + taken.getLocalPort()
                                + "\"\n")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.output())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .doesNotContain("\tat ")
                    .doesNotContain("a bug");
        }
    }

    @Test
    void filesAreForTheirOwnerAndTheArchivesGroupAlone() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendUdp("<13>" + STAMP + " web01 app: unusual");
            server.awaitLines("web01", "unusual", 1);
            server.run("report", "--now");

            assertThat(mode(server.archive().resolve("web01"))).isEqualTo("rwxr-x---");
            try (Stream<Path> files = Files.list(server.archive().resolve("web01"))) {
                assertThat(files.filter(Files::isRegularFile).map(ServerIT::mode))
                        .isNotEmpty()
                        .containsOnly("rw-r-----");
            }
            assertThat(mode(data.resolve("control.sock"))).isEqualTo("rw-------");
            try (Stream<Path> state = Stream.of("findings", "outbox", "reports").map(data::resolve)) {
                for (Path folder : state.toList()) {
                    try (Stream<Path> all = Files.walk(folder)) {
                        assertThat(all.map(ServerIT::mode).collect(Collectors.toSet()))
                                .as("%s", folder)
                                .allMatch(mode -> mode.endsWith("---"));
                    }
                }
            }
        }
    }

    @Test
    void invented10000HostsGoToTheirSenderBeyondTheLimit() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            StringBuilder stream = new StringBuilder();
            for (int i = 0; i < 10_000; i++) {
                stream.append("<13>")
                        .append(STAMP)
                        .append(" invented")
                        .append(i)
                        .append(" app: x\n");
            }
            server.sendTcp(stream.toString());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.run("status").matches("(?s).*\\s8,0\\d\\d\\s+refused: host names.*"));

            await().untilAsserted(() -> assertThat(server.hosts()).hasSizeBetween(1_990, 2_010));
            assertThat(server.run("hosts")).contains("invented1999").doesNotContain("invented3000");
        }
    }

    @Test
    void tailAndHostsShowWhatCame() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendUdp("<13>" + STAMP + " web01 app: look here");
            server.awaitLines("web01", "look here", 1);

            assertThat(server.run("tail", "web01")).contains(STAMP + " web01 app: look here");
            assertThat(server.run("hosts")).contains("web01");
            assertThat(server.run("hosts", "--json"))
                    .contains("\"name\":\"web01\"")
                    .contains("\"name_from\":\"header\"")
                    .contains("\"last_sender\":\"127.0.0.1\"");
        }
    }

    private static String lines(String host, String text, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "<13>" + STAMP + " " + host + " app: " + text + " " + i + ".\n")
                .collect(Collectors.joining());
    }

    private static String everything(ServerProcess server) {
        return server.hosts().stream()
                .flatMap(host -> server.linesOf(host).stream())
                .collect(Collectors.joining("\n"));
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
