package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.Count;

/**
 * Writes that fail for real: the kernel's limit on file sizes, lowered and raised again for this process, cuts a write in
 * the middle of a line and refuses the next one, as a full disk does. A small tmpfs where one may be mounted.
 */
class DiskFaultTest {
    private static final int LIMIT = 100_000;

    @TempDir
    Path path;

    @AfterEach
    void liftLimit() throws Exception {
        fileSizeLimit("unlimited");
        Configurator.reconfigure();
    }

    @Test
    void partialWriteIsContinuedWithoutLossOrGlueAndOtherHostsGoOn() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            String expected = fill(rig, "goblin", LIMIT - 1000);
            rig.shard.flushAll();
            fileSizeLimit(String.valueOf(LIMIT));
            expected += fill(rig, "goblin", 3000);
            rig.append("troll fine");
            rig.tickAfter(2000);
            assertThat(Files.size(path.resolve("goblin/2026-11-22.log"))).isEqualTo(LIMIT);
            assertThat(rig.read("troll/2026-11-22.log")).isEqualTo("fine\n");
            assertThat(rig.noticesText())
                    .contains("lines of goblin wait in memory")
                    .contains("File too large");
            assertThat(rig.archive.status().held()).isNull();
            fileSizeLimit("unlimited");
            rig.append("goblin last");
            rig.tickAfter(20_000);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo(expected + "last\n");
            assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
        }
    }

    @Test
    void whenAllFilesFailWritingHoldsMemoryIsBoundedTheRestIsCountedAndItRecovers() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path), new ArchiveLimits(100, 1 << 20))) {
            for (int h = 0; h < 4; h++) {
                fill(rig, "host" + h, LIMIT);
            }
            rig.shard.flushAll();
            long before = rig.count(Count.ARCHIVED);
            fileSizeLimit("0");
            long sent = 0;
            for (int i = 0; i < 40; i++) {
                for (int h = 0; h < 4; h++) {
                    sent += fill(rig, "host" + h, 20_000).lines().count();
                }
                rig.tickAfter(2000);
            }
            assertThat(rig.archive.status().held()).contains("File too large");
            assertThat(rig.archive.status().bufferedBytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(rig.noticesText()).contains("nothing is written").contains("writing resumes by itself");
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(before);
            assertThat(rig.count(Count.LOST_ARCHIVE)).isPositive();

            fileSizeLimit("unlimited");
            rig.tickAfter(60_000);
            rig.shard.flushAll();
            assertThat(rig.archive.status().held()).isNull();
            assertThat(rig.count(Count.ARCHIVED) - before + rig.count(Count.LOST_ARCHIVE))
                    .isEqualTo(sent);
            assertThat(rig.noticesText()).contains("writing again after").contains("lines lost meanwhile");
            for (int h = 0; h < 4; h++) {
                assertThat(rig.read("host" + h + "/2026-11-22.log").lines())
                        .allMatch(line -> line.length() == 99 && line.endsWith("x"));
            }
        }
    }

    @Test
    void whatIsLeftAtTheStopIsCountedAsLost() throws Exception {
        ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path));
        try (rig) {
            fill(rig, "goblin", LIMIT);
            rig.shard.flushAll();
            fileSizeLimit(String.valueOf(LIMIT));
            rig.append("goblin one", "goblin two");
        }
        assertThat(rig.count(Count.LOST_FILE)).isEqualTo(2);
        assertThat(path.resolve(".clean")).doesNotExist();
    }

    @Test
    void filesThatFailByThemselvesHowManySoeverHoldNobodyElseUp() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            for (int h = 0; h < 12; h++) {
                fill(rig, "rest" + h, LIMIT);
            }
            rig.shard.flushAll();
            long before = rig.count(Count.ARCHIVED);
            fileSizeLimit(String.valueOf(LIMIT));
            for (int i = 0; i < 30; i++) {
                for (int h = 0; h < 12; h++) {
                    rig.append("rest" + h + " waits " + i);
                }
                rig.append("well line " + i);
                rig.tickAfter(1500);
                assertThat(rig.read("well/2026-11-22.log").lines()).hasSize(i + 1);
            }
            assertThat(rig.archive.status().held()).isNull();
            assertThat(rig.archive.status().failing()).contains("rest0, rest1, rest2 and 9 more hosts");
            assertThat(rig.notices.current()).hasSize(1);

            fileSizeLimit("unlimited");
            rig.tickAfter(60_000);
            assertThat(rig.archive.status().failing()).isNull();
            assertThat(rig.noticesText()).contains("the files of 12 hosts are written again; lines lost meanwhile: 0");
            for (int h = 0; h < 12; h++) {
                assertThat(rig.read("rest" + h + "/2026-11-22.log").lines()).hasSize(LIMIT / 100 + 30);
            }
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(before + 12 * 30 + 30);
        }
    }

    @Test
    void whatAFailingFileCannotKeepInMemoryIsCountedAsItsOwnLoss() throws Exception {
        ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path), new ArchiveLimits(100, 4 << 20));
        long sent = 0;
        try (rig) {
            for (int h = 0; h < 40; h++) {
                fill(rig, "rest" + h, LIMIT);
            }
            rig.shard.flushAll();
            fileSizeLimit(String.valueOf(LIMIT));
            for (int i = 0; i < 8; i++) {
                for (int h = 0; h < 40; h++) {
                    sent += fill(rig, "rest" + h, 20_000).lines().count();
                }
                rig.append("well line");
                sent++;
                rig.tickAfter(2000);
            }
            assertThat(rig.archive.status().held()).isNull();
            assertThat(rig.archive.status().bufferedBytes()).isLessThan((4 << 20) / 3);
            assertThat(rig.count(Count.LOST_FILE)).isPositive();
            assertThat(rig.archive.status().failing())
                    .contains("further lines are lost (so far " + rig.count(Count.LOST_FILE));
            assertThat(rig.read("well/2026-11-22.log").lines()).hasSize(8);
        }
        assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
        assertThat(rig.count(Count.ARCHIVED) + rig.count(Count.LOST_FILE)).isEqualTo(sent + 40 * (LIMIT / 100));
        assertThat(rig.count(Count.ARCHIVED)).isEqualTo(linesOnFile());
    }

    @Test
    void linesThatReachedTheFileBeforeTheDiskFailedAreNotCountedAsLostAtTheStop() throws Exception {
        ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path));
        try (rig) {
            fileSizeLimit(String.valueOf(LIMIT));
            fill(rig, "goblin", LIMIT - 5_050);
            rig.shard.flushAll();
            fill(rig, "goblin", 20_000);
            rig.tickAfter(2000);
        }
        assertThat(rig.count(Count.ARCHIVED)).isEqualTo(linesOnFile()).isEqualTo(LIMIT / 100);
        assertThat(rig.count(Count.LOST_FILE)).isEqualTo(200 - 50);
    }

    @Test
    void belowTheFreeSpaceFloorWritingHoldsAndGoesOnAboveIt() throws IOException {
        ArchiveConfig plain = ArchiveRig.config(path);
        try (ArchiveRig rig = new ArchiveRig(withMinFree(plain, 1L << 60))) {
            rig.append("goblin one");
            rig.tickAfter(5000);
            assertThat(rig.exists("goblin")).isFalse();
            assertThat(rig.archive.status().held()).contains("bytes are free").contains("min-free");
            rig.archive.reload(plain);
            rig.tickAfter(10_000);
            assertThat(rig.archive.status().held()).isNull();
            rig.tickAfter(10_000);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
        }
    }

    @Test
    void linesHeldByTheFloorAreWrittenAtTheStop() throws IOException {
        ArchiveRig rig = new ArchiveRig(withMinFree(ArchiveRig.config(path), 1L << 60));
        try (rig) {
            rig.append("goblin one", "troll two");
        }
        assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
        assertThat(rig.count(Count.ARCHIVED)).isEqualTo(2);
        assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
    }

    @Test
    void fullFileSystemHoldsAndRecovers() throws Exception {
        Path disk = Files.createDirectory(path.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
                "a small file system cannot be mounted here: run as root to test a full one");
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(disk))) {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[900_000]);
            long sent = fill(rig, "goblin", 300_000).lines().count();
            rig.append("troll one");
            rig.tickAfter(2000);
            rig.tickAfter(4000);
            assertThat(rig.archive.status().held()).startsWith("No space left on device");
            Files.delete(ballast);
            rig.tickAfter(60_000);
            rig.shard.flushAll();
            assertThat(rig.archive.status().held()).isNull();
            assertThat(rig.read("goblin/2026-11-22.log").lines().count()).isEqualTo(sent);
            assertThat(rig.read("troll/2026-11-22.log")).isEqualTo("one\n");
            assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void aServerStartsOnADiskWithoutRoomForOneMoreFileAndWritesWhenThereIs() throws Exception {
        Path disk = Files.createDirectory(path.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=2", "tmpfs", disk.toString()),
                "a small file system cannot be mounted here: run as root to test a full one");
        try {
            Files.createFile(disk.resolve("ballast"));
            try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(disk))) {
                rig.append("goblin one");
                rig.tickAfter(2000);
                rig.tickAfter(4000);
                assertThat(rig.archive.status().held()).startsWith("No space left on device");
                assertThat(run("mount", "-o", "remount,nr_inodes=100", disk.toString()))
                        .isTrue();
                rig.tickAfter(60_000);
                rig.shard.flushAll();
                assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    /** Appends lines of 99 bytes until so many bytes are reached; returns what the file should hold. */
    private static String fill(ArchiveRig rig, String host, int bytes) {
        StringBuilder text = new StringBuilder();
        MessageBatch batch = rig.batch();
        for (int i = 0; i * 100 < bytes; i++) {
            String line = ("%08d".formatted(i) + "x".repeat(91));
            rig.add(batch, host, line, rig.clock.millis());
            text.append(line).append('\n');
        }
        rig.append(batch);
        return text.toString();
    }

    private long linesOnFile() throws IOException {
        long lines = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                for (byte one : Files.readAllBytes(file)) {
                    lines += one == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }

    private static ArchiveConfig withMinFree(ArchiveConfig c, long minFree) {
        return new ArchiveConfig(
                c.path(), c.format(), c.keep(), c.keepMin(), 0, 0, minFree, Duration.ofSeconds(1), true, null, null);
    }

    /** For the whole process: the tests' own log could not be written either, and would say so. */
    private static void fileSizeLimit(String bytes) throws Exception {
        Configurator.setLevel("org.loghost.archive", Level.OFF);
        long pid = ProcessHandle.current().pid();
        assertThat(run("prlimit", "--pid", String.valueOf(pid), "--fsize=" + bytes + ":unlimited"))
                .isTrue();
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(output);
        return process.waitFor() == 0;
    }
}
