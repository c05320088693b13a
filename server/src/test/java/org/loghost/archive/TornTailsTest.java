package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TornTailsTest {
    private static final String MARK =
            "Nov 22 23:59:50 goblin loghost: the line above is cut: the server stopped while writing it\n";

    @TempDir
    Path path;

    @Test
    void tailTornAtAnyLengthIsClosedWithALineEndAndAMark() throws IOException {
        String whole = "first line\nsecond line\n";
        for (int length = 0; length <= whole.length(); length++) {
            Path archive = path.resolve("cut" + length);
            String cut = whole.substring(0, length);
            leave(archive, ArchiveRig.DAY, cut);
            try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(archive))) {
                boolean torn = !cut.isEmpty() && !cut.endsWith("\n");
                String closed = torn ? cut + "\n" + MARK : cut;
                assertThat(rig.read("goblin/2026-11-22.log"))
                        .as("cut at %d", length)
                        .isEqualTo(closed);
                rig.append("goblin next");
                rig.shard.flushAll();
                assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo(closed + "next\n");
                assertThat(rig.noticesText().contains("1 file ended in the middle"))
                        .isEqualTo(torn);
            }
        }
    }

    @Test
    void fileWrittenLastIsLookedAtHoweverOldItIsAndTheDayBeforeIt() throws IOException {
        leave(path, "2026-10-01", "torn");
        Files.writeString(path.resolve("goblin/2026-09-30.log"), "torn too");
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            assertThat(rig.read("goblin/2026-10-01.log")).isEqualTo("torn\n" + MARK);
            assertThat(rig.read("goblin/2026-09-30.log")).isEqualTo("torn too\n" + MARK);
        }
    }

    @Test
    void markFollowsTheFullFormat() throws IOException {
        leave(path, ArchiveRig.DAY, "torn");
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path, ArchiveConfig.Format.FULL))) {
            String time = "2026-11-22T23:59:50.000+01:00";
            assertThat(rig.read("goblin/2026-11-22.log"))
                    .isEqualTo("torn\n" + time + " local syslog.notice " + time + " - - " + MARK);
        }
    }

    @Test
    void aTailTornWithoutALinkIsClosedBeforeTheFirstLineIsAppended() throws IOException {
        leave(path, ArchiveRig.DAY, "torn");
        Files.delete(path.resolve("goblin/current.log"));
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("torn");
            rig.append("goblin next");
            rig.shard.flushAll();
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("torn\n" + MARK + "next\n");
        }
    }

    @Test
    void afterAnOrderlyStopNothingIsLookedAt() throws IOException {
        new ArchiveRig(ArchiveRig.config(path)).close();
        assertThat(path.resolve(".clean")).exists();
        leave(path, ArchiveRig.DAY, "torn");
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("torn");
            assertThat(path.resolve(".clean")).doesNotExist();
        }
    }

    @Test
    void symbolicLinkIsNotFollowedToATornTail() throws IOException {
        Path secret = Files.writeString(path.resolve("secret"), "torn");
        Path archive = path.resolve("hosts");
        Files.createDirectories(archive.resolve("goblin"));
        Files.createSymbolicLink(archive.resolve("goblin/2026-11-22.log"), secret);
        Files.createSymbolicLink(archive.resolve("goblin/current.log"), Path.of("2026-11-22.log"));
        Files.createDirectories(archive.resolve("troll"));
        Files.createSymbolicLink(archive.resolve("troll/current.log"), secret);
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(archive))) {
            rig.clock.turn(Duration.ofSeconds(1));
            assertThat(secret).hasContent("torn");
        }
    }

    private static void leave(Path archive, String day, String content) throws IOException {
        Path folder = Files.createDirectories(archive.resolve("goblin"));
        Files.writeString(folder.resolve(day + ".log"), content);
        Files.createSymbolicLink(folder.resolve("current.log"), Path.of(day + ".log"));
    }
}
