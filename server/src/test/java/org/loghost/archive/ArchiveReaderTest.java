package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveReaderTest {
    @TempDir
    Path path;

    private final CopyOnWriteArrayList<String> lines = new CopyOnWriteArrayList<>();

    private void keep(String host, byte[] bytes, int offset, int length) {
        lines.add(host + ": " + new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }

    @Test
    void hostsAreListedWithSizeDaysAndTime() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            twoDays(rig);
            List<ArchiveReader.HostFolder> hosts = rig.archive.reader().hosts();
            assertThat(hosts).extracting(ArchiveReader.HostFolder::name).containsExactly("goblin", "troll");
            assertThat(hosts.get(0).days()).isEqualTo(2);
            assertThat(hosts.get(1).bytes()).isEqualTo(2);
            assertThat(hosts.get(1).lastWritten()).isAfter(java.time.Instant.parse("2020-01-01T00:00:00Z"));
        }
        assertThat(new ArchiveReader(path.resolve("none")).hosts()).isEmpty();
    }

    @Test
    void daysAreReadInOrderCompressedOrNot() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            twoDays(rig);
            LocalDate first = LocalDate.parse(ArchiveRig.DAY);
            rig.archive.reader().read(List.of("goblin"), first, first.plusDays(1), this::keep);
            assertThat(lines).containsExactly("goblin: one", "goblin: two", "goblin: three", "goblin: four");
            lines.clear();
            rig.archive.reader().read(List.of(), first, first, this::keep);
            assertThat(lines).containsExactly("goblin: one", "goblin: two");
        }
    }

    @Test
    void tailReachesBackIntoCompressedDays() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            twoDays(rig);
            for (int count = 0; count <= 5; count++) {
                lines.clear();
                rig.archive.reader().tail(List.of("goblin"), count, this::keep);
                List<String> all = List.of("goblin: one", "goblin: two", "goblin: three", "goblin: four");
                assertThat(lines).isEqualTo(all.subList(Math.max(0, 4 - count), 4));
            }
            lines.clear();
            rig.archive.reader().tail(List.of("../hosts", "none", ".."), 5, this::keep);
            assertThat(lines).isEmpty();
        }
    }

    @Test
    void tailOfALongFileCrossesBlocks() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            for (int i = 0; i < 40; i++) {
                rig.append("goblin " + i + "-" + "w".repeat(9000));
            }
            rig.shard.flushAll();
            rig.archive.reader().tail(List.of(), 30, this::keep);
            assertThat(lines).hasSize(30);
            assertThat(lines.get(0)).startsWith("goblin: 10-w").hasSize(9011);
            assertThat(lines.get(29)).startsWith("goblin: 39-w");
        }
    }

    @Test
    void followingPassesEveryLineOnceOverTheDayChangeAndTakesUpNewHosts() throws Exception {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            rig.append("goblin zero", "goblin one");
            rig.shard.flushAll();
            AtomicBoolean stop = new AtomicBoolean();
            Thread follower = new Thread(() -> {
                try {
                    rig.archive.reader().follow(List.of(), 1, this::keep, stop::get);
                } catch (IOException e) {
                    lines.add(e.toString());
                }
            });
            follower.start();
            try {
                await().untilAsserted(() -> assertThat(lines).containsExactly("goblin: one"));
                rig.append("goblin two");
                rig.shard.flushAll();
                rig.clock.turn(Duration.ofSeconds(20));
                rig.append("goblin three", "troll new");
                rig.shard.flushAll();
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(lines)
                                .containsExactly("goblin: one", "goblin: two", "goblin: three", "troll: new"));
            } finally {
                stop.set(true);
                follower.join();
            }
        }
    }

    @Test
    void dayThatAWrongClockNamedDoesNotHideToday() throws Exception {
        LocalDate today = LocalDate.now(java.time.ZoneId.systemDefault());
        Path folder = Files.createDirectories(path.resolve("goblin"));
        Files.writeString(folder.resolve(today.plusYears(10) + ".log"), "future\n");
        Path now = Files.writeString(folder.resolve(today + ".log"), "now\n");
        ArchiveReader reader = new ArchiveReader(path);
        reader.tail(List.of(), 1, this::keep);
        assertThat(lines).containsExactly("goblin: now");
        lines.clear();
        AtomicBoolean stop = new AtomicBoolean();
        Thread follower = new Thread(() -> {
            try {
                reader.follow(List.of(), 2, this::keep, stop::get);
            } catch (IOException e) {
                lines.add(e.toString());
            }
        });
        follower.start();
        try {
            await().untilAsserted(() -> assertThat(lines).containsExactly("goblin: future", "goblin: now"));
            Files.writeString(now, "more\n", StandardOpenOption.APPEND);
            await().untilAsserted(
                            () -> assertThat(lines).containsExactly("goblin: future", "goblin: now", "goblin: more"));
        } finally {
            stop.set(true);
            follower.join();
        }
    }

    private static void twoDays(ArchiveRig rig) {
        rig.append("goblin one", "goblin two");
        rig.shard.flushAll();
        rig.clock.turn(Duration.ofMinutes(20));
        rig.append("goblin three", "goblin four", "troll x");
        rig.shard.flushAll();
        rig.archive.keepHouse();
        assertThat(rig.exists("goblin/2026-11-22.log.gz")).isTrue();
    }
}
