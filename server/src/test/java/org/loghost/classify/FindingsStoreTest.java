package org.loghost.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class FindingsStoreTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-02T06:55:58Z"), ZoneOffset.UTC);

    @TempDir
    Path base;

    private Path path;
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(CLOCK);
    private FindingsStore store;

    @BeforeEach
    void open() throws IOException {
        path = base.resolve("state/findings");
        store = reopened(1 << 20);
    }

    @AfterEach
    void close() throws Exception {
        fileSizeLimit("unlimited");
        store.close();
    }

    @Test
    void whatIsStoredIsReadInOrderUntilItIsDeleted() throws IOException {
        store.append(findings("one", "two"));
        store.append(findings("three"));
        assertThat(store.seal()).containsExactly(1L);
        assertThat(lines(1)).containsExactly("one", "two", "three");
        store.append(findings("four"));
        assertThat(store.seal()).containsExactly(1L, 2L);
        assertThat(lines(2)).containsExactly("four");
        store.delete(1);
        store.delete(1);
        assertThat(store.seal()).containsExactly(2L);
        store.delete(2);
        assertThat(store.bytes()).isZero();
        assertThat(store.seal()).isEmpty();
    }

    @Test
    void emptySegmentsProduceNothing() throws IOException {
        assertThat(store.seal()).isEmpty();
        store.append(new FindingsBuffer());
        assertThat(store.seal()).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void onlyTheServerReadsIt() throws IOException {
        store.append(findings("one"));
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(names()).containsExactly("000000000001.open", "last-number");
        for (String name : names()) {
            assertThat(Files.getPosixFilePermissions(path.resolve(name)))
                    .as(name)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void aKillLosesNothingThatAppendReturnedFor() throws IOException {
        store.append(findings("one"));
        // Not closed: what a killed process leaves behind is what another one finds.
        store = reopened(1 << 20);
        store.append(findings("two"));
        assertThat(store.seal()).containsExactly(1L);
        assertThat(lines(1)).containsExactly("one", "two");
    }

    @Test
    void aSegmentSealedBeforeAKillIsNeverAddedTo() throws IOException {
        store.append(findings("one"));
        store.seal();
        store = reopened(1 << 20);
        store.append(findings("two"));
        assertThat(store.seal()).containsExactly(1L, 2L);
        assertThat(lines(1)).containsExactly("one");
    }

    @Test
    void numbersAreNeverGivenTwice() throws IOException {
        for (long number = 1; number <= 3; number++) {
            store.append(findings("x"));
            assertThat(store.seal()).containsExactly(number);
            store.delete(number);
            store = reopened(1 << 20);
        }
    }

    @Test
    void aDamagedNoteOfTheLastNumberGivesNoNumberTwice() throws IOException {
        store.append(findings("x"));
        store.delete(store.seal().get(0));
        Files.writeString(path.resolve("last-number"), "");
        store = reopened(1 << 20);
        store.append(findings("y"));
        assertThat(store.seal())
                .singleElement()
                .satisfies(number ->
                        assertThat(number).isGreaterThan(CLOCK.instant().getEpochSecond()));
    }

    @Test
    void aTornTailIsCutAtEveryByteAndSaid() throws IOException {
        store.append(findings("one", "two"));
        store.close();
        Path open = path.resolve("000000000001.open");
        byte[] whole = Files.readAllBytes(open);
        int first = whole.length / 2;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(open, Arrays.copyOf(whole, length));
            notices.drain();
            store = reopened(1 << 20);
            store.append(findings("new"));
            assertThat(notices.current()).hasSize(length % first == 0 ? 0 : 1);
            store.close();
            List<String> expected = new ArrayList<>(List.of("one", "two").subList(0, length / first));
            expected.add("new");
            List<String> read = new ArrayList<>();
            FindingsSegment.read(open, finding -> read.add(finding.line()));
            assertThat(read).as("cut to %d bytes", length).isEqualTo(expected);
        }
    }

    @Test
    void damageInTheMiddleCostsTheDamagedFindingAlone() throws IOException {
        store.append(findings("one", "two", "six"));
        store.seal();
        Path sealed = path.resolve("000000000001.sealed");
        byte[] whole = Files.readAllBytes(sealed);
        int third = whole.length / 3;
        for (int at = third; at < 2 * third; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x41;
            Files.write(sealed, damaged);
            List<String> read = new ArrayList<>();
            assertThatThrownBy(() -> store.read(1, finding -> read.add(finding.line())))
                    .isInstanceOf(DamagedFindingsException.class)
                    .hasMessageContaining(third + " bytes");
            assertThat(read).as("byte %d", at).containsExactly("one", "six");
        }
    }

    @Test
    void whatCannotBeReadIsNoDamage() {
        assertThatThrownBy(() -> store.read(77, finding -> {}))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DamagedFindingsException.class);
    }

    @Test
    void anythingAtAllCanBeRead() throws IOException {
        store.append(findings("one"));
        store.seal();
        Path sealed = path.resolve("000000000001.sealed");
        byte[] junk = new byte[10_000];
        long seed = 42;
        new java.util.Random(seed).nextBytes(junk);
        for (int i = 0; i < junk.length; i += 20) {
            junk[i] = 0x1e;
            junk[i + 1] = 0x02;
            junk[i + 2] = 0;
            junk[i + 3] = (byte) (i % 3);
        }
        Files.write(sealed, junk);
        assertThatThrownBy(() -> store.read(1, finding -> {})).hasMessageContaining("10000 bytes");
    }

    @Test
    void beyondTheBudgetFindingsAreCountedAndTold() throws IOException {
        store = reopened(120);
        store.append(findings("kept"));
        for (int i = 0; i < 5; i++) {
            store.append(findings("lost " + i, "lost too"));
        }
        assertThat(metrics.get(Count.LOST_FINDINGS)).isEqualTo(10);
        assertThat(notices.current()).singleElement().satisfies(notice -> {
            assertThat(notice.level()).isEqualTo(Notice.Level.WARNING);
            assertThat(notice.times()).isEqualTo(5);
            assertThat(notice.text()).contains("at most 120 bytes");
        });
        assertThat(store.seal()).containsExactly(1L);
        assertThat(lines(1))
                .containsExactly(
                        "kept",
                        "Nov  2 06:55:58 goblin loghost: 10 lines of Security Violations are only counted here (there"
                                + " were too many findings, or they could not be stored); the archive has them; for"
                                + " example: lost 0 | lost too");
        store.delete(1);
        store.append(findings("room again"));
        assertThat(store.seal()).containsExactly(2L);
        assertThat(lines(2)).containsExactly("room again");
    }

    @Test
    void oneFindingBeyondTheBudgetIsToldInTheSingular() throws IOException {
        store = reopened(120);
        store.append(findings("kept"));
        store.append(findings("lost"));
        store.seal();
        assertThat(lines(1)).last().asString().contains(": 1 line of Security Violations is only counted here");
    }

    @Test
    void floodOfUnusualLinesEvictsItselfAndNoAttackNoViolationAndNoOtherHost() throws IOException {
        long budget = 200_000;
        store = reopened(budget);
        for (int i = 0; i < 20_000; i++) {
            FindingsBuffer batch = new FindingsBuffer();
            add(batch, "flooder", "Nov 22 06:55:58 flooder junk[" + i + "]: nothing " + i, Tier.UNUSUAL);
            if (i % 400 == 399) {
                add(batch, "web01", "Nov 22 06:55:58 web01 su: violation " + i, Tier.VIOLATION);
                add(batch, "web02", "Nov 22 06:55:58 web02 app: odd " + i, Tier.UNUSUAL);
                add(batch, "web03", "Nov 22 06:55:58 web03 sshd: attack " + i, Tier.ATTACK);
            }
            store.append(batch);
        }
        assertThat(store.bytes()).isLessThan(budget);
        store.seal();
        List<String> lines = lines(1);
        assertThat(lines).filteredOn(line -> line.contains("su: violation")).hasSize(50);
        assertThat(lines).filteredOn(line -> line.contains("sshd: attack")).hasSize(50);
        assertThat(lines).filteredOn(line -> line.contains("app: odd")).hasSize(50);
        long stored =
                lines.stream().filter(line -> line.contains("flooder junk[")).count() - 1;
        assertThat(lines)
                .last()
                .asString()
                .contains("flooder loghost: " + (20_000 - stored) + " lines of Unusual System Activity from junk")
                .contains("for example: Nov 22 06:55:58 flooder junk[");
        assertThat(metrics.get(Count.LOST_FINDINGS)).isEqualTo(20_000 - stored);
    }

    @Test
    void roomIsKeptForAttacksHoweverManyHostsFlood() throws IOException {
        store = reopened(200_000);
        for (int i = 0; i < 20_000; i++) {
            FindingsBuffer batch = new FindingsBuffer();
            add(batch, "h" + i, "Nov 22 06:55:58 h" + i + " p" + i + ": nothing", Tier.UNUSUAL);
            add(batch, "v" + i, "Nov 22 06:55:58 v" + i + " p" + i + ": no", Tier.VIOLATION);
            store.append(batch);
        }
        FindingsBuffer attack = new FindingsBuffer();
        add(attack, "web03", "Nov 22 06:55:58 web03 sshd: attack", Tier.ATTACK);
        store.append(attack);
        store.seal();
        assertThat(lines(1)).contains("Nov 22 06:55:58 web03 sshd: attack");
        assertThat(lines(1)).hasSizeLessThan(200_000 / 50);
    }

    @Test
    void whatIsNoSegmentNumberOrFolderIsSetAsideAndSaid() throws IOException {
        store.append(findings("kept"));
        store.close();
        Files.createDirectory(path.resolve("000000000007.sealed"));
        Files.createDirectory(path.resolve("000000000008.open"));
        Files.write(path.resolve("last-number"), new byte[] {(byte) 0xff, 0});
        store = reopened(1 << 30);
        assertThat(store.seal()).containsExactly(1L);
        assertThat(lines(1)).containsExactly("kept");
        assertThat(notices.current()).singleElement().satisfies(notice -> {
            assertThat(notice.level()).isEqualTo(Notice.Level.WARNING);
            assertThat(notice.text())
                    .contains("000000000007.sealed.damaged", "000000000008.open.damaged", "last-number.damaged");
        });
        store.append(findings("next"));
        assertThat(store.seal().get(1)).isGreaterThan(1_000_000L);
    }

    @Test
    void endOfASegmentThatIsNoRecordIsKeptAside() throws IOException {
        store.append(findings("one"));
        store.close();
        Path open = path.resolve("000000000001.open");
        Files.write(open, new byte[5_000], java.nio.file.StandardOpenOption.APPEND);
        store = reopened(1 << 30);
        store.seal();
        assertThat(lines(1)).containsExactly("one");
        assertThat(path.resolve("000000000001.open.damaged")).hasSize(5_000);
        assertThat(notices.current()).anyMatch(notice -> notice.level() == Notice.Level.WARNING);
    }

    @Test
    void lossesAreBoundedHoweverManyHostsThereAre() throws IOException {
        store = reopened(10);
        for (int i = 0; i < 3_000; i++) {
            FindingsBuffer one = new FindingsBuffer();
            add(one, "h" + i, "x");
            store.append(one);
        }
        store.seal();
        assertThat(lines(1)).hasSize(1_001).last().asString().contains("other-hosts loghost: 2000 lines");
    }

    @Test
    void aFullDiskLosesWhatItMustAndThenGoesOn() throws Exception {
        store.append(findings("before"));
        long size = store.bytes();
        fileSizeLimit(String.valueOf(size + 20));
        store.append(findings("lost"));
        store.append(findings("lost too"));
        assertThat(metrics.get(Count.LOST_FINDINGS)).isEqualTo(2);
        assertThat(store.bytes()).isEqualTo(size);
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text()).contains("File too large", "the archive has them"));
        fileSizeLimit("unlimited");
        store.append(findings("after"));
        store.seal();
        assertThat(lines(1).get(0)).isEqualTo("before");
        assertThat(lines(1).get(1)).isEqualTo("after");
        assertThat(lines(1).get(2)).contains("2 lines of Security Violations");
        assertThat(lines(1)).hasSize(3);
    }

    @Test
    void aSegmentThatCannotBeMadeIsTriedAgain() throws IOException {
        Files.delete(path);
        store.append(findings("lost"));
        assertThat(metrics.get(Count.LOST_FINDINGS)).isEqualTo(1);
        Files.createDirectory(path);
        store.append(findings("kept"));
        assertThat(store.seal()).containsExactly(1L);
        assertThat(lines(1)).first().isEqualTo("kept");
    }

    @Test
    void afterCloseNothingIsThrown() throws IOException {
        store.append(findings("one"));
        store.close();
        store.close();
        store.append(findings("late"));
        assertThat(metrics.get(Count.LOST_FINDINGS)).isEqualTo(1);
        assertThat(names()).contains("000000000001.open");
    }

    @Test
    void halfAMillionFindingsStreamThrough() throws IOException {
        store = reopened(1 << 30);
        FindingsBuffer batch = new FindingsBuffer();
        for (int i = 0; i < 5_000; i++) {
            add(batch, "goblin", "Nov 22 06:55:58 goblin sshd[" + i + "]: Failed password for root from 192.0.2.1");
        }
        for (int i = 0; i < 100; i++) {
            store.append(batch);
        }
        store.seal();
        long[] count = {0};
        store.read(1, finding -> count[0] += finding.repeat());
        assertThat(count[0]).isEqualTo(500_000);
    }

    private FindingsStore reopened(long budget) throws IOException {
        return FindingsStore.open(path, budget, metrics, notices, CLOCK);
    }

    private static FindingsBuffer findings(String... lines) {
        FindingsBuffer buffer = new FindingsBuffer();
        for (String line : lines) {
            add(buffer, "goblin", line);
        }
        return buffer;
    }

    private static void add(FindingsBuffer buffer, String host, String line, Tier tier) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        buffer.add(1_000, tier.bit(), 38, 1, name, FindingsBuffer.noRule(), bytes, 0, bytes.length);
    }

    private static void add(FindingsBuffer buffer, String host, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        byte[] rule = FindingsBuffer.ruleText("logcheck.violations:7", "");
        int tiers = Tier.VIOLATION.bit() | Tier.UNUSUAL.bit();
        buffer.add(1_000, tiers, 38, 1, host.getBytes(StandardCharsets.US_ASCII), rule, bytes, 0, bytes.length);
    }

    private List<String> lines(long segment) throws IOException {
        List<String> lines = new ArrayList<>();
        store.read(segment, finding -> lines.add(finding.line()));
        return lines;
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The kernel's limit on file sizes for this process: a write beyond it fails as on a full disk. */
    private static void fileSizeLimit(String bytes) throws Exception {
        String pid = String.valueOf(ProcessHandle.current().pid());
        Process process = new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":unlimited")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
