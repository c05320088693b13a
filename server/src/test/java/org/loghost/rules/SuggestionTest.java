package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;

class SuggestionTest {
    private static final long SEED = 2002;
    private static final RulesConfig BYTES = RulesConfig.of(List.of());
    private static final String PREFIX = "^[[:alpha:]]{3} [ :[:digit:]]{11} [._[:alnum:]-]+ ";
    private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

    @Test
    void theArticlesLineGivesTheRightAnswer() {
        String line = "Feb 18 10:00:00 goblin ipop3d[1234]: Login user=cindy host=hop.pop.com [1.2.3.3] nmsgs=0/0";
        assertThat(suggestions(List.of(line), true))
                .containsExactly(new Suggestion(
                        PREFIX
                                + "ipop3d\\[[0-9]+\\]: Login user=cindy host=[._[:alnum:]-]+ \\[[0-9]{1,3}(\\.[0-9]{1,3}){3}\\]"
                                + " nmsgs=[0-9]+/[0-9]+$",
                        List.of(line)));
    }

    @Test
    void theArticlesTwoLinesGiveRulesForSuchLinesAlone() throws PatternException {
        List<String> lines = List.of(
                "Feb 18 10:00:00 goblin ipop3d[1234]: Login user=cindy host=hop.pop.com [1.2.3.3] nmsgs=0/0",
                "Feb 18 10:00:01 goblin ipop3d[1234]: Logout user=cindy host=hop.pop.com [1.2.3.3] nmsgs=0 ndele=0");
        List<Suggestion> suggestions = suggestions(lines, true);
        assertThat(suggestions).hasSize(2);
        assertThat(matches(suggestions.get(0).pattern(), lines.get(0))).isTrue();
        assertThat(matches(suggestions.get(1).pattern(), lines.get(1))).isTrue();
        for (Suggestion suggestion : suggestions) {
            assertThat(matches(suggestion.pattern(), lines.get(0).replace("cindy", "root")))
                    .isFalse();
            assertThat(matches(suggestion.pattern(), lines.get(0) + " failed")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "sshd[1]: Accepted publickey for cindy from 10.0.0.1 port 22 ssh2 ~ sshd\\[[0-9]+\\]: Accepted publickey for cindy from ADDRESS port [0-9]+ ssh2",
                "sshd[1]: Received disconnect from fe80::1: 11: bye ~ sshd\\[[0-9]+\\]: Received disconnect from [[:xdigit:]]*:[[:xdigit:]:.]+: [0-9]+: bye",
                "postfix/smtpd[7]: 4F2A91C: client=a.b.org[10.1.2.3] ~ postfix/smtpd\\[[0-9]+\\]: [[:xdigit:]]+: client=[._[:alnum:]-]+\\[ADDRESS\\]",
                "CRON[9]: (root) CMD (/usr/bin/mrtg /etc/mrtg.cfg) ~ CRON\\[[0-9]+\\]: \\(root\\) CMD \\(/usr/bin/mrtg /etc/mrtg\\.cfg\\)",
                "systemd[1]: Started logrotate.service at 12:30:00. ~ systemd\\[[0-9]+\\]: Started logrotate\\.service at [0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?\\.",
                "kernel: eth0: 00:1a:2b:3c:4d:5e at 0xdeadbeef took 15ms ~ kernel: eth0: ([[:xdigit:]]{2}:){5}[[:xdigit:]]{2} at 0x[[:xdigit:]]+ took [0-9]+ms",
                "a: said \"it (is)\" $5 {x} ~ a: said \"it \\(is\\)\" \\$[0-9]+ \\{x\\}"
            })
    void oneSampleSaysWhatChangesByItsForm(String text, String expected) {
        assertThat(one("Nov  4 09:08:07 goblin " + text))
                .isEqualTo(PREFIX + expected.replace("ADDRESS", ADDRESS) + "$");
    }

    @Test
    void fewValuesStayAnAlternationAndManyBecomeTheNarrowestClass() {
        assertThat(one(line("session opened for user a1"), line("session closed for user a1")))
                .isEqualTo(PREFIX + "su: session (closed|opened) for user a1$");
        assertThat(one(line("x for bob"), line("x for al"), line("x for cy"), line("x for di")))
                .isEqualTo(PREFIX + "su: x for [[:lower:]]+$");
        assertThat(one(line("x for bob"), line("x for Al9"), line("x for cy"), line("x for d-i")))
                .isEqualTo(PREFIX + "su: x for [._[:alnum:]-]+$");
        assertThat(one(line("host=a.example.org up"), line("host=10.0.0.1 up")))
                .isEqualTo(PREFIX + "su: host=[._[:alnum:]-]+ up$");
        assertThat(one(line("from 10.0.0.1 up"), line("from fe80::1 up")))
                .isEqualTo(PREFIX + "su: from (" + ADDRESS + "|[[:xdigit:]]*:[[:xdigit:]:.]+) up$");
        assertThat(one(line("open \"a b\""), line("open \"c\""), line("open \"d e f\""), line("open \"\"")))
                .isEqualTo(PREFIX + "su: open \"[^\"]*\"$");
        assertThat(one(line("rm /a/b x"), line("rm /c x"), line("rm /d x"), line("rm /e.f x")))
                .isEqualTo(PREFIX + "su: rm /[._/[:alnum:]-]+ x$");
    }

    @Test
    void linesOfAnotherFormOrProgramGetRulesOfTheirOwn() {
        assertThat(suggestions(
                        List.of(line("a b c"), line("x y z"), line("a b d"), "Nov  4 09:08:07 h sudo: a b c"), true))
                .extracting(one -> one.samples().size())
                .containsExactly(2, 1, 1);
    }

    @Test
    void theHostCanBeTheLinesOwn() {
        String line = "2026-11-04T09:08:07.123+01:00 web-1.x su: ok";
        assertThat(suggestions(List.of(line), false).get(0).pattern())
                .isEqualTo("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,+Z-]+ web-1\\.x su: ok$");
        assertThat(suggestions(List.of(line), true).get(0).pattern()).contains("T[0-9:.,+Z-]+ [._[:alnum:]-]+ su");
        assertThat(suggestions(List.of("Nov  4 09:08:07 fe80::1 su: ok"), true)
                        .get(0)
                        .pattern())
                .contains("{11} [^ ]+ su");
    }

    @Test
    void everySuggestionMatchesItsSamplesAndLintFindsNothingWrongWithIt() throws PatternException {
        Random random = new Random(SEED);
        String alphabet = "ab19.:/[](){}*+?^$|\\\"'=-_@%#<>,; \t\u00e9\u0001";
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder("x");
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            List<String> lines =
                    List.of(line(text.toString()), line(text.toString().replace('1', '9')));
            for (Suggestion suggestion : suggestions(lines, random.nextBoolean())) {
                for (String sample : suggestion.samples()) {
                    assertThat(matches(suggestion.pattern(), sample))
                            .as("seed " + SEED + ": " + suggestion)
                            .isTrue();
                }
                assertThat(Lint.pattern(suggestion.pattern(), Path.of("logcheck.ignore"), RulesConfig.of(List.of())))
                        .as("seed " + SEED + ": " + suggestion)
                        .isEmpty();
            }
        }
    }

