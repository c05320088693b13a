package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class HostDirectoryTest {
    private static final Listener UDP = new Listener("udp", Listener.Kind.UDP, false, ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());
    private DnsResponder dns;

    @BeforeEach
    void startDns() throws Exception {
        dns = new DnsResponder();
    }

    @AfterEach
    void stopDns() {
        dns.close();
    }

    @Test
    void classicClientWithoutHostNameGetsItsShortNameFromDns() throws Exception {
        dns.pointer("192.0.2.50", "goblin.example.com");
        dns.address("goblin.example.com", "192.0.2.50");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));

            await().until(() -> hosts.unnamed(sender) != null);

            assertThat(hosts.unnamed(sender).name()).isEqualTo("goblin");
        }
    }

    @Test
    void nameThatDoesNotLeadBackToTheAddressIsNotBelieved() throws Exception {
        dns.pointer("192.0.2.66", "goblin.example.com");
        dns.address("goblin.example.com", "192.0.2.50");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.66"));

            await().until(() -> hosts.unnamed(sender) != null);

            assertThat(hosts.unnamed(sender).name()).isEqualTo("192.0.2.66");
        }
    }

    @Test
    void configuredNameNeedsNoDns() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "UPS1.example.com"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.7"));

            assertThat(hosts.unnamed(sender)).isNotNull();
            assertThat(hosts.unnamed(sender).name()).isEqualTo("ups1");
            assertThat(dns.questions()).isZero();
        }
    }

    @Test
    void silentDnsBlocksNobodyAndEndsInTheAddress() throws Exception {
        dns.silent(true);
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.8"));

            assertThat(hosts.unnamed(sender)).isNull();
            assertThat(hosts.byAddress(sender).name()).isEqualTo("192.0.2.8");
            assertThat(named(hosts, sender, "web01").name()).isEqualTo("web01");
            await().atMost(Duration.ofSeconds(30)).until(() -> hosts.unnamed(sender) != null);
            assertThat(hosts.unnamed(sender).name()).isEqualTo("192.0.2.8");
        }
    }

    @Test
    void outageOfDnsMovesNobodyAfterARestart() throws Exception {
        dns.pointer("192.0.2.50", "goblin.example.com");
        dns.address("goblin.example.com", "192.0.2.50");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));
            await().until(() -> hosts.unnamed(sender) != null);
        }
        dns.silent(true);

        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Host host = hosts.unnamed(hosts.sender(UDP, address("192.0.2.50")));

            assertThat(host).as("known at once, without an answer").isNotNull();
            assertThat(host.name()).isEqualTo("goblin");
        }
    }

    @Test
    void changedNameIsTakenAndReported() throws Exception {
        Files.writeString(folder.resolve("hosts-known"), "sender\t192.0.2.50\toldname\n");
        dns.pointer("192.0.2.50", "newname.example.com");
        dns.address("newname.example.com", "192.0.2.50");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));

            await().until(() -> hosts.unnamed(sender).name().equals("newname"));

            assertThat(notices.current())
                    .extracting(Notice::text)
                    .anyMatch(text -> text.contains("192.0.2.50 was oldname and is now newname"));
        }
    }

    @Test
    void aliasesAndDomainsJoinToOneHost() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.9", "web01"), Map.of("www", "web01")))) {
            Sender relay = hosts.sender(UDP, address("192.0.2.1"));
            Host web = named(hosts, relay, "web01");

            assertThat(named(hosts, relay, "WEB01")).isSameAs(web);
            assertThat(named(hosts, relay, "web01.example.com")).isSameAs(web);
            assertThat(named(hosts, relay, "www.example.com")).isSameAs(web);
            assertThat(named(hosts, relay, "192.0.2.9")).isSameAs(web);
            assertThat(named(hosts, relay, "web01.example.org").name()).isEqualTo("web01.example.org");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/cron.d/x, -..-etc-cron.d-x",
        "..., ''",
        ".., ''",
        "WEB_01, web_01",
        "slot1/bigip1, slot1-bigip1",
        "2607:f0d0:1002:51::4, 2607-f0d0-1002-51--4",
        "[10.0.0.143], 10.0.0.143",
        ".hidden, hidden",
        "'U7PG2,788a2056b182,v4.0', 'u7pg2-788a2056b182-v4.0'"
    })
    void everyNameBecomesASafeFolder(String sent, String safe) {
        assertThat(HostName.safe(sent)).isEqualTo(safe);
    }

    @Test
    void longNamesStayApart() {
        String first = HostName.safe("a".repeat(255) + "1");
        String second = HostName.safe("a".repeat(255) + "2");

        assertThat(first).hasSize(200).isNotEqualTo(second);
        assertThat(second).hasSize(200);
    }

    @Test
    void localhostInAHeaderIsTheSender() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.7"));

            assertThat(named(hosts, sender, "localhost").name()).isEqualTo("ups1");
            assertThat(named(hosts, sender, "localhost.localdomain").name()).isEqualTo("ups1");
        }
    }

    @Test
    void inventedNamesAreBoundedCountedAndNamedToTheOperator() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.7"));
            for (int i = 0; i < 10_000; i++) {
                named(hosts, sender, "invented" + i);
            }

            assertThat(named(hosts, sender, "onemore").name()).isEqualTo("ups1");
            assertThat(named(hosts, sender, "invented1").name())
                    .as("what was taken stays")
                    .isEqualTo("invented1");
            assertThat(metrics.get(Count.REFUSED_HOST_NAMES)).isBetween(7_900L, 8_001L);
            assertThat(notices.current())
                    .extracting(Notice::text)
                    .anyMatch(text -> text.startsWith("192.0.2.7 brought more new host names"));
        }
    }

    @Test
    void oneNewNameAskedByManyThreadsIsOneHost() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.7"));
            Set<Host> seen = ConcurrentHashMap.newKeySet();
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(t -> new Thread(() -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        for (int i = 0; i < 500; i++) {
                            seen.add(named(hosts, sender, "host" + i));
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(seen).hasSize(500);
        }
    }

    @Test
    void knownNameCostsNoAllocation() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.7"));
            byte[] name = "web01".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 20_000; i++) {
                hosts.named(sender, name, 0, name.length);
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                hosts.named(sender, name, 0, name.length);
            }

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        }
    }

    @Test
    void firstAndLastSeenOutliveARestart() throws Exception {
        HostsConfig config = config(Map.of("192.0.2.7", "ups1"), Map.of());
        try (HostDirectory hosts = started(config)) {
            hosts.seen(batch(hosts, 1_000));
        }
        try (HostDirectory hosts = started(config)) {
            hosts.seen(batch(hosts, 5_000));

            HostInfo info = hosts.hosts().get(0);
            assertThat(info.name()).isEqualTo("ups1");
            assertThat(info.firstSeenMillis()).isEqualTo(1_000);
            assertThat(info.lastSeenMillis()).isEqualTo(5_000);
            assertThat(info.messages()).isEqualTo(2);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("hosts-known"))))
                .isEqualTo("rw-------");
    }

    @Test
    void configuredNameOutweighsWhatAnEarlierRunKnew() throws Exception {
        Files.writeString(folder.resolve("hosts-known"), "sender\t192.0.2.7\toldname\n");
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            assertThat(hosts.unnamed(hosts.sender(UDP, address("192.0.2.7"))).name())
                    .isEqualTo("ups1");
        }
    }

    @Test
    void configuredIpv6AddressMayBeWrittenShort() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("2001:db8::7", "ups6"), Map.of()))) {
            assertThat(hosts.unnamed(hosts.sender(UDP, address("2001:db8:0:0:0:0:0:7")))
                            .name())
                    .isEqualTo("ups6");
        }
    }

    @Test
    void knownAddressOfAnInterfaceThatIsGoneDoesNotStopTheStart() throws Exception {
        Files.writeString(
                folder.resolve("hosts-known"), "sender\tfe80::1%nosuch0\tgone\nsender\tname.example.com\tno-address\n");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(hosts.hosts()).isEmpty();
            assertThat(dns.questions()).isZero();
        }
    }

    @Test
    void sendersBeyondTheLimitOfHostsStandTogether() throws Exception {
        HostsConfig three =
                new HostsConfig(Map.of(), Map.of(), List.of(), false, List.of(), Duration.ofSeconds(1), 3, 2_000);
        try (HostDirectory hosts = started(three)) {
            Set<String> names = new java.util.TreeSet<>();
            for (int i = 1; i <= 20; i++) {
                names.add(hosts.unnamed(hosts.sender(UDP, address("192.0.2." + i)))
                        .name());
            }

            assertThat(names).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3", "other-senders");
            assertThat(metrics.get(Count.REFUSED_HOST_NAMES)).isEqualTo(17);
        }
    }

    @Test
    void reloadNamesSendersAnew() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.7"));

            hosts.reload(config(Map.of("192.0.2.7", "ups-cellar"), Map.of()));

            assertThat(hosts.unnamed(sender).name()).isEqualTo("ups-cellar");
        }
    }

    @Test
    void damagedStateFileIsNoFault() throws Exception {
        Files.writeString(folder.resolve("hosts-known"), "host\tweb01\tx\t1\t1\n\0\0\nsender\n");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(hosts.hosts()).isEmpty();
        }
    }

    private MessageBatch batch(HostDirectory hosts, long receivedMillis) throws Exception {
        Sender sender = hosts.sender(UDP, address("192.0.2.7"));
        MessageBatch batch = new BatchPool(1).take();
        batch.add(0, 0, 13, hosts.unnamed(sender), sender, receivedMillis);
        return batch;
    }

    private HostDirectory started(HostsConfig config) throws Exception {
        HostDirectory hosts =
                new HostDirectory(config, folder.resolve("hosts-known"), metrics, notices, Clock.systemUTC());
        hosts.start();
        return hosts;
    }

    private HostsConfig config(Map<String, String> names, Map<String, String> aliases) {
        return new HostsConfig(
                names,
                aliases,
                List.of("example.com"),
                true,
                List.of(dns.server()),
                Duration.ofSeconds(1),
                100_000,
                2_000);
    }

    private static Host named(HostDirectory hosts, Sender sender, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return hosts.named(sender, bytes, 0, bytes.length);
    }

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }
}
