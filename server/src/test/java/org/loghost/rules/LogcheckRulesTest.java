package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.loghost.rules.RuleFolder.explain;
import static org.loghost.rules.RuleFolder.tiers;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loghost.rules.RulesConfig.Level;

/** The semantics of Debian's logcheck 1.4. */
class LogcheckRulesTest {
    private final RuleFolder folder;

    LogcheckRulesTest(@TempDir Path path) {
        folder = new RuleFolder(path);
    }

    @ParameterizedTest
    @CsvSource({
        "attack, A",
        "ATTACK, U",
        "attack ssh-bad, A",
        "attack quiet, A",
        "ssh-bad, V",
        "ssh-bad quiet, V",
        // cancelled by the namesake: dropped everywhere
        "ssh-bad ssh-fine, -",
        "su-bad, V",
        // another file's ignore rules do not apply
        "su-bad ssh-fine, V",
        "su-bad prefixed-fine, -",
        "ssh-bad prefixed-fine, V",
        "ssh-bad local-fine, -",
        "su-bad local-extra-fine, -",
        "plain-bad local-fine, -",
        "plain-bad ssh-fine, V",
        // one of two files is cancelled, the other is not
        "ssh-bad su-bad ssh-fine, V",
        "ssh-bad su-bad ssh-fine prefixed-fine, -",
        "ssh-fine, U",
        "quiet, -",
        "other, U"
    })
    void violationsAreCancelledFileByFileAndALineStandsInOneTier(String line, String expected) {
        folder.file("cracking.d/all", "attack")
                .file("violations.d/ssh", "ssh-bad")
                .file("violations.d/su", "su-bad")
                .file("violations.d/plain", "plain-bad")
                .file("violations.ignore.d/ssh", "ssh-fine")
                .file("violations.ignore.d/logcheck-su", "prefixed-fine")
                .file("violations.ignore.d/local", "local-fine")
                .file("violations.ignore.d/local-site", "local-extra-fine")
                .file("violations.ignore.d/nobody", "bad|other")
                .file("ignore.d.server/x", "quiet");
        RuleSet rules = folder.logcheck(Level.SERVER);
        assertThat(tiers(rules, line)).isEqualTo(expected);
        assertThat(RuleFolder.letters(explain(rules, line).tiers())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "general, V",
        // every ignore file cancels it, whatever its name
        "general ssh-fine, -",
        "general nobody-fine, -",
        "general local-fine, -",
        // what another file matches is that file's alone
        "general ssh-bad, V",
        "general ssh-bad ssh-fine, -",
        "general plain-bad nobody-fine, V",
        // a file whose name begins with logcheck is no other file
        "general kin-bad, V",
        "general kin-bad kin-fine, -",
        "kin-bad nobody-fine, V",
        "general attack, A"
    })
    void theViolationsFileLogcheckIsForWhatNoOtherFileKnows(String line, String expected) {
        folder.file("cracking.d/all", "attack")
                .file("violations.d/logcheck", "general")
                .file("violations.d/logcheck-kin", "kin-bad")
                .file("violations.d/ssh", "ssh-bad")
                .file("violations.d/plain", "plain-bad")
                .file("violations.ignore.d/ssh", "ssh-fine")
                .file("violations.ignore.d/logcheck-kin", "kin-fine")
                .file("violations.ignore.d/local", "local-fine")
                .file("violations.ignore.d/nobody", "nobody-fine");
        RuleSet rules = folder.logcheck(Level.SERVER);
        assertThat(tiers(rules, line)).isEqualTo(expected);
        assertThat(RuleFolder.letters(explain(rules, line).tiers())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"PARANOID, -UU", "SERVER, --U", "WORKSTATION, ---"})
    void levelsAddUp(Level level, String expected) {
        folder.file("ignore.d.paranoid/a", "one")
                .file("ignore.d.server/a", "two")
                .file("ignore.d.workstation/a", "three");
        RuleSet rules = folder.logcheck(level);
        assertThat(tiers(rules, "one") + tiers(rules, "two") + tiers(rules, "three"))
                .isEqualTo(expected);
    }

    @Test
    void filesAreTakenAsRunPartsTakesThem() {
        folder.file("ignore.d.server/A-b_9", "one")
                .file("ignore.d.server/a.dpkg-new", "two")
                .file("ignore.d.server/a~", "three")
                .file("ignore.d.server/.x", "four");
        assertThat(folder.logcheck(Level.SERVER).rules())
                .extracting(Rule::pattern)
                .containsExactly("one");
    }

