package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.metrics.Count;

/** Other programs move, remove or replace files that are open: no line goes to a file without a name. */
class MovedFilesTest {
    private static final String DAY = "goblin/2026-11-22.log";

    @TempDir
    Path path;

    @Test
    void fileThatIsMovedAwayIsMadeAnewBeforeTheNextLineIsWritten() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            writeNow(rig, "goblin one");
            Files.move(path.resolve(DAY), path.resolve("goblin/rotated"));
            writeNow(rig, "goblin two");
            assertThat(rig.read("goblin/rotated")).isEqualTo("one\n");
            assertThat(rig.read(DAY)).isEqualTo("two\n");
            assertThat(rig.read("goblin/current.log")).isEqualTo("two\n");
            assertThat(rig.noticesText())
                    .contains(DAY + " was moved, removed or replaced")
                    .contains("keep and max-size");
        }
    }

    @Test
    void filesThatAreRemovedAreMadeAnewAndToldAsOneNotice() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            writeNow(rig, "goblin one", "troll one", "elf one");
            for (String host : new String[] {"goblin", "troll", "elf"}) {
                Files.delete(path.resolve(host).resolve("2026-11-22.log"));
            }
            Files.delete(path.resolve("elf/current.log"));
            Files.delete(path.resolve("elf"));
            writeNow(rig, "goblin two", "troll two", "elf two");
            for (String host : new String[] {"goblin", "troll", "elf"}) {
                assertThat(rig.read(host + "/2026-11-22.log")).isEqualTo("two\n");
            }
            assertThat(rig.notices.current()).hasSize(1);
            assertThat(rig.notices.current().get(0).times()).isEqualTo(3);
        }
    }

    @Test
    void fileThatIsReplacedGetsTheNextLine() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            writeNow(rig, "goblin one");
            Path fresh = Files.writeString(path.resolve("fresh"), "put here\n");
            Files.move(fresh, path.resolve(DAY), StandardCopyOption.ATOMIC_MOVE);
            writeNow(rig, "goblin two");
            assertThat(rig.read(DAY)).isEqualTo("put here\ntwo\n");
        }
    }

    @Test
    void fileThatIsEmptiedIsWrittenOnFromItsBeginning() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            writeNow(rig, "goblin one");
            Files.newByteChannel(path.resolve(DAY), java.nio.file.StandardOpenOption.WRITE)
                    .truncate(0)
                    .close();
            writeNow(rig, "goblin two");
            assertThat(rig.read(DAY)).isEqualTo("two\n");
        }
    }

    @Test
    void removedFileOfABusyHostLosesNothingThatCameAfterwards() throws IOException {
        String line = "goblin " + "x".repeat(9_999);
        String[] lines = java.util.Collections.nCopies(10, line).toArray(String[]::new);
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            writeNow(rig, "goblin one");
            Files.delete(path.resolve(DAY));
            for (int i = 0; i < 20; i++) {
                rig.append(lines);
            }
            rig.shard.flushAll();
            assertThat(Files.size(path.resolve(DAY))).isEqualTo(20 * 100_000);
            assertThat(rig.count(Count.ARCHIVED)).isEqualTo(201);
        }
    }

    @Test
    void reloadOpensFilesAnewAndTriesThoseThatFailedAtOnce() throws IOException {
        try (ArchiveRig rig = new ArchiveRig(ArchiveRig.config(path))) {
            Files.createDirectories(path.resolve("troll/2026-11-22.log"));
            writeNow(rig, "goblin one", "troll one");
            writeNow(rig, "troll two");
            assertThat(rig.archive.status().openFiles()).isEqualTo(1);
            Files.delete(path.resolve("troll/2026-11-22.log"));
            rig.archive.reload(ArchiveRig.config(path));
            rig.tickAfter(0);
            assertThat(rig.read("troll/2026-11-22.log")).isEqualTo("one\ntwo\n");
            assertThat(rig.archive.status().openFiles()).isEqualTo(1);
            writeNow(rig, "goblin two");
            assertThat(rig.read(DAY)).isEqualTo("one\ntwo\n");
        }
    }

    private static void writeNow(ArchiveRig rig, String... hostsAndLines) {
        rig.append(hostsAndLines);
        rig.shard.flushAll();
    }
}
