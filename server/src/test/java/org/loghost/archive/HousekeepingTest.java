package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.message.MessageBatch;

class HousekeepingTest {
    @TempDir
    Path path;

    @Test
    void finishedDayIsCompressedAndZgrepReadsIt() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(config(90, 7, 0, 0))) {
            rig.append("goblin needle one", "goblin two");
            rig.shard.flushAll();
            FileTime written = FileTime.from(Instant.parse("2026-11-22T22:59:51Z"));
            Files.setLastModifiedTime(path.resolve("goblin/2026-11-22.log"), written);
            rig.clock.turn(Duration.ofMinutes(11));
            rig.append("goblin next day");
            rig.shard.flushAll();
            rig.archive.keepHouse();
            Path gz = path.resolve("goblin/2026-11-22.log.gz");
            assertThat(run("gzip", "-t", gz.toString())).isEmpty();
            assertThat(run("zgrep", "needle", gz.toString())).isEqualTo("needle one\n");
            assertThat(rig.exists("goblin/2026-11-22.log")).isFalse();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(gz)))
                    .isEqualTo("rw-r-----");
            assertThat(Files.getLastModifiedTime(gz)).isEqualTo(written);
            assertThat(rig.read("goblin/current.log")).isEqualTo("next day\n");
        }
    }

    @Test
    void dayIsNotCompressedRightAfterMidnightNorWhileItsFileIsOpen() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(config(90, 7, 0, 0))) {
            rig.append("goblin one");
            rig.shard.flushAll();
            rig.clock.turn(Duration.ofMinutes(5));
            rig.shard.tick(System.nanoTime());
            rig.archive.keepHouse();
            assertThat(rig.exists("goblin/2026-11-22.log")).isTrue();
            MessageBatch batch = rig.batch();
            rig.add(batch, "troll", "straggler", ArchiveRig.BEFORE_MIDNIGHT.toEpochMilli());
            rig.append(batch);
            rig.shard.flushAll();
            rig.clock.turn(Duration.ofMinutes(10));
            rig.archive.keepHouse();
            assertThat(rig.exists("goblin/2026-11-22.log.gz")).isTrue();
            assertThat(rig.exists("troll/2026-11-22.log.gz")).isFalse();
            rig.tickAfter(0);
            rig.archive.keepHouse();
            assertThat(rig.exists("troll/2026-11-22.log.gz")).isTrue();
        }
    }

    @Test
    void stragglerAfterCompressionBecomesAFurtherMember() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(config(90, 7, 0, 0))) {
            compressedDay(rig, "goblin one");
            MessageBatch batch = rig.batch();
            rig.add(batch, "goblin", "straggler", ArchiveRig.BEFORE_MIDNIGHT.toEpochMilli());
            rig.append(batch);
            rig.shard.flushAll();
            rig.tickAfter(0);
            rig.archive.keepHouse();
            assertThat(run("zcat", path.resolve("goblin/2026-11-22.log.gz").toString()))
                    .isEqualTo("one\nstraggler\n");
            assertThat(rig.exists("goblin/2026-11-22.log")).isFalse();
        }
    }

    @Test
    void logThatACrashLeftBesideItsCompressedFormIsNotDoubled() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(config(90, 7, 0, 0))) {
            compressedDay(rig, "goblin one");
            Files.writeString(path.resolve("goblin/2026-11-22.log"), "one\n");
            Files.writeString(path.resolve("goblin/.2026-11-22.log.gz.tmp"), "half");
            rig.archive.keepHouse();
            assertThat(run("zcat", path.resolve("goblin/2026-11-22.log.gz").toString()))
                    .isEqualTo("one\n");
            assertThat(rig.exists("goblin/2026-11-22.log")).isFalse();
            assertThat(rig.exists("goblin/.2026-11-22.log.gz.tmp")).isFalse();
        }
    }

    @Test
    void daysOlderThanKeepAreDeletedAndEmptyHostsRemoved() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(config(10, 7, 0, 0))) {
            file("goblin/2026-11-11.log", 10);
            file("goblin/2026-11-12.log.gz", 10);
            file("old/2026-11-01.log", 10);
            file("mixed/2026-11-01.log", 10);
            file("mixed/notes.txt", 10);
            Files.createSymbolicLink(path.resolve("old/current.log"), Path.of("2026-11-01.log"));
            rig.archive.keepHouse();
            assertThat(rig.exists("goblin/2026-11-11.log")).isFalse();
            assertThat(rig.exists("goblin/2026-11-12.log.gz")).isTrue();
            assertThat(rig.exists("old")).isFalse();
            assertThat(rig.exists("mixed/notes.txt")).isTrue();
        }
    }

    @Test
    void sizeLimitOfAHostDeletesItsOldestDaysButNeverYoungOnes() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(config(90, 7, 0, 250))) {
            for (int day = 10; day <= 22; day++) {
                file("big/2026-11-" + day + ".log.gz", 100);
            }
            file("small/2026-11-10.log.gz", 100);
            rig.archive.keepHouse();
            assertThat(rig.exists("big/2026-11-14.log.gz")).isFalse();
            assertThat(rig.exists("big/2026-11-15.log.gz")).isTrue();
            assertThat(rig.exists("small/2026-11-10.log.gz")).isTrue();
            assertThat(rig.noticesText())
                    .contains("big: 800 bytes (expected: max-host-size, at most 250")
                    .contains("keep-min");
        }
    }

    @Test
    void sizeLimitOfAllDeletesTheOldestDaysOfAllHostsFirst() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(config(90, 7, 450, 0))) {
            file("a/2026-11-01.log.gz", 100);
            file("a/2026-11-03.log.gz", 100);
            file("b/2026-11-02.log.gz", 100);
            file("b/2026-11-04.log.gz", 100);
            file("b/2026-11-20.log.gz", 200);
            rig.archive.keepHouse();
            assertThat(rig.exists("a/2026-11-01.log.gz")).isFalse();
            assertThat(rig.exists("b/2026-11-02.log.gz")).isFalse();
            assertThat(rig.exists("a/2026-11-03.log.gz")).isTrue();
            assertThat(rig.exists("b/2026-11-04.log.gz")).isTrue();
            assertThat(rig.noticesText()).isEmpty();
        }
    }

    @Test
    void symbolicLinkInPlaceOfAHostIsNotEntered() throws IOException {
        Path elsewhere = Files.createDirectory(path.resolveSibling(path.getFileName() + "-elsewhere"));
        try (ArchiveRig rig = new ArchiveRig(config(10, 7, 0, 0))) {
            Path kept = Files.writeString(elsewhere.resolve("2026-01-01.log"), "kept");
            Files.createSymbolicLink(path.resolve("goblin"), elsewhere);
            rig.archive.keepHouse();
            assertThat(kept).exists();
            Files.delete(kept);
        } finally {
            Files.delete(elsewhere);
        }
    }

    private void compressedDay(ArchiveRig rig, String line) {
        rig.append(line);
        rig.shard.flushAll();
        rig.clock.turn(Duration.ofMinutes(20));
        rig.tickAfter(0);
        rig.archive.keepHouse();
        assertThat(rig.exists("goblin/2026-11-22.log.gz")).isTrue();
        assertThat(rig.exists("goblin/current.log")).isFalse();
    }

    private ArchiveConfig config(int keepDays, int keepMinDays, long maxSize, long maxHostSize) {
        return new ArchiveConfig(
                path,
                ArchiveConfig.Format.CLASSIC,
                Duration.ofDays(keepDays),
                Duration.ofDays(keepMinDays),
                maxSize,
                maxHostSize,
                0,
                Duration.ofSeconds(1),
                true,
                null,
                null);
    }

    private void file(String name, int size) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[size]);
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
