package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {
    private static final long SEED = 20261123;

    private static final String PREFIX = "^[[:alpha:]]{3} [ :[:digit:]]{11} [._[:alnum:]-]+ ";

    @TempDir
    Path folder;

    @Test
    void theArticlesOwnPatternIsWarnedAbout() throws IOException {
        List<Complaint> complaints = ignore("goblin ipop3d\\[[0-9]+\\]: Login user=.* host=.* [1.2.3.3] nmsgs=.*");
        assertThat(complaints).anySatisfy(one -> {
            assertThat(one.level()).isEqualTo(RuleFault.Level.WARNING);
            assertThat(one.what()).isEqualTo("[1.2.3.3] looks like an address");
            assertThat(one.instead()).contains("\\[1\\.2\\.3\\.3\\]").contains("\\[[0-9]{1,3}(\\.[0-9]{1,3}){3}\\]");
            assertThat(one.toString())
                    .startsWith(folder.resolve("logcheck.ignore") + ":1: warning: [1.2.3.3] looks like an address, ");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sshd\\[[0-9]+\\]: Accepted publickey for [a-z]+ from [0-9.]+ port [0-9]{1,5} ssh2$",
                "kernel: (usb|eth)[0-9]: [^]]+ \\(up\\|down\\)$",
                "cron: [aeiou]+ [[:alpha:][:digit:]_.-]* [0-9a-fA-F:.]{1,39} [0123456789]\\{\\$\\^\\\\$",
                "x: (|a)b$"
            })
    void aSoundRuleIsLeftInPeace(String rule) throws IOException {
        assertThat(ignore(PREFIX + rule)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "sshd[1234]: x ~ [1234] looks like a process number ~ no",
                "sshd[4321]: x ~ [4321] looks like a process number ~ yes",
                "host [fe80::1] ~ [fe80::1] looks like an address ~ yes",
                "a [hello] b ~ [hello] has l twice ~ yes",
                "a [world] b ~ [world] spells a word ~ yes",
                "a [\\d]+ ~ [\\d] ~ yes",
                "a [\\w.-]+ ~ [\\w.-] ~ yes",
                "a [^x\\]]+ ~ [^x\\]] ~ yes",
                "a \\d+ ~ \\d ~ yes",
                "a\\tb ~ \\t ~ yes",
                "(?:a) ~ (? ~ yes",
                "a.*?b ~ *? ~ yes",
                "\\`a ~ \\` ~ yes",
                "a\\' ~ \\' ~ yes",
                "^*a ~ ^* ~ yes",
                "*a ~ * at the beginning ~ yes",
                "^a|b$ ~ | outside parentheses ~ yes",
                "^(a|b)$ ~ | outside parentheses ~ no",
                "^a$|^b$ ~ | outside parentheses ~ no",
                "a|b ~ | outside parentheses ~ no",
                "a b ~ neither ^ nor $ ~ yes",
                "^a b ~ no $ at the end ~ yes",
                "a b$ ~ no ^ at the start ~ yes",
                "#a ~ # at the beginning without a blank after it ~ yes"
            })
    void aTrapIsNamed(String rule, String what, String expected) throws IOException {
        List<String> whats = ignore(rule).stream().map(Complaint::what).toList();
        if (expected.equals("yes")) {
            assertThat(whats).contains(what);
        } else {
            assertThat(whats).doesNotContain(what);
        }
    }

    @Test
    void alternativesComeWithALineThatShowsTheHarm() throws IOException {
        assertThat(ignore("^" + "snort: .* -> .*|none$"))
                .filteredOn(one -> one.what().startsWith("|"))
                .singleElement()
                .satisfies(one -> assertThat(one.toString()).endsWith("(for example \"none\")"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a$b", "a^b", "(a$)b", "\\>a", "a\\<b", "^ab$c*d"})
    void whatCanNeverMatchIsAnError(String rule) throws IOException {
        assertThat(ignore(rule)).anySatisfy(one -> {
            assertThat(one.level()).isEqualTo(RuleFault.Level.ERROR);
            assertThat(one.what()).isEqualTo("\"" + rule + "\" matches no line");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "x*", "a|", "()", ".", "^", "(a"})
    void whatHidesEverythingOrIsInvalidIsAnError(String rule) throws IOException {
        assertThat(ignore(rule)).anySatisfy(one -> assertThat(one.level()).isEqualTo(RuleFault.Level.ERROR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*$",
                "^[0-9T:.+-]{32} .*$",
                "^[0-9-]{10}T[0-9:]{8}Z .*$",
                "^2.*[0-9]Z |^1.*[0-9]Z "
            })
    void whatHidesEveryLineWithAnIsoTimeStampIsAnError(String rule) throws IOException {
        assertThat(ignore(rule)).anySatisfy(one -> {
            assertThat(one.level()).isEqualTo(RuleFault.Level.ERROR);
            assertThat(one.what()).contains("matches every line with an ISO time stamp and would hide everything");
        });
    }

    @Test
    void aRuleForOneDayOrOneProgramHidesNotEverything() throws IOException {
        assertThat(ignore("^2022-02-22T.* $\n^[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]+ [^ ]+ cron: .*$\n^200.*$"))
                .extracting(Complaint::level)
                .doesNotContain(RuleFault.Level.ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "violations/logcheck.ignore, IGNORE",
        "violations/mine, IGNORE",
        "rules/logcheck.hacking, ATTACK",
        "rules/logcheck.violations, VIOLATION",
        "rules/logcheck.violations.ignore, VIOLATION_IGNORE",
        "logcheck.hacking.d/x, ATTACK",
        "logcheck.violations.d/logcheck.ignore, VIOLATION",
        "logcheck.violations.ignore.d/x, VIOLATION_IGNORE",
        "logcheck.ignore.d/violations, IGNORE",
        "cracking.d/sshd, ATTACK",
        "cracking.ignore.d/sshd, IGNORE",
        "violations.d/logcheck-ignore, VIOLATION",
        "violations.ignore.d/hacking, VIOLATION_IGNORE",
        "ignore.d.paranoid/violations, IGNORE",
        "hacking.d/x, IGNORE"
    })
    void theExactNamesOfFolderAndFileSayWhatRulesDo(Path file, Rule.Kind kind) {
        assertThat(Lint.kindOf(Path.of("/etc/violations.ignore").resolve(file))).isEqualTo(kind);
    }

    @Test
    void aBracketThatIsNotClosedIsAnErrorAndNoAddress() throws IOException {
        assertThat(ignore("^ab[1.2.3.3$"))
                .singleElement()
                .satisfies(one -> assertThat(one.level()).isEqualTo(RuleFault.Level.ERROR));
    }

    @Test
    void withoutCommentsNothingIsSaidAboutComments() throws IOException {
        Path file = Files.writeString(folder.resolve("logcheck.violations"), "# x\n#: y\n");
        RulesConfig config = new RulesConfig(
                RulesConfig.Style.LOGSENTRY, List.of(folder), RulesConfig.Level.SERVER, false, 8 << 20, false);
        assertThat(Lint.file(file, config, Lint.Progress.NONE))
                .extracting(one -> one.line() + " " + one.what() + ", " + one.why() + "; " + one.instead())
                .containsExactly(
                        "1 # at the beginning, it is a pattern, as comments = false says; [#] for the character",
                        "2 # at the beginning, it is a pattern, as comments = false says; [#] for the character");
    }

    @Test
    void aPipeIsNotReadAndAHugeFileNeither() throws Exception {
        Path pipe = folder.resolve("logcheck.ignore");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        RulesConfig config = RulesConfig.of(List.of(folder));
        List<Complaint> complaints =
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> Lint.file(pipe, config, Lint.Progress.NONE));
        assertThat(complaints)
                .singleElement()
                .satisfies(one -> assertThat(one.what()).contains("is not a regular file"));
        Files.delete(pipe);
        try (RandomAccessFile file = new RandomAccessFile(pipe.toFile(), "rw")) {
            file.setLength((3 << 19) + 1);
        }
        assertThat(Lint.folders(config, Lint.Progress.NONE))
                .singleElement()
                .satisfies(one -> assertThat(one.what()).contains("is larger than 1572864 bytes"));
    }

    @Test
    void importTakesNoPipe() throws Exception {
        Path set = Files.createDirectory(folder.resolve("set"));
        assertThat(new ProcessBuilder("mkfifo", set.resolve("logcheck.ignore").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThatThrownBy(() -> RuleImport.copy(RulesConfig.of(List.of(set)), folder.resolve("target")))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("is not a regular file"));
    }

    @Test
    void carriageReturnsBlanksAndDuplicatesAreTold() throws IOException {
        assertThat(ignore("^a one$\r\n^b two$ \n^a one$\n"))
                .extracting(one -> one.line() + " " + one.what().replaceAll("the same as .*:", "the same as "))
                .containsExactly(
                        "1 carriage returns at the end of 1 lines were left out",
                        "2 blanks at the end of 1 patterns were left out",
                        "3 the same as 1");
    }

    @Test
    void aRuleBehindAWiderOneIsNamedWithALine() throws IOException {
        assertThat(ignore("^a (opened|closed) [0-9]+$\n^a [a-z]+ .*$\n^a [a-z]+ [^ ]+$\n^b [a-z]+$\n"))
                .extracting(one -> one.line() + " " + place(one.what()) + " (" + one.witness() + ")")
                .containsExactly("1 shadowed by 2 (a opened 7)", "3 shadowed by 2 (a x x)");
    }

    @Test
    void rulesThatSayTheSameInOtherWordsAreEquivalent() throws IOException {
        assertThat(ignore("^a[0-9]+ (up|down)$\n^a[[:digit:]][[:digit:]]* (down|up)$\n"))
                .singleElement()
                .satisfies(one -> assertThat(one.toString())
                        .endsWith("logcheck.ignore:2: warning: equivalent to " + one.file()
                                + ":1, both match the same lines; delete one of them (for example \"a7 down\")"));
    }

    @Test
    void caseDecidesWhereItCounts() throws IOException {
        assertThat(ignore("^Abc$\n^abc$\n")).isEmpty();
        assertThat(lint("logcheck.violations", "Abc\nabc\n"))
                .extracting(one -> one.line() + " " + place(one.what()))
                .containsExactly("2 equivalent to 1");
    }

    @Test
    void anAlarmWithAMeaningOfItsOwnMayStandBeforeAWiderOne() throws IOException {
        assertThat(lint("logcheck.violations", "#: A disk.\ndisk error\nerror\n"))
                .isEmpty();
        assertThat(lint("logcheck.violations", "error\n#: A disk.\ndisk error\n"))
                .extracting(one -> one.line() + " " + place(one.what()))
                .containsExactly("3 shadowed by 1");
    }

    /** A rule of the workstation's level is not there on a server. */
    @Test
    void aRuleOfALowerLevelIsNotShadowedByOneOfAHigher() throws IOException {
        logcheck("ignore.d.paranoid/a", "^x [0-9]$");
        logcheck("ignore.d.workstation/a", "^x .$");
        logcheck("ignore.d.server/a", "^y .$");
        logcheck("ignore.d.workstation/b", "^y [a-z]$");
        assertThat(logcheckLint())
                .singleElement()
                .satisfies(one -> assertThat(one.toString())
                        .contains("ignore.d.workstation/b:1: ")
                        .contains(" shadowed by ")
                        .contains("ignore.d.server/a:1, "));
    }

    /** Each violations file is cancelled by ignore files of its own. */
    @Test
    void violationsOfTwoLogcheckFilesAreNotCompared() throws IOException {
        logcheck("violations.d/a", "denied");
        logcheck("violations.d/b", "access denied\ndenied\ndenied again");
        assertThat(logcheckLint())
                .extracting(one -> one.line() + " " + place(one.what()))
                .containsExactly("1 shadowed by 2", "3 shadowed by 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "^audit: access denied to [a-z]+$ ~ hides lines that violations rule 1 matches ~ audit: access denied"
                        + " to x",
                "^audit: (granted|denied)$ ~ hides lines that violations rule 1 matches ~ audit: denied",
                "^x: ATTACKALERT .*$ ~ hides lines that attack rule 1 matches ~ x: ATTACKALERT "
            })
    void anIgnoreRuleWhoseTextIsAnAlarmIsNamed(String rule, String what, String line) throws IOException {
        Files.writeString(folder.resolve("logcheck.violations"), "denied\n");
        Files.writeString(folder.resolve("logcheck.hacking"), "attackalert\n");
        assertThat(ignore(rule)).singleElement().satisfies(one -> {
            assertThat(place(one.what())).isEqualTo(what);
            assertThat(one.witness()).isNotNull().isEqualToIgnoringWhitespace(line);
        });
    }

    /** A user may be called "denied": nearly every rule has such a line. */
    @Test
    void whatAnIgnoreRuleLeavesOpenIsNoAlarm() throws IOException {
        Files.writeString(folder.resolve("logcheck.violations"), "denied\n");
        assertThat(ignore("^login: user [^ ]+ from .*$")).isEmpty();
    }

    @Test
    void anIgnoreRuleWhoseViolationsAreCancelledIsLeftInPeace() throws IOException {
        Files.writeString(folder.resolve("logcheck.violations"), "denied\n");
        Files.writeString(folder.resolve("logcheck.violations.ignore"), "^audit: denied as ever$\n");
        assertThat(ignore("^audit: denied as ever$")).isEmpty();
        logcheck("violations.d/a", "denied");
        logcheck("violations.ignore.d/b", "^audit: denied as ever$");
        logcheck("ignore.d.server/a", "^audit: denied as ever$");
        assertThat(logcheckLint())
                .singleElement()
                .satisfies(one -> assertThat(one.instead())
                        .isEqualTo("put the rule into violations.ignore.d/a to be rid of them"));
        logcheck("violations.ignore.d/local", "^audit: denied .*$");
        assertThat(logcheckLint()).isEmpty();
    }

    @Test
    void charactersAreComparedAsCharacters() throws IOException {
        String rules = "^[[:alpha:]] one$\n^[a-zA-Z] one$\n^. two$\n^\u00c3\u00a9 two$\n^\u00c3\u00a9 one$\n";
        Files.writeString(folder.resolve("logcheck.ignore"), rules, StandardCharsets.ISO_8859_1);
        assertThat(utf8Lint(true)).containsExactly("2 shadowed by 1", "4 shadowed by 3", "5 shadowed by 1");
        assertThat(utf8Lint(false)).containsExactly("2 equivalent to 1");
    }

    private List<String> utf8Lint(boolean utf8) {
        RulesConfig config = new RulesConfig(
                RulesConfig.Style.LOGSENTRY, List.of(folder), RulesConfig.Level.SERVER, true, 8 << 20, utf8);
        return Lint.folders(config, Lint.Progress.NONE).stream()
                .map(one -> one.line() + " " + place(one.what()))
                .toList();
    }

    /** Back-references and rules that no search gets to the end of. */
    @Test
    void whatCannotBeDecidedIsNotSaid() throws IOException {
        assertThat(ignore("^(a)\\1$\n^aa$\n^x.*a.{25}b.{25}c$\n^x.*[ab].{25}b.{25}[cd]$\n"))
                .isEmpty();
    }

    @Test
    void whenTheTimeIsOverNothingIsSaid() throws IOException {
        Files.writeString(folder.resolve("logcheck.ignore"), "^a b$\n^a .$\n^a$b$\n");
        RulesConfig config = RulesConfig.of(List.of(folder));
        List<Rule> rules = RuleLoader.load(config).rules();
        SampledRules unlimited = new SampledRules(rules, config, Lint.Progress.NONE);
        assertThat(unlimited.isWithin(rules.get(0), rules.get(1))).isTrue();
        assertThat(unlimited.isImpossible(rules.get(2))).isTrue();
        SampledRules late = new SampledRules(rules, config, Lint.Progress.NONE, 0);
        assertThat(late.isWithin(rules.get(0), rules.get(1))).isFalse();
        assertThat(late.isImpossible(rules.get(2))).isFalse();
        assertThat(Redundancy.among(late, config, Lint.Progress.NONE)).isEmpty();
        assertThat(AlarmOverlap.among(late, config)).isEmpty();
    }

    @Test
    void fiveThousandRulesTakeSecondsAndTellHowFarTheyAre() throws IOException {
        Random random = new Random(SEED);
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            rules.append(PREFIX).append("prog").append(i % 300).append("\\[[0-9]+\\]: ");
            for (int word = 0; word < 6; word++) {
                List<String> words = List.of("[^ ]+", "[0-9]+", "opened", "closed", "(yes|no)", "user", "[[:alnum:]]+");
                rules.append(words.get(random.nextInt(words.size()))).append(word == 5 ? "$\n" : " ");
            }
        }
        Path file = Files.writeString(folder.resolve("logcheck.ignore"), rules);
        List<Integer> heard = new ArrayList<>();
        List<Complaint> complaints = assertTimeoutPreemptively(
                Duration.ofSeconds(60), // A machine with other things to do; alone it takes three.
                () -> Lint.folders(RulesConfig.of(List.of(folder)), (done, all, doing) -> heard.add(all - done)));
        assertThat(heard).hasSizeGreaterThanOrEqualTo(5_000).startsWith(4_999).endsWith(0);
        RuleSet set = RuleLoader.load(RulesConfig.of(List.of(folder)));
        assertThat(complaints).as("seed " + SEED).hasSizeGreaterThan(50).allSatisfy(one -> {
            assertThat(one.file()).isEqualTo(file);
            assertThat(place(one.what())).matches("(shadowed by|equivalent to|the same as) [0-9]+");
        });
        assertThat(complaints).filteredOn(one -> one.witness() != null).allSatisfy(one -> {
            int other = Integer.parseInt(one.what().replaceAll(".*:", ""));
            assertThat(RuleFolder.explain(set, String.valueOf(one.witness())).rules())
                    .extracting(Rule::line)
                    .contains(one.line(), other);
        });
    }

    /** The place of another rule as its line alone. */
    private static String place(String what) {
        return what.replaceAll(" /[^ ]*:", " ");
    }

    private void logcheck(String name, String text) throws IOException {
        Path file = folder.resolve("logcheck").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<Complaint> logcheckLint() {
        return Lint.folders(
                new RulesConfig(
                        RulesConfig.Style.LOGCHECK,
                        List.of(folder.resolve("logcheck")),
                        RulesConfig.Level.WORKSTATION,
                        true,
                        8 << 20,
                        false),
                Lint.Progress.NONE);
    }

    @Test
    void anAlarmNeedsNoAnchors() throws IOException {
        assertThat(lint("logcheck.violations", "denied")).isEmpty();
        assertThat(lint("logcheck.hacking", "attackalert")).isEmpty();
        assertThat(lint("logcheck.violations.ignore", "denied")).hasSize(1);
    }

    @Test
    void inLogchecksFoldersAHashIsAComment() throws IOException {
        Path file = Files.createDirectories(folder.resolve("ignore.d.server")).resolve("local");
        Files.writeString(file, "#a comment\n^x y$\n");
        RulesConfig defaults = RulesConfig.of(List.of(folder));
        RulesConfig config = new RulesConfig(
                RulesConfig.Style.LOGCHECK, List.of(folder), RulesConfig.Level.SERVER, true, defaults.memory(), false);
        assertThat(Lint.folders(config, Lint.Progress.NONE)).isEmpty();
        assertThat(Lint.file(file, config, Lint.Progress.NONE)).isEmpty();
    }

    @Test
    void aRuleWhoseLinesAnotherMatchesTooIsShadowed() throws IOException {
        List<Complaint> complaints = ignore(
                PREFIX + "cron: [a-z]+ [0-9]{1,3}$\n" + PREFIX + "cron: job 7$\n" + PREFIX + "cron: job seven$\n");
        assertThat(complaints).singleElement().satisfies(one -> {
            assertThat(one.line()).isEqualTo(2);
            assertThat(one.what()).isEqualTo("shadowed by " + folder.resolve("logcheck.ignore") + ":1");
            assertThat(one.witness()).isNotNull().endsWith("cron: job 7");
        });
    }

    @Test
    void rulesThatMatchTheSameLinesAreEquivalentHoweverTheyAreWritten() throws IOException {
        List<Complaint> complaints = ignore(PREFIX + "cron: (job|run) [0-9]$\n" + PREFIX + "cron: job [[:digit:]]$|"
                + PREFIX + "cron: run [0123456789]{1}$\n");
        assertThat(complaints)
                .extracting(Complaint::what)
                .containsExactly("equivalent to " + folder.resolve("logcheck.ignore") + ":1");
    }

    @Test
    void aViolationRuleThatAnIgnoreRuleHidesWhollyNeverReports() throws IOException {
        Files.writeString(folder.resolve("logcheck.violations"), "disk .* failed\ndisk full\n");
        List<Complaint> complaints =
                lint("logcheck.violations.ignore", PREFIX + "kernel: disk sda[0-9] failed$\ndisk\n");
        assertThat(complaints)
                .filteredOn(one -> one.what().equals("never reports"))
                .extracting(one -> one.file().getFileName() + ":" + one.line())
                .as("matched without regard to case, hidden with regard to it: DISK FULL is still reported")
                .isEmpty();

        complaints = lint("logcheck.violations.ignore", "[dD][iI][sS][kK]\n");
        assertThat(complaints)
                .filteredOn(one -> one.what().equals("never reports"))
                .extracting(Complaint::line)
                .containsExactly(1, 2);
    }

    @Test
    void anIgnoreRuleSaysWhetherAllOrSomeOfItsLinesAreViolationsAnyway() throws IOException {
        Files.writeString(folder.resolve("logcheck.violations"), "failed\n");
        assertThat(ignore(PREFIX + "su: login failed$\n" + PREFIX + "su: login (failed|done)$\n"))
                .filteredOn(one -> place(one.what()).equals("hides lines that violations rule 1 matches"))
                .extracting(one -> one.line() + " " + one.why())
                .containsExactly("1 each of its lines is reported all the same", "2 they are reported all the same");

        Files.writeString(folder.resolve("logcheck.violations.ignore"), PREFIX + "su: login failed$\n");
        assertThat(ignore(PREFIX + "su: login failed$\n"))
                .as("it is what hides them then")
                .isEmpty();
    }

    @Test
    void aRuleOfALevelIsNotShadowedByOneThatThisLevelDoesNotUse() throws IOException {
        Path server = Files.createDirectories(folder.resolve("ignore.d.server")).resolve("cron");
        Path paranoid =
                Files.createDirectories(folder.resolve("ignore.d.paranoid")).resolve("cron");
        Files.writeString(server, "^cron: .*$\n^su: b$\n");
        Files.writeString(paranoid, "^cron: a$\n^su: .*$\n");
        RulesConfig config = new RulesConfig(
                RulesConfig.Style.LOGCHECK, List.of(folder), RulesConfig.Level.WORKSTATION, true, 32 << 20, false);
        assertThat(Lint.redundant(RuleLoader.load(config), Lint.Progress.NONE))
                .singleElement()
                .hasToString(server + ":2: warning: shadowed by " + paranoid
                        + ":2, which matches all lines that this rule does; delete it, or make that one narrower"
                        + " (for example \"su: b\")");
    }

    @Test
    void aFaultyRuleCoversNoOther() throws IOException {
        assertThat(ignore(".*\n" + PREFIX + "su: a$\n"))
                .extracting(Complaint::line)
                .containsOnly(1);
    }

    private List<Complaint> ignore(String text) throws IOException {
        return lint("logcheck.ignore", text);
    }

    private List<Complaint> lint(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        List<Complaint> complaints = Lint.folders(RulesConfig.of(List.of(folder)), Lint.Progress.NONE);
        Files.delete(file);
        return complaints;
    }
}
