package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRulesTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final Integer SOMEONE_ELSE = 12_345;

    @TempDir
    Path folder;

    @Test
    void withoutCommentsNothingButTheRulesIsReadAsRules() throws IOException {
        LocalRules local = LocalRules.of(withoutComments());
        local.append(List.of("^a x$", "^b x$"), DAY, "cindy", "harmless");
        assertThat(Files.readString(local.file())).isEqualTo("^a x$\n^b x$\n");
        assertThat(RuleLoader.load(withoutComments()).rules())
                .extracting(Rule::pattern)
                .containsExactly("^a x$", "^b x$");
        assertThat(Files.readString(local.file().resolveSibling(".local.record")))
                .contains("2026-11-23, 2 of them")
                .contains("by cindy: harmless");
    }

    @Test
    void undoOfNothingMakesNothing() throws IOException {
        assertThat(LocalRules.of(RulesConfig.of(List.of(folder))).undo()).isEmpty();
        assertThat(LocalRules.of(withoutComments()).undo()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void withoutCommentsUndoTakesOutTheLastEntryAndItsRecord() throws IOException {
        LocalRules local = LocalRules.of(withoutComments());
        local.append(List.of("^a x$"), DAY, "cindy", "");
        local.append(List.of("^b x$", "^c x$"), DAY, "cindy", "");
        Files.writeString(local.file(), Files.readString(local.file()) + "^my own$\n");
        assertThat(local.undo()).endsWith("^b x$", "^c x$").hasSize(3);
        assertThat(Files.readString(local.file())).isEqualTo("^a x$\n^my own$\n");
        assertThat(local.undo()).hasSize(2);
        assertThat(Files.readString(local.file())).isEqualTo("^my own$\n");
        assertThat(local.undo()).isEmpty();
        assertThat(Files.readString(local.file())).isEqualTo("^my own$\n");
    }

    @Test
    void withoutCommentsUndoRefusesWhenTheRulesAreGone() throws IOException {
        LocalRules local = LocalRules.of(withoutComments());
        local.append(List.of("^a x$", "^b x$"), DAY, "cindy", "");
        Files.writeString(local.file(), "^a x$\n^my own$\n");
        assertThatThrownBy(local::undo).isInstanceOf(IOException.class).hasMessageContaining(".local.record:1: ");
        assertThat(Files.readString(local.file())).isEqualTo("^a x$\n^my own$\n");
    }

    @Test
    void undoNeverTakesARuleThatStandsInThePlaceOfOneDeletedByHand() throws IOException {
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(folder)));
        local.append(List.of("^a x$"), DAY, "cindy", "");
        String changed = Files.readString(local.file()).replace("^a x$", "^my own rule$");
        Files.writeString(local.file(), changed);
        assertThatThrownBy(local::undo)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(local.file() + ":1: ")
                .hasMessageContaining("nothing was taken out")
                .hasMessageContaining("delete by hand");
        assertThat(Files.readString(local.file())).isEqualTo(changed);

        Files.writeString(local.file(), changed.lines().findFirst().orElseThrow() + "\n");
        assertThatThrownBy(local::undo).isInstanceOf(IOException.class);
    }

    @Test
    void anAuthorOrReasonThatLooksLikeACountMisleadsNobody() throws IOException {
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(folder)));
        local.append(List.of("^a x$"), DAY, "x, 2 of them", ", 3 of them");
        Files.writeString(local.file(), Files.readString(local.file()) + "^my own$\n^more$\n");
        assertThat(local.undo()).hasSize(2);
        assertThat(Files.readString(local.file())).isEqualTo("^my own$\n^more$\n");
    }

    @Test
    void newFilesAndFoldersTakeAfterTheRulesFolder() throws IOException {
        Path rules = Files.createDirectory(folder.resolve("rules"));
        Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rwxrwx--x"));
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(rules)));
        local.append(List.of("^a x$"), DAY, "cindy", "");
        assertThat(mode(local.file().getParent())).isEqualTo("rwxrwx--x");
        assertThat(mode(local.file())).isEqualTo("rw-r-----");
    }

    @Test
    void theModeOfTheOldFileIsKept() throws IOException {
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(folder)));
        local.append(List.of("^a x$"), DAY, "cindy", "");
        Files.setPosixFilePermissions(local.file(), PosixFilePermissions.fromString("rw-rw----"));
        local.append(List.of("^b x$"), DAY, "cindy", "");
        assertThat(mode(local.file())).isEqualTo("rw-rw----");
        local.undo();
        assertThat(mode(local.file())).isEqualTo("rw-rw----");
    }

    @Test
    void whatRootWritesBelongsToWhomItBelongedTo() throws IOException {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Path rules = Files.createDirectory(folder.resolve("rules"));
        Files.setAttribute(rules, "unix:uid", SOMEONE_ELSE);
        Files.setAttribute(rules, "unix:gid", SOMEONE_ELSE);
        for (RulesConfig config : List.of(RulesConfig.of(List.of(rules)), withoutComments(rules))) {
            LocalRules local = LocalRules.of(config);
            local.append(List.of("^a x$"), DAY, "cindy", "");
            local.append(List.of("^b x$"), DAY, "cindy", "");
            local.undo();
            try (var all = Files.walk(rules)) {
                assertThat(all).allSatisfy(path -> {
                    assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(SOMEONE_ELSE);
                    assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(SOMEONE_ELSE);
                });
            }
        }
    }

    @Test
    void aSymbolicLinkStaysOne() throws IOException {
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(folder)));
        Path kept = Files.writeString(folder.resolve("kept"), "^mine$\n");
        Files.createDirectories(local.file().getParent());
        Files.createSymbolicLink(local.file(), kept);
        local.append(List.of("^a x$"), DAY, "cindy", "");
        assertThat(local.file()).isSymbolicLink();
        assertThat(Files.readString(kept)).startsWith("^mine$\n# suggested").endsWith("^a x$\n");
    }

    @Test
    void whileAnotherCommandWritesOneIsRefused() throws IOException {
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(folder)));
        local.append(List.of("^first$"), DAY, "cindy", "");
        FileChannel lock = SharedFile.lock(local.file());
        try (lock) {
            assertThatThrownBy(() -> local.append(List.of("^a x$"), DAY, "cindy", ""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another command (expected: try again)");
            assertThatThrownBy(local::undo).isInstanceOf(IOException.class);
        }
        local.append(List.of("^a x$"), DAY, "cindy", "");
        assertThat(local.undo()).hasSize(2);
    }

    @Test
    void ofManyWritersNoneLosesAnothersRules() throws Exception {
        LocalRules local = LocalRules.of(RulesConfig.of(List.of(folder)));
        List<Callable<String>> writers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String rule = "^rule " + i + "$";
            writers.add(() -> {
                try {
                    LocalRules.of(RulesConfig.of(List.of(folder))).append(List.of(rule), DAY, "cindy", "");
                    return rule;
                } catch (IOException e) {
                    return "";
                }
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<String> written = new ArrayList<>();
        for (Future<String> writer : threads.invokeAll(writers)) {
            written.add(writer.get());
        }
        threads.shutdown();
        written.removeIf(String::isEmpty);
        assertThat(written).isNotEmpty();
        assertThat(Files.readAllLines(local.file()))
                .filteredOn(line -> !line.startsWith("#"))
                .containsExactlyInAnyOrderElementsOf(written);
    }

    private RulesConfig withoutComments() {
        return withoutComments(folder);
    }

    private static RulesConfig withoutComments(Path rules) {
        return new RulesConfig(
                RulesConfig.Style.LOGSENTRY, List.of(rules), RulesConfig.Level.SERVER, false, 8 << 20, false);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
