package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.loghost.rules.RuleFolder.explain;
import static org.loghost.rules.RuleFolder.tiers;
import static org.loghost.rules.RuleFolder.verdict;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LogSentry's semantics, and each trap of the original that must not be there. */
class LogSentryRulesTest {
    private final Path path;
    private final RuleFolder folder;

    LogSentryRulesTest(@TempDir Path path) {
        this.path = path;
        folder = new RuleFolder(path);
    }

    @ParameterizedTest
    @CsvSource({
        "an attackalert here, AU",
        "an AttackAlert here, AU",
        "a FAILED su, VU",
        "a failed su, VU",
        "a failed su of root is fine, U",
        "a failed su of ROOT is fine, VU",
        "all quiet, -",
        "ALL QUIET, U",
        "all quiet attackalert, A",
        "all quiet failed, V",
        "all quiet failed root, -",
        "attackalert failed, AVU",
        "attackalert failed root quiet, A",
        "something else, U"
    })
    void tiersAreIndependentAndOnlyTheFirstTwoFilesIgnoreCase(String line, String expected) {
        folder.file("logcheck.hacking", "attackalert")
                .file("logcheck.violations", "failed")
                .file("logcheck.violations.ignore", "root")
                .file("logcheck.ignore", "quiet");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, line)).isEqualTo(expected);
        assertThat(RuleFolder.letters(explain(rules, line).tiers())).isEqualTo(expected);
        assertThat(rules.faults()).isEmpty();
    }

    @Test
    void manyLinesAreClassifiedAsOneByOne() {
        folder.file("logcheck.hacking", "a[0-9]*1\\b")
                .file("logcheck.violations", "7")
                .file("logcheck.ignore", "3|7$");
        RuleSet rules = folder.logSentry();
        int count = 1000;
        StringBuilder text = new StringBuilder();
        int[] offsets = new int[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = text.length();
            text.append('a').append(i);
            lengths[i] = text.length() - offsets[i];
        }
        Verdicts all = new Verdicts();
        rules.classify(text.toString().getBytes(StandardCharsets.US_ASCII), offsets, lengths, count, all);
        for (int i = 0; i < count; i++) {
            Verdicts one = verdict(rules, "a" + i);
            assertThat(all.tiers(i)).as("a" + i).isEqualTo(one.tiers(0));
            assertThat(all.rule(i)).as("a" + i).isEqualTo(one.rule(0));
        }
    }

    @Test
    void theRuleOfTheHighestTierIsNamed() {
        folder.file("logcheck.hacking", "nothing", "attack")
                .file("logcheck.violations", "attack", "violation")
                .file("logcheck.violations.d/sshd", "ssh");
        RuleSet rules = folder.logSentry();
        assertThat(rules.rule(verdict(rules, "attack").rule(0)).name()).isEqualTo("logcheck.hacking:2");
        assertThat(rules.rule(verdict(rules, "violation").rule(0)).name()).isEqualTo("logcheck.violations:2");
        assertThat(rules.rule(verdict(rules, "ssh").rule(0)).name()).isEqualTo("logcheck.violations.d/sshd:1");
        assertThat(verdict(rules, "other").rule(0)).isEqualTo(Verdicts.NO_RULE);
    }

    @Test
    void foldersBesideTheFilesAreReadInOrderWithoutWhatEditorsLeave() {
        folder.file("logcheck.ignore", "zero")
                .file("logcheck.ignore.d/b", "b-rule")
                .file("logcheck.ignore.d/a", "a-rule")
                .file("logcheck.ignore.d/local", "local-rule")
                .file("logcheck.ignore.d/.hidden", "hidden")
                .file("logcheck.ignore.d/a~", "hidden")
                .file("logcheck.ignore.d/a.bak", "hidden")
                .file("logcheck.ignore.d/.a.swp", "hidden")
                .file("logcheck.ignore.d/#a#", "hidden")
                .file("logcheck.ignore.d/a.dpkg-old", "hidden")
                .file("logcheck.ignore.d/a.rpmsave", "hidden")
                .file("logcheck.ignore.d/folder/x", "hidden");
        RuleSet rules = folder.logSentry();
        assertThat(rules.rules()).extracting(Rule::pattern).containsExactly("zero", "a-rule", "b-rule", "local-rule");
        assertThat(rules.faults()).isEmpty();
    }

    @Test
    void severalFoldersAreOneSet(@TempDir Path other) {
        folder.file("logcheck.ignore", "mine");
        new RuleFolder(other).file("logcheck.ignore", "theirs").file("logcheck.hacking", "bad");
        RuleSet rules = RuleLoader.load(RulesConfig.of(List.of(path, other)));
        assertThat(tiers(rules, "mine")).isEqualTo("-");
        assertThat(tiers(rules, "theirs")).isEqualTo("-");
        assertThat(tiers(rules, "bad")).isEqualTo("AU");
    }

    // ---- traps of the original

    @Test
    void anInvalidPatternDisablesItselfAlone() {
        folder.file("logcheck.ignore", "first", "(open", "third");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "first")).isEqualTo("-");
        assertThat(tiers(rules, "third")).isEqualTo("-");
        assertThat(tiers(rules, "(open")).isEqualTo("U");
        assertThat(rules.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.file()).isEqualTo(path.resolve("logcheck.ignore"));
            assertThat(fault.line()).isEqualTo(2);
            assertThat(fault.level()).isEqualTo(RuleFault.Level.ERROR);
            assertThat(fault.toString())
                    .startsWith(path + "/logcheck.ignore:2: error: ")
                    .contains("\"(open\"", "not used");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "+",
                "x*",
                "a|",
                "()",
                ".*",
                "^",
                "$",
                "^.*$",
                ".",
                "[0-9]",
                ":",
                "^.{15} [^ ]+ .",
                "x{0}",
                "(a|b)?"
            })
    void aPatternThatMatchesEverythingHidesNothing(String pattern) {
        folder.file("logcheck.ignore", "fine", pattern)
                .file("logcheck.violations", "bad")
                .file("logcheck.violations.ignore", pattern, "harmless");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "Nov 22 06:55:58 goblin bad")).isEqualTo("VU");
        assertThat(tiers(rules, "Nov 22 06:55:58 goblin bad but harmless")).isEqualTo("U");
        assertThat(tiers(rules, "Nov 22 06:55:58 goblin fine")).isEqualTo("-");
        assertThat(rules.faults())
                .extracting(fault -> fault.toString().replace(" with a classic time stamp", ""))
                .containsExactlyInAnyOrder(
                        path + "/logcheck.violations.ignore:1: error: \"" + pattern
                                + "\" matches every line and would hide everything; this rule is not used; say what"
                                + " the lines to hide have of their own",
                        path + "/logcheck.ignore:2: error: \"" + pattern
                                + "\" matches every line and would hide everything; this rule is not used; say what"
                                + " the lines to hide have of their own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"^Nov", "goblin", "[[:upper:]]{2}", "kernel:", "^$"})
    void aPatternThatMatchesManyLinesIsNotTakenForOneThatMatchesAll(String pattern) {
        assertThat(folder.file("logcheck.ignore", pattern).logSentry().faults()).isEmpty();
    }

    @Test
    void aPatternThatReportsEverythingIsUsedWithAWarning() {
        RuleSet rules = folder.file("logcheck.violations", ".*").logSentry();
        assertThat(tiers(rules, "x")).isEqualTo("VU");
        assertThat(rules.faults()).singleElement().extracting(RuleFault::level).isEqualTo(RuleFault.Level.WARNING);
    }

    @Test
    void emptyLinesAreNothing() {
        folder.raw("logcheck.ignore", "\n\nquiet\n   \n\t\n\r\n");
        assertThat(tiers(folder.logSentry(), "x")).isEqualTo("U");
        assertThat(tiers(folder.logSentry(), "quiet")).isEqualTo("-");
        assertThat(folder.logSentryWithoutComments().faults())
                .extracting(RuleFault::what)
                .anyMatch(what -> what.startsWith("5 empty lines were left out"));
    }

    @Test
    void aMissingIgnoreFileHidesNothing() {
        RuleSet rules = folder.file("logcheck.violations", "bad").logSentry();
        assertThat(tiers(rules, "bad")).isEqualTo("VU");
        assertThat(rules.faults()).isEmpty();
        assertThat(rules.isComplete()).isTrue();
    }

    @Test
    void aNulByteInALineBlindsNothing() {
        folder.file("logcheck.hacking", "attack").file("logcheck.ignore", "quiet");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "\0 attack")).isEqualTo("AU");
        assertThat(tiers(rules, "attack \0")).isEqualTo("AU");
        assertThat(tiers(rules, "quiet \0")).isEqualTo("-");
    }

    @Test
    void invalidUtf8SuppressesNothing() {
        folder.file("logcheck.hacking", "attack").file("logcheck.ignore", "^quiet .* end$");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "\u00ff\u00fe attack")).isEqualTo("AU");
        assertThat(tiers(rules, "quiet \u00ff end")).isEqualTo("-");
        assertThat(tiers(rules, "\u00ff")).isEqualTo("U");
    }

    @Test
    void carriageReturnsAndTrailingBlanksAreTrimmedWithAWarning() {
        folder.raw("logcheck.ignore", "first$\r\nsecond$  \nthird$\t\r\nfourth\\ \nfifth\\\\ \n[a ]b\n");
        RuleSet rules = folder.logSentry();
        assertThat(rules.rules())
                .extracting(Rule::pattern)
                .containsExactly("first$", "second$", "third$", "fourth\\ ", "fifth\\\\", "[a ]b");
        assertThat(tiers(rules, "first")).isEqualTo("-");
        assertThat(tiers(rules, "second")).isEqualTo("-");
        assertThat(tiers(rules, "third")).isEqualTo("-");
        assertThat(tiers(rules, "fourth x")).isEqualTo("-");
        assertThat(tiers(rules, "fourthx")).isEqualTo("U");
        assertThat(rules.faults())
                .extracting(RuleFault::toString)
                .containsExactly(
                        path + "/logcheck.ignore:1: warning: carriage returns at the end of 2 lines were left out;"
                                + " save the file with Unix line ends",
                        path + "/logcheck.ignore:2: warning: blanks at the end of 3 patterns were left out;"
                                + " delete them, or write [ ] where a blank is meant");
    }

    @Test
    void theArticlesBracketIsTakenAsEgrepTakesIt() {
        folder.file("logcheck.ignore", "host=.* [1.2.3.3] nmsgs=.*");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "Login user=cindy host=hop.pop.com [1.2.3.3] nmsgs=0/0"))
                .isEqualTo("U");
        assertThat(tiers(rules, "Login user=cindy host=hop.pop.com 3 nmsgs=0/0"))
                .isEqualTo("-");
    }

    // ---- comments and meanings

    @Test
    void commentsAreNoPatterns() {
        folder.file("logcheck.ignore", "# a comment", "#", "#\ttabbed", "#: a meaning", "#live", "quiet");
        RuleSet rules = folder.logSentry();
        assertThat(rules.rules()).extracting(Rule::pattern).containsExactly("#live", "quiet");
        assertThat(tiers(rules, "# a comment")).isEqualTo("U");
        assertThat(tiers(rules, "a #live one")).isEqualTo("-");
    }

    @Test
    void commentsMayBeSwitchedOff() {
        folder.file("logcheck.ignore", "# a comment", "#: x");
        assertThat(tiers(folder.logSentryWithoutComments(), "see # a comment")).isEqualTo("-");
        assertThat(folder.logSentryWithoutComments().rules()).hasSize(2);
    }

    @Test
    void theLinesDirectlyAboveARuleAreItsMeaning() {
        folder.file(
                "logcheck.hacking",
                "#: Someone scans.",
                "#:   Block the address; gr\u00c3\u00bc\u00c3\u009fe.",
                "scan",
                "other",
                "#: lost",
                "# comment",
                "third",
                "#: lost too",
                "",
                "fourth",
                "#: Kept.",
                "fifth");
        assertThat(folder.logSentry().rules())
                .extracting(Rule::meaning)
                .containsExactly("Someone scans.\nBlock the address; grüße.", null, null, null, "Kept.");
    }

    // ---- odd files

    @Test
    void theLastLineNeedsNoLineEndAndABomIsNoPattern() {
        folder.raw("logcheck.hacking", "\u00ef\u00bb\u00bf^first\n^last");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "first")).isEqualTo("AU");
        assertThat(tiers(rules, "last")).isEqualTo("AU");
        assertThat(rules.faults()).extracting(RuleFault::what).containsExactly("a byte order mark was left out");
    }

    @Test
    void hugeAndBinaryLinesDisableThemselvesAlone() {
        folder.raw("logcheck.hacking", "x".repeat(100_000) + "\nattack\n\0\u0001\u00ff\n[[[[\n");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "attack")).isEqualTo("AU");
        assertThat(rules.faults()).extracting(RuleFault::line).contains(1, 4);
        assertThat(rules.faults().get(0).what()).isEqualTo("a pattern of 100000 bytes (expected: at most 65535)");
    }

    @Test
    void aPatternTooLargeForTheEngineDisablesItselfAlone() {
        folder.file("logcheck.ignore", "((x{1,255}){1,255}){1,255}", "quiet");
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "quiet")).isEqualTo("-");
        assertThat(rules.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.line()).isEqualTo(1);
            assertThat(fault.what()).contains("too large");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverAFileHoldsLoadingAndClassifyingIsTotal(long seed) {
        Random random = new Random(seed);
        String alphabet = "ab1 \t\r\n\n\0\u00ff#:()[]{}|*+?^$.\\-,<>wWsSbB`'";
        for (int round = 0; round < 40; round++) {
            for (String name : List.of("hacking", "violations", "violations.ignore", "ignore")) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(200); i > 0; i--) {
                    text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                folder.raw("logcheck." + name, text.toString());
            }
            RuleSet rules = folder.logSentry();
            String line = "Nov 22 06:55:58 a1 ab: b\u00ff";
            assertThat(explain(rules, line).tiers())
                    .isEqualTo(verdict(rules, line).tiers(0));
        }
    }

    @Test
    void noRulesAtAllIsSaid() {
        RuleSet rules = folder.logSentry();
        assertThat(tiers(rules, "x")).isEqualTo("U");
        assertThat(rules.faults())
                .singleElement()
                .extracting(RuleFault::what)
                .isEqualTo("no rules are in use, so that every line is Unusual System Activity");
    }
}
