package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.loghost.rules.RuleFolder.tiers;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading whatever the disk holds. */
class RuleLoaderTest {
    @TempDir
    Path path;

    @Test
    void whatCannotBeReadIsAFaultAndTheRestIsUsed() throws Exception {
        new RuleFolder(path).file("logcheck.hacking", "attack").file("logcheck.ignore.d/ok", "quiet");
        Files.createDirectory(path.resolve("logcheck.violations"));
        Files.createSymbolicLink(path.resolve("logcheck.ignore.d/dangling"), path.resolve("nowhere"));
        Files.writeString(path.resolve("logcheck.violations.d"), "a file where a folder belongs");
        RuleSet rules = new RuleFolder(path).logSentry();
        assertThat(tiers(rules, "attack quiet")).isEqualTo("A");
        assertThat(rules.isComplete()).isFalse();
        assertThat(rules.faults())
                .extracting(fault -> fault.file().getFileName() + " " + fault.level())
                .containsExactlyInAnyOrder(
                        "logcheck.violations ERROR", "dangling ERROR", "logcheck.violations.d ERROR");
    }

    @Test
    void aFolderThatIsNotThereIsEmpty() {
        RuleSet rules = RuleLoader.load(RulesConfig.of(List.of(path.resolve("nowhere"))));
        assertThat(rules.isComplete()).isTrue();
        assertThat(tiers(rules, "x")).isEqualTo("U");
        assertThat(rules.faults()).singleElement().extracting(RuleFault::level).isEqualTo(RuleFault.Level.WARNING);
    }

    @Test
    void filesThatOthersMayChangeAreNamed() throws Exception {
        new RuleFolder(path)
                .file("logcheck.hacking", "a1")
                .file("logcheck.violations", "b1")
                .file("logcheck.ignore.d/x", "c1")
                .file("logcheck.ignore", "d1");
        mode("logcheck.hacking", "rw-rw----");
        mode("logcheck.violations", "rw-r---w-");
        mode("logcheck.ignore", "rw-r--r--");
        mode("logcheck.ignore.d", "rwxrwxr-x");
        mode("logcheck.ignore.d/x", "rw-------");
        assertThat(new RuleFolder(path).logSentry().writableByOthers())
                .containsExactly(
                        path.resolve("logcheck.hacking"),
                        path.resolve("logcheck.violations"),
                        path.resolve("logcheck.ignore.d"));
    }

    @Test
    void theDigestNamesTheContents() {
        RuleFolder folder = new RuleFolder(path).file("logcheck.ignore", "a1", "b1");
        RuleSet first = folder.logSentry();
        assertThat(folder.logSentry().digest()).isEqualTo(first.digest()).hasSize(64);
        RuleSet second = folder.file("logcheck.ignore", "a1", "b2").logSentry();
        assertThat(second.digest()).isNotEqualTo(first.digest());
        assertThat(second.files()).singleElement().satisfies(file -> {
            assertThat(file.rules()).isEqualTo(2);
            assertThat(file.kind()).isEqualTo(Rule.Kind.IGNORE);
        });
    }

    @Test
    void aPatternIsAtMostAsLongAsTheEngineTakes() {
        RuleSet rules = new RuleFolder(path)
                .file("logcheck.ignore", "(" + "x".repeat(39_000) + ")", "y".repeat(65_536))
                .logSentry();
        assertThat(rules.rules()).hasSize(1);
        assertThat(rules.faults())
                .singleElement()
                .satisfies(fault ->
                        assertThat(fault.what()).isEqualTo("a pattern of 65536 bytes (expected: at most 65535)"));
    }

    @Test
    void theFaultsOfAFileThatHoldsNoRulesAreBounded() {
        RuleSet rules = new RuleFolder(path)
                .raw("logcheck.ignore", "(\n".repeat(5_000))
                .file("logcheck.hacking", "(", "attack")
                .logSentry();
        assertThat(rules.faults()).hasSize(102);
        assertThat(rules.faults().get(101).toString())
                .isEqualTo(path + "/logcheck.ignore: error: 4900 further faults are not shown; correct those shown,"
                        + " or remove the file");
        assertThat(tiers(rules, "attack")).isEqualTo("AU");
    }

