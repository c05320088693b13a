package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted, and what is not, while the clock is right or wrong; the rig's day is 2026-11-22. */
class RetentionTest {
    private static final LocalDate TODAY = LocalDate.parse(ArchiveRig.DAY);
    private static final Duration TEN_YEARS = Duration.ofDays(3653);

    @TempDir
    Path path;

    @Test
    void clockThatIsWrongForwardsDeletesNothingAndIsSaid() throws IOException {
        days(11);
        try (ArchiveRig rig = new ArchiveRig(config(10, 0))) {
            rig.append("goblin today");
            rig.shard.flushAll();
            rig.archive.keepHouse();
            rig.clock.turn(TEN_YEARS);
            rig.tickAfter(0);
            rig.archive.keepHouse();
            rig.append("goblin in 2036");
            rig.shard.flushAll();
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(12).contains(ArchiveRig.DAY, "2036-11-22");
            assertThat(rig.noticesText())
                    .contains("the clock says 2036-11-22")
                    .contains("2026-11-22")
                    .contains("If the clock is wrong, set it");

            rig.clock.turn(TEN_YEARS.negated());
            rig.tickAfter(0);
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(12);
        }
    }

    @Test
    void clockThatIsWrongOverARestartDeletesNothing() throws IOException {
        days(30);
        LocalDate oldest = TODAY.minusDays(29);
        for (boolean known : List.of(true, false)) {
            try (ArchiveRig rig = new ArchiveRig(config(30, 0))) {
                rig.archive.keepHouse();
            }
            if (!known) {
                Files.delete(path.resolve(DaysSeen.NAME));
            }
            try (ArchiveRig rig = new ArchiveRig(config(30, 0))) {
                rig.clock.turn(TEN_YEARS);
                rig.archive.keepHouse();
                assertThat(kept()).hasSize(30).contains(oldest.toString());
            }
        }
    }

    @Test
    void daysThatWereReceivedUnderAClockFarBackAreNotOldWhenItIsRight() throws IOException {
        days(10);
        try (ArchiveRig rig = new ArchiveRig(config(10, 0))) {
            rig.archive.keepHouse();
            rig.clock.turn(Duration.ofDays(-20_000));
            rig.append("goblin in 1972");
            rig.shard.flushAll();
            rig.archive.keepHouse();
            rig.clock.turn(Duration.ofDays(20_000));
            rig.tickAfter(0);
            rig.archive.keepHouse();
            rig.archive.keepHouse();
            assertThat(kept())
                    .hasSize(11)
                    .contains("1972-02-19", TODAY.minusDays(9).toString());
            assertThat(rig.noticesText()).contains("archive saw before is");
        }
    }

    @Test
    void dayOfTheFutureIsCompressedAndGoesWhenItIsAsOldAsAnother() throws IOException {
        Files.writeString(Files.createDirectories(path.resolve("goblin")).resolve("2036-05-01.log"), "x\n");
        try (ArchiveRig rig = new ArchiveRig(config(3, 0))) {
            rig.archive.keepHouse();
            assertThat(rig.exists("goblin/2036-05-01.log.gz")).isTrue();
            nextDays(rig, 2);
            assertThat(rig.exists("goblin/2036-05-01.log.gz")).isTrue();
            nextDays(rig, 1);
            assertThat(rig.exists("goblin/2036-05-01.log.gz")).isFalse();
        }
    }

    @Test
    void eachDayTheOldestGoesAndServerThatWasOffAgesNothing() throws IOException {
        days(11);
        try (ArchiveRig rig = new ArchiveRig(config(10, 0))) {
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(11);
            nextDays(rig, 1);
            assertThat(kept()).hasSize(10).doesNotContain(TODAY.minusDays(10).toString());
            rig.clock.turn(Duration.ofDays(200));
            rig.archive.keepHouse();
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(10);
            nextDays(rig, 1);
            assertThat(kept()).hasSize(8);
        }
    }

    @Test
    void moreDaysThanUsualAreHeldAndSaid() throws IOException {
        days(31);
        try (ArchiveRig rig = new ArchiveRig(config(10, 0))) {
            rig.archive.keepHouse();
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(31 - Retention.MOST_A_DAY);
            assertThat(rig.noticesText())
                    .contains("20 days, 2026-10-23 to 2026-11-11, are older than keep (10 days)")
                    .contains("held");
            nextDays(rig, 1);
            assertThat(kept()).hasSize(31 - 2 * Retention.MOST_A_DAY);
        }
    }

    @Test
    void smallerKeepIsCarriedOutAtOnce() throws IOException {
        days(31);
        try (ArchiveRig rig = new ArchiveRig(config(90, 0))) {
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(31);
            rig.archive.reload(config(10, 0));
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(11);
            assertThat(rig.noticesText()).isEmpty();
        }
    }

    @Test
    void wrongClockMakesNoDayOldEnoughToGoForItsSize() throws IOException {
        days(5);
        try (ArchiveRig rig = new ArchiveRig(config(90, 20))) {
            rig.archive.keepHouse();
            rig.clock.turn(TEN_YEARS);
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(5);
            assertThat(rig.noticesText()).contains("goblin: 50 bytes (expected: max-host-size, at most 20)");
        }
    }

    @Test
    void damagedListOfDaysIsMadeAnew() throws IOException {
        days(5);
        Files.write(path.resolve(DaysSeen.NAME), new byte[] {(byte) 0xff, 0, '\n', 'x', '\n'});
        try (ArchiveRig rig = new ArchiveRig(config(3, 0))) {
            rig.archive.keepHouse();
            assertThat(kept()).hasSize(4);
            assertThat(rig.read(DaysSeen.NAME))
                    .startsWith("keep 3\n2026-11-18\n")
                    .endsWith("2026-11-22\n");
        }
    }

    /** Files of goblin of so many days up to today. */
    private void days(int count) throws IOException {
        Path folder = Files.createDirectories(path.resolve("goblin"));
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve(TODAY.minusDays(i) + ".log.gz"), new byte[10]);
        }
    }

    private static void nextDays(ArchiveRig rig, int count) {
        for (int i = 0; i < count; i++) {
            rig.clock.turn(Duration.ofDays(1));
            rig.archive.keepHouse();
        }
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("goblin"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("\\d{4}-.*"))
                    .map(name -> name.substring(0, 10))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    private ArchiveConfig config(int keepDays, long maxHostSize) {
        return new ArchiveConfig(
                path,
                ArchiveConfig.Format.CLASSIC,
                Duration.ofDays(keepDays),
                Duration.ofDays(Math.min(7, keepDays)),
                0,
                maxHostSize,
                0,
                Duration.ofSeconds(1),
                true,
                null,
                null);
    }
}
