package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.Count;

class ArchiveTest {
    @TempDir
    Path temp;

    private Path path() {
        return temp.resolve("hosts");
    }

    @Test
    void linesOfEachHostLandInItsOwnFileOfTheDayInOrder() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one", "troll a", "goblin two");
            rig.append("goblin three");
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\ntwo\nthree\n");
            assertThat(rig.read("troll/2026-11-22.log")).isEqualTo("a\n");
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(4);
            assertThat(rig.count(Count.ARCHIVED_BYTES)).isEqualTo(16);
        }
    }

    @Test
    void foldersAre0750AndFiles0640AndCurrentLogIsARelativeLink() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(mode(path())).isEqualTo("rwxr-x---");
            assertThat(mode(path().resolve("goblin"))).isEqualTo("rwxr-x---");
            assertThat(mode(path().resolve("goblin/2026-11-22.log"))).isEqualTo("rw-r-----");
            assertThat(Files.readSymbolicLink(path().resolve("goblin/current.log")))
                    .isEqualTo(Path.of("2026-11-22.log"));
        }
    }

    @Test
    void groupIsGivenToFoldersAndFilesAndAnUnknownOneIsAFault() throws IOException {
        String own = Files.readAttributes(temp, java.nio.file.attribute.PosixFileAttributes.class)
                .group()
                .getName();
        ArchiveConfig plain = ArchiveRig.config(path());
        try (ArchiveRig rig = new ArchiveRig(withGroup(plain, own))) {
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(Files.getAttribute(path().resolve("goblin/2026-11-22.log"), "posix:group"))
                    .hasToString(own);
        }
        assertThatThrownBy(() -> new ArchiveRig(withGroup(plain, "no-such-group")).close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no-such-group")
                .hasMessageContaining("expected:");
    }

    @Test
    void batchOverMidnightGoesIntoTwoFilesAndOldHandlesAreClosed() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            long midnight = ArchiveRig.BEFORE_MIDNIGHT.toEpochMilli() + 10_000;
            MessageBatch batch = rig.batch();
            rig.add(batch, "goblin", "late", midnight - 1);
            rig.add(batch, "goblin", "early", midnight);
            rig.add(batch, "goblin", "late too", midnight - 1);
            rig.append(batch);
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("late\nlate too\n");
            assertThat(rig.read("goblin/2026-11-23.log")).isEqualTo("early\n");
            assertThat(rig.archive.status().openFiles()).isEqualTo(2);
            rig.clock.turn(Duration.ofSeconds(20));
            rig.tickAfter(0);
            assertThat(rig.archive.status().openFiles()).isEqualTo(1);
            assertThat(Files.readSymbolicLink(path().resolve("goblin/current.log")))
                    .isEqualTo(Path.of("2026-11-23.log"));
        }
    }

    @Test
    void linkLeadsToTodayWhenTheClockWasWrongForAWhile() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            for (int years : new int[] {10, -10}) {
                rig.append("goblin right");
                rig.shard.flushAll();
                rig.clock.turn(Duration.ofDays(365L * years));
                rig.append("goblin wrong");
                rig.shard.flushAll();
                rig.clock.turn(Duration.ofDays(-365L * years));
                rig.append("goblin right again");
                rig.shard.flushAll();
                assertThat(rig.read("goblin/current.log")).endsWith("right again\n");
                assertThat(rig.archive.status().openFiles()).isEqualTo(1);
            }
        }
    }

    @Test
    void stragglerOfThePastDayDoesNotTurnTheLinkBack() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.clock.turn(Duration.ofSeconds(20));
            rig.append("goblin new");
            rig.shard.flushAll();
            MessageBatch batch = rig.batch();
            rig.add(batch, "goblin", "straggler", ArchiveRig.BEFORE_MIDNIGHT.toEpochMilli());
            rig.append(batch);
            rig.shard.flushAll();
            rig.tickAfter(0);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("straggler\n");
            assertThat(rig.read("goblin/current.log")).isEqualTo("new\n");
            assertThat(rig.archive.status().openFiles()).isEqualTo(1);
        }
    }

    @Test
    void lineIsNotWrittenBeforeTheFindingsOfItsBatchAreStored() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.stored.set(0);
            long first = rig.append("goblin one");
            long second = rig.append("goblin two");
            rig.tickAfter(10_000);
            assertThat(rig.exists("goblin/2026-11-22.log")).isFalse();
            rig.stored.set(first);
            rig.tickAfter(10_000);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
            rig.stored.set(second);
            rig.tickAfter(20_000);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\ntwo\n");
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(2);
        }
    }

    @Test
    void longBufferWaitsForFindingsInMemoryAndKeepsItsOrder() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.stored.set(0);
            StringBuilder expected = new StringBuilder();
            for (int b = 0; b < 20; b++) {
                MessageBatch batch = rig.batch();
                for (int i = 0; i < 100; i++) {
                    String line = b + "-" + i + "x".repeat(100);
                    rig.add(batch, "goblin", line, rig.clock.millis());
                    expected.append(line).append('\n');
                }
                long sequence = rig.append(batch);
                assertThat(sizeOf("goblin/2026-11-22.log")).isLessThanOrEqualTo(lines(expected, (b - 1) * 100));
                rig.stored.set(sequence - 2);
            }
            rig.stored.set(Long.MAX_VALUE);
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo(expected.toString());
        }
    }

    @Test
    void lineIsWrittenWhenItHasTheFlushAgeAndNotMuchBefore() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one");
            rig.tickAfter(300);
            assertThat(rig.exists("goblin/2026-11-22.log")).isFalse();
            assertThat(rig.archive.status().bufferedBytes()).isEqualTo(4);
            rig.tickAfter(1001);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
            assertThat(rig.archive.status().bufferedBytes()).isZero();
        }
    }

    @Test
    void hostsThatBeganTogetherAreSpreadOverTheSecondHalfOfTheFlushAge() {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append(IntStream.range(0, 800).mapToObj(i -> "host" + i + " x").toArray(String[]::new));
            rig.tickAfter(600);
            assertThat(rig.count(Count.ARCHIVED)).isBetween(1L, 400L);
            rig.tickAfter(1100);
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(800);
        }
    }

    @Test
    void linesLongerThanASegmentAreWhole() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            StringBuilder expected = new StringBuilder();
            for (int length : List.of(2046, 2047, 2048, 2049, 1, 70_000, 0, 300_000, 4095, 4096)) {
                String line = "y".repeat(length);
                rig.append("goblin " + line);
                expected.append(line).append('\n');
            }
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo(expected.toString());
            assertThat(rig.archive.status().bufferedBytes()).isZero();
        }
    }

    @Test
    void whenMemoryIsUsedUpTheOldestIsWrittenFirst() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()), new ArchiveLimits(100, 1 << 20))) {
            for (int i = 0; i < 512; i++) {
                rig.append("host" + i + " x");
            }
            assertThat(rig.count(Count.ARCHIVED)).isZero();
            rig.append("another x");
            assertThat(rig.read("host0/2026-11-22.log")).isEqualTo("x\n");
            assertThat(rig.exists("host1/2026-11-22.log")).isFalse();
            assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
        }
    }

    @Test
    void whenMemoryIsUsedUpByUnclassifiedLinesAppendWaitsForTheirFindings() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()), new ArchiveLimits(100, 1 << 20))) {
            AtomicInteger asked = new AtomicInteger();
            rig.gate = () -> asked.incrementAndGet() < 1000 ? 0 : Long.MAX_VALUE;
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 150; i++) {
                String line = i + "w".repeat(10_000);
                rig.append("goblin " + line);
                expected.append(line).append('\n');
            }
            assertThat(asked.get()).isGreaterThanOrEqualTo(1000);
            assertThat(rig.count(Count.ARCHIVED)).isPositive();
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo(expected.toString());
            assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
        }
    }

    @Test
    void everyLineIsReadBackOnceAndInOrderWhileDaysPassAndAreCompressed() throws Exception {
        long seed = 42;
        Random random = new Random(seed);
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()), new ArchiveLimits(8, 1 << 20))) {
            AtomicBoolean stop = new AtomicBoolean();
            var passes = new AtomicInteger();
            Thread housekeeper = new Thread(() -> {
                while (!stop.get()) {
                    rig.archive.keepHouse();
                    passes.incrementAndGet();
                }
            });
            housekeeper.start();
            int[] sent = new int[20];
            for (int round = 0; round < 300; round++) {
                if (passes.get() < round / 30) {
                    int wanted = round / 30;
                    await().until(() -> passes.get() >= wanted);
                }
                MessageBatch batch = rig.batch();
                for (int i = 0; i < 200; i++) {
                    int h = random.nextInt(20);
                    rig.add(batch, "host" + h, "%06d".formatted(sent[h]++), rig.clock.millis());
                }
                rig.append(batch);
                rig.tickAfter(random.nextInt(1500));
                rig.clock.turn(Duration.ofMinutes(random.nextInt(240)));
            }
            stop.set(true);
            housekeeper.join();
            rig.shard.flushAll();
            // On a busy machine the thread's passes may all have come early.
            rig.archive.keepHouse();
            for (int h = 0; h < 20; h++) {
                List<String> lines = new ArrayList<>();
                rig.archive
                        .reader()
                        .read(
                                List.of("host" + h),
                                LocalDate.MIN,
                                LocalDate.MAX,
                                (host, bytes, offset, length) ->
                                        lines.add(new String(bytes, offset, length, StandardCharsets.US_ASCII)));
                assertThat(lines)
                        .as("seed %d", seed)
                        .isEqualTo(IntStream.range(0, sent[h])
                                .mapToObj("%06d"::formatted)
                                .toList());
            }
            assertThat(rig.noticesText().lines().filter(text -> !text.contains("the clock says")))
                    .as("days pass faster than housekeeping looks")
                    .isEmpty();
            try (var days = Files.list(path().resolve("host0"))) {
                assertThat(days.filter(file -> file.toString().endsWith(".gz"))).hasSizeGreaterThan(5);
            }
        }
    }

    @Test
    void eachShardTakesItsOwnHostsOfTheSameBatch() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()), new ArchiveLimits(100, 2 << 20), 2)) {
            MessageBatch batch = rig.batch();
            for (int i = 0; i < 100; i++) {
                rig.add(batch, "host" + i % 5, "line " + i, rig.clock.millis());
            }
            batch.handOn(1, 2);
            for (int i = 0; i < 2; i++) {
                rig.archive.shard(i).append(batch);
                batch.release();
            }
            rig.archive.shard(0).flushAll();
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(60);
            rig.archive.shard(1).flushAll();
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(100);
            assertThat(rig.read("host1/2026-11-22.log").lines()).hasSize(20).startsWith("line 1", "line 6");
        }
    }

    @Test
    void tenThousandHostsGoThroughOneHundredOpenFiles() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()), new ArchiveLimits(100, 4 << 20))) {
            for (int round = 0; round < 3; round++) {
                for (int h = 0; h < 10_000; h += 1000) {
                    MessageBatch batch = rig.batch();
                    for (int i = h; i < h + 1000; i++) {
                        rig.add(batch, "host" + i, "line " + round + " of host" + i, rig.clock.millis());
                    }
                    rig.append(batch);
                    assertThat(rig.archive.status().openFiles()).isLessThanOrEqualTo(100);
                }
            }
            rig.shard.flushAll();
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(30_000);
            for (int i = 0; i < 10_000; i += 777) {
                assertThat(rig.read("host" + i + "/2026-11-22.log"))
                        .isEqualTo("line 0 of host" + i + "\nline 1 of host" + i + "\nline 2 of host" + i + "\n");
            }
        }
    }

    @Test
    void symbolicLinkInPlaceOfAFileOrFolderIsRefusedAndOtherHostsAreUnaffected() throws IOException {
        Path secret = Files.writeString(temp.resolve("secret"), "untouched");
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.createDirectories(path().resolve("goblin"));
        Files.createSymbolicLink(path().resolve("goblin/2026-11-22.log"), secret);
        Files.createSymbolicLink(path().resolve("troll"), elsewhere);
        Files.createDirectories(path().resolve("orc/2026-11-22.log"));
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one", "troll two", "elf three", "orc four", "elf five");
            rig.shard.flushAll();
            assertThat(secret).hasContent("untouched");
            assertThat(elsewhere).isEmptyDirectory();
            assertThat(rig.read("elf/2026-11-22.log")).isEqualTo("three\nfive\n");
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(2);
            assertThat(rig.noticesText())
                    .contains("goblin/2026-11-22.log is a symbolic link (expected: a regular file; remove it)")
                    .contains("troll is a symbolic link (expected: a folder; remove it)")
                    .contains("orc/2026-11-22.log is a folder");
            Files.delete(path().resolve("goblin/2026-11-22.log"));
            rig.append("goblin again");
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\nagain\n");
        }
    }

    /** What is closed to make room for others is looked at as a new file is when it is opened again. */
    @Test
    void folderThatIsReplacedWhileItsFileIsClosedIsRefused() throws IOException {
        Path elsewhere = temp.resolve("elsewhere");
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()), new ArchiveLimits(4, 16 << 20))) {
            rig.append("host0 a", "host1 b", "host2 c", "host3 d", "goblin one", "troll one", "host4 e");
            rig.shard.flushAll();
            Files.move(path().resolve("goblin"), elsewhere);
            Files.createSymbolicLink(path().resolve("goblin"), elsewhere);
            Files.move(path().resolve("troll"), temp.resolve("old"));
            Files.writeString(path().resolve("troll"), "a file");

            rig.append("goblin two", "troll two", "host0 two");
            rig.shard.flushAll();

            assertThat(elsewhere.resolve("2026-11-22.log")).hasContent("one\n");
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(8);
            assertThat(rig.noticesText())
                    .contains("goblin is a symbolic link (expected: a folder; remove it)")
                    .contains("troll is a file (expected: a folder; remove it)");
        }
    }

    @Test
    void pipeInPlaceOfAFileDoesNotBlock() throws Exception {
        Files.createDirectories(path().resolve("goblin"));
        Process mkfifo = new ProcessBuilder(
                        "mkfifo", path().resolve("goblin/2026-11-22.log").toString())
                .start();
        assertThat(mkfifo.waitFor()).isZero();
        ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()));
        try (rig) {
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(rig.noticesText()).contains("a device, pipe or socket");
        }
        assertThat(rig.count(Count.LOST_FILE)).isEqualTo(1);
    }

    @Test
    void hostNameThatWouldLeaveTheArchiveIsRefused() {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("../evil x", ".. x", "a/b x", ".hidden x", "good x");
            rig.shard.flushAll();
            assertThat(rig.count(Count.LOST_ARCHIVE)).isEqualTo(4);
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(1);
            assertThat(temp.resolve("evil")).doesNotExist();
            assertThat(rig.noticesText()).contains("expected: a plain name");
        }
    }

    @Test
    void busyHostIsWrittenWhileClassificationStaysBehind() {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            String line = "goblin " + "x".repeat(9_999);
            String[] lines = java.util.Collections.nCopies(10, line).toArray(String[]::new);
            rig.stored.set(0);
            for (int batch = 0; batch < 60; batch++) {
                rig.stored.set(rig.append(lines) - 10);
                assertThat(rig.shard.bufferedBytes()).isLessThanOrEqualTo(25 * 100_000);
            }
        }
    }

    @Test
    void lineThatNothingFollowsIsOnFileLongBeforeTheGreatestAge() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one");
            rig.tickAfter(5);
            assertThat(rig.exists("goblin/2026-11-22.log")).isFalse();
            rig.tickAfter(30);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
        }
    }

    @Test
    void fileThatWasMovedAwayIsMadeAnew() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one");
            rig.shard.tick(System.nanoTime() + 2_000_000_000L);
            Files.move(path().resolve("goblin/2026-11-22.log"), temp.resolve("moved"));
            rig.append("goblin two");
            rig.shard.tick(System.nanoTime() + 20_000_000_000L);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("two\n");
            assertThat(temp.resolve("moved")).hasContent("one");
        }
    }

    @Test
    void archiveThatWasMovedAwayIsMadeAnewAndSaid() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one");
            rig.shard.tick(System.nanoTime() + 2_000_000_000L);
            Files.move(path(), temp.resolve("moved"));
            rig.append("goblin two", "troll a");
            rig.shard.tick(System.nanoTime() + 20_000_000_000L);
            rig.shard.flushAll(); // a tick takes no longer than it may, and leaves the rest to the next
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("two\n");
            assertThat(rig.read("troll/2026-11-22.log")).isEqualTo("a\n");
            assertThat(rig.notices.current()).anyMatch(notice -> notice.text().contains("made again"));
        }
    }

    @Test
    void interruptedThreadLosesNothing() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            Thread.currentThread().interrupt();
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
        }
    }

    @Test
    void combinedFileHasTheLinesOfAllHostsAndIsNotCounted() throws IOException {
        ArchiveConfig plain = ArchiveRig.config(path());
        ArchiveConfig config = new ArchiveConfig(
                path(),
                plain.format(),
                plain.keep(),
                plain.keepMin(),
                0,
                0,
                0,
                plain.flush(),
                true,
                temp.resolve("all.log"),
                null);
        try (ArchiveRig rig = new ArchiveRig(config)) {
            rig.append("goblin one", "troll two");
            rig.clock.turn(Duration.ofSeconds(20));
            rig.append("goblin three");
            rig.shard.flushAll();
            assertThat(temp.resolve("all-2026-11-22.log")).content().isEqualTo("one\ntwo\n");
            assertThat(temp.resolve("all-2026-11-23.log")).content().isEqualTo("three\n");
            assertThat(temp.resolve("all.log")).content().isEqualTo("three\n");
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(3);
        }
    }

    @Test
    void fullFormatHasAllFieldsAndEscapesControlBytes() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path(), ArchiveConfig.Format.FULL))) {
            MessageBatch batch = rig.batch();
            long now = rig.clock.millis() + 7;
            rig.add(batch, "goblin", "Nov 22 23:59:50 goblin su: plain", now);
            int i = rig.add(batch, "goblin", "Nov 22 23:59:50 goblin su: rich", now);
            byte[] raw = "ID\u001b47[x@1 k=\"a b\n\"]".getBytes(StandardCharsets.ISO_8859_1);
            int at = batch.reserve(raw.length);
            System.arraycopy(raw, 0, batch.slab(), at, raw.length);
            batch.advance(raw.length);
            batch.msgId(i, at, 5);
            batch.structuredData(i, at + 5, raw.length - 5);
            batch.deviceMicros(i, now * 1000 + 5);
            rig.append(batch);
            rig.shard.flushAll();
            String from = InetAddress.getLoopbackAddress().getHostAddress();
            assertThat(rig.read("goblin/2026-11-22.log"))
                    .isEqualTo("2026-11-22T23:59:50.007+01:00 " + from
                            + " auth.info - - - Nov 22 23:59:50 goblin su: plain\n"
                            + "2026-11-22T23:59:50.007+01:00 " + from
                            + " auth.info 2026-11-22T23:59:50.007005+01:00 ID#03347 [x@1 k=\"a b#012\"]"
                            + " Nov 22 23:59:50 goblin su: rich\n");
        }
    }

    @Test
    void closeWritesEverythingEvenWithoutFindingsAndIsIdempotent() throws IOException {
        ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()));
        rig.stored.set(0);
        rig.append("goblin one");
        rig.close();
        rig.close();
        assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
        assertThat(rig.archive.status().openFiles()).isZero();
    }

    @Test
    void reloadTakesTheFormatOverAndSaysThatThePathStays() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.archive.reload(ArchiveRig.config(temp.resolve("other"), ArchiveConfig.Format.FULL));
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).startsWith("2026-11-22T23:59:50.000+01:00 ");
            assertThat(rig.noticesText()).contains("stay as they were");
        }
    }

    @Test
    void pathThatIsAFileIsAFaultThatSaysWhatToDo() throws IOException {
        Files.writeString(path(), "in the way");
        assertThatThrownBy(() -> new ArchiveRig(ArchiveRig.config(path())).close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(path().toString())
                .hasMessageContaining("expected:");
    }

    @Test
    void appendAllocatesNothingPerMessage() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        for (ArchiveConfig.Format format : ArchiveConfig.Format.values()) {
            try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(temp.resolve(format.name()), format))) {
                MessageBatch batch = rig.batch();
                for (int i = 0; i < 1500; i++) {
                    rig.add(batch, "host" + i % 100, "z".repeat(170), rig.clock.millis());
                }
                // Until every host's file is open and the pool's regions are made.
                for (int i = 0; i < 100; i++) {
                    batch.handOn(i, 1);
                    rig.shard.append(batch);
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 100; i < 120; i++) {
                    batch.handOn(i, 1);
                    rig.shard.append(batch);
                }
                long bytes = threads.getCurrentThreadAllocatedBytes() - before;
                // What is left belongs to writes, one per 64 KiB, and to regions of the pool.
                assertThat(bytes / 30_000.0).as("bytes per message, %s", format).isLessThan(2.0);
            }
        }
    }

    private static ArchiveConfig withGroup(ArchiveConfig c, String group) {
        return new ArchiveConfig(
                c.path(), c.format(), c.keep(), c.keepMin(), 0, 0, 0, c.flush(), c.compress(), null, group);
    }

    private long sizeOf(String file) throws IOException {
        Path log = path().resolve(file);
        return Files.exists(log, LinkOption.NOFOLLOW_LINKS) ? Files.size(log) : 0;
    }

    private static long lines(StringBuilder text, int count) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            at = text.indexOf("\n", at) + 1;
        }
        return at;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