    @Test
    void everyLineWithAHashIsACommentAndBlankLinesAreNothing() {
        folder.raw("ignore.d.server/a", "#live\n# x\n   \n\nquiet\n #pattern\n");
        assertThat(folder.logcheck(Level.SERVER).rules())
                .extracting(Rule::pattern)
                .containsExactly("quiet", " #pattern");
    }

    @Test
    void blanksAtALinesEndDoNotCount() {
        folder.file("ignore.d.server/a", "^quiet$").file("cracking.d/a", "^bad$");
        RuleSet rules = folder.logcheck(Level.SERVER);
        assertThat(tiers(rules, "quiet \t ")).isEqualTo("-");
        assertThat(tiers(rules, "bad  ")).isEqualTo("A");
        assertThat(tiers(rules, "   ")).isEqualTo("U");
    }

    @Test
    void crackingIgnoreIsNotUsed() {
        folder.file("cracking.d/a", "bad").file("cracking.ignore.d/a", "bad");
        assertThat(tiers(folder.logcheck(Level.SERVER), "bad")).isEqualTo("A");
    }

    @Test
    void moreViolationsFilesThanGroups() {
        for (int i = 0; i < 700; i++) {
            folder.file("violations.d/f" + i, "bad" + i + "!").file("violations.ignore.d/f" + i, "fine" + i + "!");
        }
        folder.file("violations.d/plain", "plain").file("violations.ignore.d/local", "known");
        RuleSet rules = folder.logcheck(Level.SERVER);
        assertThat(tiers(rules, "bad7!")).isEqualTo("V");
        assertThat(tiers(rules, "bad699!")).isEqualTo("V");
        assertThat(tiers(rules, "bad0! fine0!")).isEqualTo("-");
        assertThat(tiers(rules, "bad699! known")).isEqualTo("-");
    }

    @Test
    void violationsFilesBeyondTheGroupsAreAFaultAndOthersAreNot() {
        for (int i = 0; i < 700; i++) {
            folder.file("violations.d/f" + i, "bad" + i + "!").file("violations.ignore.d/f" + i, "fine" + i + "!");
        }
        folder.file("violations.d/plain", "plain").file("violations.ignore.d/local", "known");
        RuleSet rules = folder.logcheck(Level.SERVER);
        assertThat(rules.faults()).hasSizeBetween(150, 250).allSatisfy(fault -> {
            assertThat(fault.level()).isEqualTo(RuleFault.Level.WARNING);
            assertThat(fault.what()).contains("this one is cancelled by the local ignore files alone");
            String number = fault.file().getFileName().toString().substring(1);
            assertThat(tiers(rules, "bad" + number + "! fine" + number + "!")).isEqualTo("V");
        });
        for (int i = 0; i < 700; i++) {
            Path file = folder.path.resolve("violations.d/f" + i);
            if (rules.faults().stream().noneMatch(fault -> fault.file().equals(file))) {
                assertThat(tiers(rules, "bad" + i + "! fine" + i + "!"))
                        .as("%s", file)
                        .isEqualTo("-");
            }
        }
    }

    @Test
    void whatHadNoSayIsNotNamed() {
        folder.file("cracking.d/a", "attack")
                .file("violations.d/ssh", "bad")
                .file("violations.ignore.d/ssh", "fine")
                .file("ignore.d.server/x", "line");
        RuleSet rules = folder.logcheck(Level.SERVER);
        assertThat(explain(rules, "line bad").rules()).extracting(Rule::pattern).containsExactly("bad");
        assertThat(explain(rules, "line bad fine").rules())
                .extracting(Rule::pattern)
                .containsExactly("bad", "fine");
        assertThat(explain(rules, "line attack bad fine").rules())
                .extracting(Rule::pattern)
                .containsExactly("attack");
        assertThat(explain(rules, "line").rules()).extracting(Rule::pattern).containsExactly("line");
    }

    @Test
    void explainsWhoPutALineThereAndWhoHidIt() {
        folder.file("violations.d/ssh", "ssh-bad", "bad")
                .file("violations.ignore.d/ssh", "fine")
                .file("violations.ignore.d/su", "fine")
                .file("ignore.d.server/x", "unrelated", "fine");
        RuleSet rules = folder.logcheck(Level.SERVER);
        Explanation why = explain(rules, "ssh-bad fine  ");
        assertThat(why.rules())
                .extracting(Rule::name)
                .containsExactly("violations.d/ssh:1", "violations.d/ssh:2", "violations.ignore.d/ssh:1");
    }
}
