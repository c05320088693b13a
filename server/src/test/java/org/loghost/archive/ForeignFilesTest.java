package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/** What others put into the archive, or in its place. */
class ForeignFilesTest {
    private static final int SOMEBODY = 12_345;

    @TempDir
    Path temp;

    private Path path() {
        return temp.resolve("hosts");
    }

    @Test
    void dayFileWithAHardLinkIsSetAsideAndLinesGoToANewOne() throws IOException {
        Path elsewhere = Files.writeString(temp.resolve("elsewhere"), "theirs\n");
        Path file = path().resolve("goblin/2026-11-22.log");
        Files.createDirectories(path().resolve("goblin"));
        Files.createLink(file, elsewhere);
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(elsewhere).hasContent("theirs\n");
            assertThat(file).hasContent("one\n");
            assertThat(rig.read("goblin/2026-11-22.log.set-aside-1")).isEqualTo("theirs\n");
            assertThat(rig.noticesText()).contains(file + " has 2 hard links", "2026-11-22.log.set-aside-1");
            assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
        }
    }

    @Test
    void dayFileOfAnotherUserIsSetAsideAndHisFolderIsRefused() throws IOException {
        Path file = path().resolve("goblin/2026-11-22.log");
        Files.createDirectories(file.getParent());
        Files.createDirectories(path().resolve("troll"));
        Files.writeString(file, "theirs");
        assumeTrue(mayGiveAway(file) && mayGiveAway(path().resolve("troll")), "needs root");
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            rig.append("goblin one", "troll two", "orc three");
            rig.shard.flushAll();
            assertThat(file).hasContent("one\n");
            assertThat(rig.read("goblin/2026-11-22.log.set-aside-1")).isEqualTo("theirs");
            assertThat(rig.exists("troll/2026-11-22.log")).isFalse();
            assertThat(rig.read("orc/2026-11-22.log")).isEqualTo("three\n");
            assertThat(rig.noticesText())
                    .contains("lines of troll wait in memory: ")
                    .contains("troll belongs to another user, number 12345");
            rig.shard.close(System.nanoTime());
            assertThat(rig.count(Count.LOST_FILE)).isEqualTo(1);
        }
    }

    @Test
    void archiveReplacedByALinkIsNotFollowedAndLinesWait() throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path()))) {
            Files.move(path(), temp.resolve("away"));
            Files.createSymbolicLink(path(), elsewhere);
            rig.append("goblin one");
            rig.shard.flushAll();
            assertThat(elsewhere).isEmptyDirectory();
            assertThat(rig.count(Count.LOST_ARCHIVE)).isZero();
            assertThat(rig.noticesText()).contains("the archive's folder " + path() + " leads elsewhere now");

            Files.delete(path());
            Files.move(temp.resolve("away"), path());
            rig.tickAfter(60_000);
            assertThat(rig.read("goblin/2026-11-22.log")).isEqualTo("one\n");
        }
    }

    @Test
    void groupComesAsFarAsWhatIsMadeHereAndIsToldWhatKeepsItOut() throws IOException {
        Path closed = Files.createDirectory(
                temp.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path above = closed.resolve("made");
        String group = String.valueOf(Files.getAttribute(closed, "posix:group"));
        Path base = Files.createDirectories(above.resolve("hosts"));
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx------"));
        try (ArchiveRig rig = new ArchiveRig(withGroup(ArchiveRig.config(base), group))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base)))
                    .isEqualTo("rwxr-x---");
            assertThat(rig.noticesText())
                    .contains("group " + group + " cannot read")
                    .contains("may not pass ");
        }
        Path fresh = temp.resolve("a/b/hosts");
        try (ArchiveRig rig = new ArchiveRig(withGroup(ArchiveRig.config(fresh), group))) {
            assertThat(rig.exists("")).isTrue();
            for (Path made :
                    new Path[] {fresh, fresh.getParent(), fresh.getParent().getParent()}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                        .isEqualTo("rwxr-x---");
                assertThat(Files.getAttribute(made, "posix:group")).hasToString(group);
            }
        }
    }

    @Test
    void freeSpaceThatCannotBeMeasuredIsSaid() {
        Notices notices = new Notices(java.time.Clock.systemUTC());
        WriteHold hold = new WriteHold(() -> temp.resolve("none"), new ServerMetrics(), notices);
        hold.check(1000, System.nanoTime());
        assertThat(notices.current()).hasSize(1);
        assertThat(notices.current().get(0).text())
                .contains(temp.resolve("none") + " cannot be measured")
                .contains("min-free is not kept");
    }

    private static boolean mayGiveAway(Path path) {
        try {
            Files.setAttribute(path, "unix:uid", SOMEBODY);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ArchiveConfig withGroup(ArchiveConfig plain, String group) {
        return new ArchiveConfig(
                plain.path(), plain.format(), plain.keep(), plain.keepMin(), 0, 0, 0, plain.flush(), true, null, group);
    }
}
