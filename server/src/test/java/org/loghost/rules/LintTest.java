package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {
    private static final String PREFIX = "^[[:alpha:]]{3} [ :[:digit:]]{11} [._[:alnum:]-]+ ";

    private static final Lint.Progress NO_PROGRESS = (done, all) -> {};

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
        assertThat(Lint.folders(config, NO_PROGRESS)).isEmpty();
        assertThat(Lint.file(file, config)).isEmpty();
    }

    @Test
    void aRuleWhoseLinesAnotherMatchesTooIsShadowed() throws IOException {
        List<Complaint> complaints = ignore(
                PREFIX + "cron: [a-z]+ [0-9]{1,3}$\n" + PREFIX + "cron: job 7$\n" + PREFIX + "cron: job seven$\n");
        assertThat(complaints).singleElement().satisfies(one -> {
            assertThat(one.line()).isEqualTo(2);
            assertThat(one.what()).isEqualTo("shadowed by " + folder.resolve("logcheck.ignore") + ":1");
            assertThat(one.witness()).endsWith("cron: job 7");
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
    void anIgnoreRuleForLinesThatAreViolationsAnywayHidesNothing() throws IOException {
        Files.writeString(folder.resolve("logcheck.violations"), "failed\n");
        assertThat(ignore(PREFIX + "su: login failed$\n" + PREFIX + "su: login (failed|done)$\n"))
                .filteredOn(one -> one.what().equals("hides nothing"))
                .extracting(Complaint::line)
                .containsExactly(1);

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
        assertThat(Lint.idle(config, NO_PROGRESS))
                .singleElement()
                .hasToString(server + ":2: warning: shadowed by " + paranoid
                        + ":2, that rule matches each of its lines; delete this one (for example \"su: b\")");
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
        List<Complaint> complaints = Lint.folders(RulesConfig.of(List.of(folder)), NO_PROGRESS);
        Files.delete(file);
        return complaints;
    }
}