    @Test
    void inLogchecksStyleBlanksAtTheEndOfALineDoNotCount() {
        String line = "Feb 18 10:00:00 goblin squid[12]: Unsupported method \t";
        RulesConfig logcheck =
                new RulesConfig(RulesConfig.Style.LOGCHECK, List.of(), RulesConfig.Level.SERVER, true, 8 << 20, false);
        Suggestion suggestion =
                Suggestion.of(List.of(line, line.strip()), true, logcheck).get(0);
        assertThat(suggestion.pattern()).endsWith("Unsupported method$");
        assertThat(suggestion.works(logcheck)).isTrue();
        assertThat(new Suggestion(suggestion.pattern().replace("$", " $"), List.of(line)).works(logcheck))
                .isFalse();
        assertThat(one(line)).endsWith("Unsupported method .$");
    }

    @Test
    void whatIsNoCharacterCannotBeHiddenWhereRulesMatchCharacters() {
        RulesConfig characters =
                new RulesConfig(RulesConfig.Style.LOGSENTRY, List.of(), RulesConfig.Level.SERVER, true, 8 << 20, true);
        assertThat(Suggestion.of(List.of(line("a \u00ff b")), true, characters)
                        .get(0)
                        .works(characters))
                .isFalse();
        assertThat(Suggestion.of(List.of(line("a \u00c3\u00bc b")), true, characters)
                        .get(0)
                        .works(characters))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-", "a.", "1.", ".", "a", "a:", ":", "1", "a:a:.", "/a", "\"", "'", "' ", "0x", "user=", "a@",
                "\u00ff-"
            })
    void aLongLineIsCutIntoTokensInTimeAndWithoutMuchStack(String piece) {
        String text = piece.repeat(60_000 / piece.length());
        List<LineTokens.Token> tokens = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> LineTokens.of(text));
        assertThat(tokens.stream().map(LineTokens.Token::text).collect(Collectors.joining()))
                .isEqualTo(text);
    }

    @Test
    void aLineThatIsTooLongForARuleIsRefused() {
        String line = line("x".repeat(Suggestion.MAX_SAMPLE));
        assertThatThrownBy(() -> suggestions(List.of(line), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: at most 8192");
        String longest = line.substring(0, Suggestion.MAX_SAMPLE);
        assertThat(suggestions(List.of(longest), true))
                .singleElement()
                .satisfies(one -> assertThat(one.works(BYTES)).isTrue());
    }

    private static List<Suggestion> suggestions(List<String> lines, boolean anyHost) {
        return Suggestion.of(lines, anyHost, BYTES);
    }

    private static String line(String text) {
        return "Nov  4 09:08:07 goblin su: " + text;
    }

    private static String one(String... lines) {
        List<Suggestion> suggestions = suggestions(List.of(lines), true);
        assertThat(suggestions).hasSize(1);
        return suggestions.get(0).pattern();
    }

    private static boolean matches(String pattern, String line) throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(pattern.getBytes(StandardCharsets.ISO_8859_1), false, 0, 0)
                .build();
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return !set.match(bytes, 0, bytes.length).isEmpty();
    }
}
