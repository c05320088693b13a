package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.parse.MessageWriter;

class HostDirectoryTest {
    private static final Listener UDP = new Listener("udp", Listener.Kind.UDP, false, ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());
    private final HandClock clock = new HandClock(Instant.parse("2026-11-22T06:55:58Z"));
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
    void hostsAreKnownFromHeadersAndFromEarlierRuns() throws Exception {
        byte[] name = "sw1".getBytes(StandardCharsets.US_ASCII);
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(hosts.isKnown(name, 0, name.length)).isFalse();

            Sender sender = hosts.sender(UDP, address("127.0.0.1"));
            MessageBatch batch = new BatchPool(1).take();
            batch.add(0, 0, 13, named(hosts, sender, "sw1"), sender, clock.millis());
            hosts.seen(batch);

            assertThat(hosts.isKnown(name, 0, name.length)).isTrue();
        }
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(hosts.isKnown(name, 0, name.length)).isTrue();
            assertThat(hosts.isKnown(name, 0, name.length - 1)).isFalse();
        }
    }

    @Test
    void classicClientWithoutHostNameGetsItsShortNameFromDns() throws Exception {
        dns.host("192.0.2.50", "goblin.example.com");
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
        dns.host("192.0.2.50", "goblin.example.com");
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
        dns.host("192.0.2.50", "newname.example.com");
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
                    .anyMatch(text -> text.startsWith("More new host names") && text.contains("192.0.2.7"));
        }
    }

    @Test
    void linesKeepTheirHostNameInWhateverFolderTheyStand() throws Exception {
        HostsConfig tight = new HostsConfig(
                Map.of("192.0.2.7", "relay"), Map.of(), List.of(), false, List.of(), Duration.ofSeconds(1), 9, 1);
        try (HostDirectory hosts = started(tight)) {
            Sender relay = hosts.sender(UDP, address("192.0.2.7"));
            String text = " sshd[7]: Failed password for root";

            assertThat(written(hosts, relay, "web01" + text)).isEqualTo("web01 < web01" + text);
            assertThat(written(hosts, relay, "WEB02" + text)).isEqualTo("relay < web02" + text);
            assertThat(written(hosts, relay, "web02" + text)).isEqualTo("relay < web02" + text);
            assertThat(written(hosts, relay, "localhost" + text)).isEqualTo("relay < relay" + text);
            assertThat(metrics.get(Count.REFUSED_HOST_NAMES)).isEqualTo(2);
        }
    }

    @Test
    void nameThatIsTooLongForAFolderStandsWholeInTheLine() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "relay"), Map.of()))) {
            Sender relay = hosts.sender(UDP, address("192.0.2.7"));
            String name = "a".repeat(120) + "." + "b".repeat(119);

            String written = written(hosts, relay, name + " sshd[7]: x");

            assertThat(written).endsWith(" < " + name + " sshd[7]: x");
            assertThat(written.indexOf(' ')).as("the folder's name").isEqualTo(200);
            assertThat(written(hosts, relay, name + " sshd[7]: x")).isEqualTo(written);
        }
    }

    @Test
    void nameOfNothingUsableStandsInTheLine() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "relay"), Map.of()))) {
            Host host = named(hosts, hosts.sender(UDP, address("192.0.2.7")), "*\u00e9\u0001*");

            assertThat(host.name()).isEqualTo("relay");
            assertThat(new String(host.lineBytes(), StandardCharsets.US_ASCII)).isEqualTo("*--*");
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
        long first = clock.millis();
        try (HostDirectory hosts = started(config)) {
            hosts.seen(batch(hosts, first));
        }
        try (HostDirectory hosts = started(config)) {
            hosts.seen(batch(hosts, first + 5_000));

            HostInfo info = hosts.hosts().get(0);
            assertThat(info.name()).isEqualTo("ups1");
            assertThat(info.firstSeenMillis()).isEqualTo(first);
            assertThat(info.lastSeenMillis()).isEqualTo(first + 5_000);
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

    @Test
    void ipv6SenderIsConfirmedByItsAaaaRecord() throws Exception {
        dns.host("2001:db8::50", "goblin.example.com");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(settled(hosts, "2001:db8::50").name()).isEqualTo("goblin");
            assertThat(settled(hosts, "2001:db8::51").name()).isEqualTo("2001-db8--51");
        }
    }

    @Test
    void delegatedReverseZoneIsFollowed() throws Exception {
        dns.delegated("192.0.2.50", "50.0-63.2.0.192.in-addr.arpa", "goblin.example.com");
        dns.address("goblin.example.com", "192.0.2.50");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(settled(hosts, "192.0.2.50").name()).isEqualTo("goblin");
        }
    }

    @Test
    void anyOfSeveralNamesMayLeadBack() throws Exception {
        dns.pointer("192.0.2.50", "aaa.example.com", "goblin.example.com");
        dns.address("goblin.example.com", "192.0.2.50");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(settled(hosts, "192.0.2.50").name()).isEqualTo("goblin");
        }
    }

    @Test
    void hostilePointersAreNotBelievedAndHoldUpNobody() throws Exception {
        dns.pointer("192.0.2.60", "../../etc/cron.d");
        dns.pointer("192.0.2.61", "x\0y.example.com");
        dns.pointer("192.0.2.62", "\u00e4\u00f6.example.com");
        dns.pointer("192.0.2.63", "localhost");
        dns.address("localhost", "192.0.2.63");
        dns.host("192.0.2.50", "goblin.example.com");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            for (int last = 60; last <= 63; last++) {
                assertThat(settled(hosts, "192.0.2." + last).name()).isEqualTo("192.0.2." + last);
            }
            assertThat(settled(hosts, "192.0.2.50").name()).isEqualTo("goblin");
        }
    }

    @Test
    void everyOneOfManyNewSendersGetsItsName() throws Exception {
        int many = 4 * SenderNames.MAX_IN_FLIGHT;
        for (int i = 0; i < many; i++) {
            dns.host("10.0." + i / 250 + "." + (1 + i % 250), "web" + i + ".example.com");
        }
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            List<Sender> senders = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                senders.add(hosts.sender(UDP, address("10.0." + i / 250 + "." + (1 + i % 250))));
            }

            await().until(() -> senders.stream().allMatch(sender -> hosts.unnamed(sender) != null));

            for (int i = 0; i < many; i++) {
                assertThat(hosts.unnamed(senders.get(i)).name()).isEqualTo("web" + i);
            }
        }
    }

    @Test
    void knownNameOutlivesNoSuchNameAndSilence() throws Exception {
        dns.host("192.0.2.50", "goblin.example.com");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));
            assertThat(settled(hosts, "192.0.2.50").name()).isEqualTo("goblin");
            int asked = dns.questions();

            dns.pointer("192.0.2.50");
            clock.advance(Duration.ofHours(40));
            hosts.keepUp();
            await().until(() -> dns.questions() > asked);
            assertThat(settled(hosts, "192.0.2.50")).isSameAs(hosts.unnamed(sender));

            dns.host("192.0.2.50", "renamed.example.com");
            await().until(() -> {
                clock.advance(Duration.ofHours(40));
                hosts.keepUp();
                return hosts.unnamed(sender).name().equals("renamed");
            });
            assertThat(notices.current())
                    .extracting(Notice::text)
                    .anyMatch(text ->
                            text.contains("192.0.2.50 was goblin (since 2026-11-22T06:55:58Z) and is now renamed"));
        }
    }

    @Test
    void changingOrderOfSeveralNamesMovesNobody() throws Exception {
        dns.host("192.0.2.50", "zoe.example.com");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));
            assertThat(settled(hosts, "192.0.2.50").name()).isEqualTo("zoe");
            dns.address("anna.example.com", "192.0.2.50");
            dns.pointer("192.0.2.50", "anna.example.com", "zoe.example.com");
            int asked = dns.questions();

            clock.advance(Duration.ofHours(40));
            hosts.keepUp();
            await().until(() -> dns.questions() >= asked + 2);
            // The next sender's answer comes after this one's: one thread takes both.
            settled(hosts, "192.0.2.51");

            assertThat(hosts.unnamed(sender).name()).isEqualTo("zoe");
            assertThat(notices.current()).isEmpty();
        }
    }

    @Test
    void senderWithoutNameIsAskedForAgainAndMovesWithANotice() throws Exception {
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));
            assertThat(settled(hosts, "192.0.2.50").name()).isEqualTo("192.0.2.50");
            int asked = dns.questions();
            hosts.keepUp();
            dns.host("192.0.2.50", "goblin.example.com");
            clock.advance(Duration.ofSeconds(31));
            hosts.keepUp();

            await().until(() -> hosts.unnamed(sender).name().equals("goblin"));

            assertThat(dns.questions()).as("not before its time").isEqualTo(asked + 2);
            assertThat(notices.current()).extracting(Notice::level).containsExactly(Notice.Level.INFO);
        }
    }

    @Test
    void answerThatComesAfterAReloadDoesNotOverruleTheConfiguration() throws Exception {
        dns.host("192.0.2.50", "goblin.example.com");
        dns.silent(true);
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("192.0.2.50"));
            await().until(() -> dns.questions() > 0);

            hosts.reload(config(Map.of("192.0.2.50", "ups1"), Map.of()));
            dns.silent(false);
            await().until(() -> dns.questions() > 1);
            settled(hosts, "192.0.2.51");

            assertThat(hosts.unnamed(sender).name()).isEqualTo("ups1");
        }
    }

    @Test
    void lookUpsUnderWayAtACloseLeaveNobodyWaiting() throws Exception {
        dns.silent(true);
        HostDirectory hosts = started(config(Map.of(), Map.of()));
        List<Sender> senders = new ArrayList<>();
        for (int last = 1; last <= 200; last++) {
            senders.add(hosts.sender(UDP, address("192.0.2." + last)));
        }
        assertThat(senders).allMatch(sender -> hosts.unnamed(sender) == null);

        hosts.close();
        hosts.close();

        assertThat(senders).allMatch(sender -> hosts.unnamed(sender) != null);
    }

    @Test
    void ipv6AddressIsOneHowEverItIsWritten() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("2001:DB8:0::9", "router"), Map.of()))) {
            Sender sender = hosts.sender(UDP, address("2001:db8::9"));

            assertThat(hosts.unnamed(sender)).isNotNull();
            assertThat(hosts.unnamed(sender).name()).isEqualTo("router");
            assertThat(named(hosts, sender, "2001:db8:0:0:0:0:0:9").name()).isEqualTo("router");
            assertThat(named(hosts, sender, "2001:db8::a")).isSameAs(named(hosts, sender, "[2001:DB8::000A]"));
        }
    }

    @Test
    void loopbackAndLocalSocketsAreTheLoghostItself() throws Exception {
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            Host own = hosts.unnamed(hosts.sender(UDP, address("127.0.0.1")));

            assertThat(own.name()).isEqualTo(hosts.ownName());
            assertThat(hosts.unnamed(hosts.sender(UDP, address("::1")))).isSameAs(own);
            assertThat(hosts.unnamed(hosts.sender(UDP, null))).isSameAs(own);
            assertThat(hosts.hostById(own.id())).isSameAs(own);
            assertThat(dns.questions()).isZero();
        }
    }

    @Test
    void inventedAddressesEndInOneHost() throws Exception {
        HostsConfig small = new HostsConfig(
                Map.of("10.9.9.9", "ups1"), Map.of(), List.of(), false, List.of(), Duration.ofSeconds(1), 20, 2_000);
        try (HostDirectory hosts = started(small)) {
            Set<String> seen = new HashSet<>();
            for (int i = 1; i <= 200; i++) {
                Host host = hosts.unnamed(hosts.sender(UDP, address("10.0.0." + i)));
                assertThat(new String(host.lineBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("10.0.0." + i);
                seen.add(host.name());
            }

            assertThat(seen).hasSize(21).contains("10.0.0.1", HostDirectory.OTHER_SENDERS);
            assertThat(hosts.unnamed(hosts.sender(UDP, address("10.9.9.9"))).name())
                    .as("what is configured always has room")
                    .isEqualTo("ups1");
            assertThat(metrics.get(Count.REFUSED_HOST_NAMES)).isEqualTo(180);
            assertThat(notices.current())
                    .extracting(Notice::text)
                    .anyMatch(text -> text.contains("10.0.0.200") && text.contains("hosts.max-hosts"));
        }
    }

    @Test
    void hostsOfAnEarlierRunAreListedButTakeNoRoomAndNoBudget() throws Exception {
        long now = clock.millis();
        Files.writeString(
                folder.resolve("hosts-known"),
                "host\tweb01\t1000\t" + (now - 2_000) + "\t3\nhost\tweb02\t1000\t" + (now - 1_000) + "\t4\n");
        HostsConfig tight = new HostsConfig(
                Map.of("192.0.2.7", "ups1"), Map.of(), List.of(), false, List.of(), Duration.ofSeconds(1), 3, 1);
        try (HostDirectory hosts = started(tight)) {
            assertThat(hosts.hosts()).extracting(HostInfo::name).containsExactly("web01", "web02");
            Sender relay = hosts.sender(UDP, address("192.0.2.7"));

            assertThat(named(hosts, relay, "new1").name()).isEqualTo("new1");
            assertThat(named(hosts, relay, "new2").name()).as("over its budget").isEqualTo("ups1");
            assertThat(named(hosts, relay, "web01").name()).isEqualTo("web01");
            assertThat(named(hosts, relay, "web02").name()).as("over all hosts").isEqualTo("ups1");
            assertThat(hosts.hosts()).extracting(HostInfo::messages).containsExactly(3L, 4L);
        }
    }

    @Test
    void hostThatWasSilentForAYearIsForgotten() throws Exception {
        HostsConfig config = config(Map.of("192.0.2.7", "ups1"), Map.of());
        try (HostDirectory hosts = started(config)) {
            hosts.seen(batch(hosts, clock.millis()));
        }
        clock.advance(Duration.ofDays(364));
        try (HostDirectory hosts = started(config)) {
            assertThat(hosts.hosts()).extracting(HostInfo::name).containsExactly("ups1");
        }
        clock.advance(Duration.ofDays(4));
        try (HostDirectory hosts = started(config)) {
            assertThat(hosts.hosts())
                    .as("a clock that makes all hosts old is wrong")
                    .extracting(HostInfo::name)
                    .containsExactly("ups1");
            hosts.seen(batch(hosts, clock.millis(), "192.0.2.8"));
        }
        try (HostDirectory hosts = started(config)) {
            assertThat(hosts.hosts()).extracting(HostInfo::name).containsExactly("192.0.2.8");
        }
    }

    @Test
    void lastSeenInTheFutureIsPutRightWithTheClock() throws Exception {
        HostsConfig config = config(Map.of("192.0.2.7", "ups1", "192.0.2.8", "ups2"), Map.of());
        Duration years = Duration.ofDays(3650);
        long begin = clock.millis();
        try (HostDirectory hosts = started(config)) {
            clock.advance(years);
            hosts.keepUp();
            clock.advance(Duration.ofSeconds(10));
            long wrong = clock.millis();
            hosts.seen(batch(hosts, wrong, "192.0.2.7"));
            hosts.seen(batch(hosts, wrong, "192.0.2.8"));
            clock.advance(years.negated());
            hosts.seen(batch(hosts, begin + 11_000, "192.0.2.8"));
            assertThat(hosts.hosts()).extracting(HostInfo::lastSeenMillis).containsExactly(wrong, begin + 11_000);
            hosts.keepUp();
            assertThat(hosts.hosts().get(0).lastSeenMillis()).isBetween(begin - 60_000, begin + 60_000);
            assertThat(hosts.hosts()).extracting(HostInfo::firstSeenMillis).allMatch(first -> first <= begin + 60_000);
        }
    }

    @Test
    void fewHostsThatAnEarlierRunSawInTheFutureWereSeenByNow() throws Exception {
        long now = clock.millis();
        Files.writeString(
                folder.resolve("hosts-known"),
                "host\ta\t1000\t" + (now + 999_000_000_000L) + "\t3\nhost\tb\t1000\t" + (now - 1)
                        + "\t4\nhost\tc\t1000\t" + (now - 2) + "\t4\n");
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(hosts.hosts()).extracting(HostInfo::lastSeenMillis).containsExactly(now, now - 1, now - 2);
        }
    }

    @Test
    void budgetOfNewNamesIsTheAddressesAndRefills() throws Exception {
        HostsConfig hourly = new HostsConfig(
                Map.of("192.0.2.7", "ups1"), Map.of(), List.of(), false, List.of(), Duration.ofSeconds(1), 1_000, 60);
        Listener tcp = new Listener("tcp", Listener.Kind.TCP, false, ZoneOffset.UTC);
        try (HostDirectory hosts = started(hourly)) {
            Sender byUdp = hosts.sender(UDP, address("192.0.2.7"));
            for (int i = 0; i < 60; i++) {
                named(hosts, byUdp, "web" + i);
            }
            Sender byTcp = hosts.sender(tcp, address("192.0.2.7"));
            assertThat(named(hosts, byTcp, "more").name()).isEqualTo("ups1");
            Sender other = hosts.sender(UDP, address("192.0.2.8"));
            assertThat(named(hosts, other, "others").name())
                    .as("another sender has its own")
                    .isEqualTo("others");

            clock.advance(Duration.ofMinutes(1));

            assertThat(named(hosts, byTcp, "more").name()).isEqualTo("more");
            assertThat(named(hosts, byUdp, "evenmore").name()).isEqualTo("ups1");
        }
    }

    @Test
    void hostsSayWhereTheirNameComesFromAndWhoSentLast() throws Exception {
        dns.host("192.0.2.50", "goblin.example.com");
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            Sender relay = hosts.sender(UDP, address("192.0.2.7"));
            settled(hosts, "192.0.2.50");
            settled(hosts, "2001:db8::8");
            MessageBatch batch = new BatchPool(1).take();
            batch.add(0, 0, 13, named(hosts, relay, "web01"), relay, 1_000);
            for (String address : List.of("192.0.2.7", "192.0.2.50", "2001:db8::8", "127.0.0.1")) {
                Sender sender = hosts.sender(UDP, address(address));
                batch.add(0, 0, 13, hosts.unnamed(sender), sender, 1_000);
            }
            hosts.seen(batch);

            assertThat(hosts.hosts())
                    .extracting(HostInfo::name, HostInfo::source, HostInfo::lastSender)
                    .containsExactlyInAnyOrder(
                            tuple("web01", HostInfo.Source.HEADER, "192.0.2.7"),
                            tuple("ups1", HostInfo.Source.CONFIGURED, "192.0.2.7"),
                            tuple("goblin", HostInfo.Source.DNS, "192.0.2.50"),
                            tuple("2001-db8--8", HostInfo.Source.ADDRESS, "2001:db8::8"),
                            tuple(hosts.ownName(), HostInfo.Source.OWN, "127.0.0.1"));
            assertThat(hosts.hosts().stream().filter(info -> info.name().equals("goblin")))
                    .extracting(HostInfo::addresses)
                    .containsExactly(List.of("192.0.2.50"));
        }
    }

    @Test
    void knownSenderCostsNoAllocation() throws Exception {
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            InetAddress address = address("192.0.2.7");
            for (int i = 0; i < 20_000; i++) {
                hosts.unnamed(hosts.sender(UDP, address));
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                hosts.unnamed(hosts.sender(UDP, address));
            }

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        }
    }

    @Test
    void unreadableStateIsSaidAndHoldsUpNothing() throws Exception {
        Files.createDirectory(folder.resolve("hosts-known"));
        try (HostDirectory hosts = started(config(Map.of("192.0.2.7", "ups1"), Map.of()))) {
            assertThat(settled(hosts, "192.0.2.7").name()).isEqualTo("ups1");
            assertThat(notices.current()).extracting(Notice::level).containsExactly(Notice.Level.WARNING);
        }
    }

    @Test
    void damagedAddressInTheStateFileIsNeverLookedUp() throws Exception {
        Files.writeString(folder.resolve("hosts-known"), """
            sender\tnot-an-address.example.com\tweb01\t0
            sender\t192.0.2.50\tgoblin\tx
            sender\t192.0.2.51\tweb02\t1000
            """);
        dns.silent(true);
        try (HostDirectory hosts = started(config(Map.of(), Map.of()))) {
            assertThat(hosts.unnamed(hosts.sender(UDP, address("192.0.2.51"))).name())
                    .isEqualTo("web02");
            assertThat(hosts.unnamed(hosts.sender(UDP, address("192.0.2.50")))).isNull();
        }
    }

    /** The folder and the line, without its stamp, of a message from that sender. */
    private static String written(HostDirectory hosts, Sender sender, String message) {
        MessageBatch batch = new BatchPool(1).poll();
        byte[] frame = ("<38>Nov 22 06:30:00 " + message).getBytes(StandardCharsets.ISO_8859_1);
        int offset = batch.reserve(frame.length);
        System.arraycopy(frame, 0, batch.slab(), offset, frame.length);
        batch.advance(frame.length);
        new MessageWriter(hosts, ZoneOffset.UTC).write(batch, offset, frame.length, sender, 1_000, 0);
        return batch.host(0).name() + " < " + batch.line(0).substring("Nov 22 06:30:00 ".length());
    }

    private Host settled(HostDirectory hosts, String address) throws Exception {
        Sender sender = hosts.sender(UDP, address(address));
        await().until(() -> hosts.unnamed(sender) != null);
        return hosts.unnamed(sender);
    }

    private MessageBatch batch(HostDirectory hosts, long receivedMillis) throws Exception {
        return batch(hosts, receivedMillis, "192.0.2.7");
    }

    private MessageBatch batch(HostDirectory hosts, long receivedMillis, String address) throws Exception {
        Sender sender = hosts.sender(UDP, address(address));
        await().until(() -> hosts.unnamed(sender) != null);
        MessageBatch batch = new BatchPool(1).take();
        batch.add(0, 0, 13, hosts.unnamed(sender), sender, receivedMillis);
        return batch;
    }

    private HostDirectory started(HostsConfig config) throws Exception {
        HostDirectory hosts = new HostDirectory(config, folder.resolve("hosts-known"), metrics, notices, clock);
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