    @Test
    void whatIsNoTextIsNamedAndNotRead() {
        Random random = new Random(7);
        byte[] compressed = new byte[300];
        random.nextBytes(compressed);
        RuleSet rules = new RuleFolder(path)
                .raw("logcheck.ignore.d/program", "\u007fELF\u0002\u0001\u0001" + "\0".repeat(40) + "text\n")
                .raw("logcheck.ignore.d/archive", new String(compressed, StandardCharsets.ISO_8859_1))
                .raw(
                        "logcheck.ignore.d/utf-16",
                        new String("quiet\n".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1))
                .raw("logcheck.ignore.d/umlauts", "gr\u00fc\u00dfe \u00e4\u00f6\t\u001b\\[0m\n")
                .logSentry();
        assertThat(rules.rules()).hasSize(1);
        assertThat(rules.isComplete()).isTrue();
        assertThat(rules.faults())
                .hasSize(3)
                .allSatisfy(fault -> assertThat(fault.toString()).contains("warning: the file is not text"));
    }

    @Test
    void aMeaningIsBounded() {
        RuleSet rules = new RuleFolder(path)
                .raw("logcheck.hacking", ("#: " + "m".repeat(500_000) + "\n").repeat(2) + "attack\n")
                .logSentry();
        assertThat(rules.rules())
                .singleElement()
                .extracting(Rule::meaning)
                .asString()
                .hasSize(4_000);
    }

    @Test
    void rulesMatchCharactersWhenAskedTo() {
        new RuleFolder(path).file("logcheck.ignore", "^user .{2} gone$");
        byte[] line = "user \u00e4\u00f6 gone".getBytes(StandardCharsets.UTF_8);
        assertThat(loaded(true).explain(line, 0, line.length).tiers()).isZero();
        assertThat(loaded(false).explain(line, 0, line.length).tiers()).isEqualTo(RuleSet.UNUSUAL);
    }

    @Test
    void aRuleThatIsNotUtf8IsAFaultWhereRulesMatchCharacters() {
        new RuleFolder(path).file("logcheck.ignore", "^user \u00e4$"); // written as one byte
        assertThat(loaded(true).faults()).extracting(RuleFault::what).anyMatch(what -> what.contains("0xe4"));
        assertThat(loaded(false).faults()).isEmpty();
    }

    private RuleSet loaded(boolean utf8) {
        return RuleLoader.load(new RulesConfig(
                RulesConfig.Style.LOGSENTRY, List.of(path), RulesConfig.Level.SERVER, true, 8 << 20, utf8));
    }

    @Test
    void aManifestTellsWhatChangedOverARestart(@TempDir Path state) throws Exception {
        RuleFolder folder = new RuleFolder(path)
                .file("logcheck.ignore", "a1")
                .file("logcheck.hacking", "b1")
                .file("logcheck.violations", "c1");
        Path file = state.resolve("rules");
        assertThat(RuleManifest.load(file)).isNull();
        RuleManifest.of(folder.logSentry()).save(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Files.delete(path.resolve("logcheck.hacking"));
        folder.file("logcheck.ignore", "a2").file("logcheck.ignore.d/local", "d1");
        RuleManifest before = RuleManifest.load(file);
        assertThat(before).isNotNull();
        assertThat(RuleManifest.of(folder.logSentry()).changesSince(before))
                .containsExactlyInAnyOrder(
                        path + "/logcheck.ignore changed",
                        path + "/logcheck.ignore.d/local is new",
                        path + "/logcheck.hacking is gone");
        assertThat(before.changesSince(before)).isEmpty();
    }

    private void mode(String name, String mode) throws Exception {
        Files.setPosixFilePermissions(path.resolve(name), PosixFilePermissions.fromString(mode));
    }
}
