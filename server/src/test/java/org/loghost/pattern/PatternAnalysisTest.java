package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.pattern.PatternAnalysis.Answer;

class PatternAnalysisTest {
    private static final long SEED = 20261123;

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "+", "x*", "a|", "()", "^", "$", ".*", "^.*$", "^*", "(x|)y?", "\\b|\\B", "^$|."})
    void knowsWhatMatchesEveryLine(String pattern) throws PatternException {
        assertThat(analysis(pattern).matchesEveryLine()).isEqualTo(Answer.YES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", ".", "^$", "^.+$", "\\b", "\\w|\\W"})
    void knowsWhatDoesNotMatchEveryLine(String pattern) throws PatternException {
        assertThat(analysis(pattern).matchesEveryLine()).isEqualTo(Answer.NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a^b", "a$b", "a\\bb", "$.", "\\>x", "[^\\w\\W]^"})
    void knowsWhatNeverMatches(String pattern) throws PatternException {
        assertThat(analysis(pattern).neverMatches()).isEqualTo(Answer.YES);
        assertThat(analysis(pattern).witness()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"abc,abc", "^a{3}|bb,bb", "'^[0-9]+ \\[[a-f]\\]$','0 [a]'", "\\bfoo\\b,foo", "'x\\B.','xa'"})
    void showsAShortestLineThatMatches(String pattern, String line) throws PatternException {
        assertThat(analysis(pattern).witness().map(bytes -> new String(bytes, ISO_8859_1)))
                .contains(line);
    }

    @Test
    void knowsWhichPatternHidesBehindWhich() throws PatternException {
        PatternAnalysis narrow = analysis("^sshd: session (opened|closed)$");
        PatternAnalysis wide = analysis("^sshd: session [a-z]+");
        assertThat(narrow.subsumedBy(wide)).isEqualTo(Answer.YES);
        assertThat(wide.subsumedBy(narrow)).isEqualTo(Answer.NO);
    }

    @Test
    void givesUpOnBackReferencesAndHugeAutomata() throws PatternException {
        assertThat(analysis("(a)\\1").matchesEveryLine()).isEqualTo(Answer.UNKNOWN);
        assertThat(analysis("a.{300}b").subsumedBy(analysis("a.{299}c"))).isNotEqualTo(Answer.YES);
    }

    /** The matcher is the judge of both answers. */
    @Test
    void whatItSaysOfTwoPatternsHoldsForLines() throws PatternException {
        Random random = new Random(SEED);
        PatternGenerator generator = new PatternGenerator(random);
        Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
        for (int round = 0; round < 3_000; round++) {
            String one = generator.nestedPattern(3);
            String two = random.nextInt(3) == 0 ? one + "|" + generator.nestedPattern(1) : generator.nestedPattern(3);
            String what = "seed " + SEED + ", round " + round + ", " + one + " within " + two;
            Answer answer = analysis(one).subsumedBy(analysis(two));
            answers.merge(answer, 1, Integer::sum);
            if (answer == Answer.NO) {
                byte[] line = lineOf(one, two);
                assertThat(matches(one, line)).as(what).isTrue();
                assertThat(matches(two, line)).as(what).isFalse();
            } else if (answer == Answer.YES) {
                for (int i = 0; i < 50; i++) {
                    byte[] line = generator.oddLine().getBytes(ISO_8859_1);
                    assertThat(matches(two, line) || !matches(one, line))
                            .as(what + " on " + new String(line, ISO_8859_1))
                            .isTrue();
                }
            }
        }
        assertThat(answers.get(Answer.YES)).isGreaterThan(800);
        assertThat(answers.get(Answer.NO)).isGreaterThan(800);
    }

    @Test
    void patternsOfTheShapeOfRealRulesAreWithinItsBounds() throws PatternException {
        String prefix = "^([[:alpha:]]{3} [ :[:digit:]]{11}|[0-9T:.+-]{32}) [._[:alnum:]-]+ ";
        String narrow = prefix
                + "sshd\\[[0-9]+\\]: Failed (password|none) for [^[:space:]]+ from [.:[:xdigit:]]+ port [0-9]{1,5}$";
        assertThat(analysis(narrow).subsumedBy(analysis(prefix + "sshd\\[[0-9]+\\]: .* from .* port [0-9]+$")))
                .isEqualTo(Answer.YES);
        assertThat(analysis(narrow).subsumedBy(analysis("Failed [a-z]+ for .* port \\w+")))
                .isEqualTo(Answer.YES);
        assertThat(analysis(narrow).subsumedBy(analysis("Failed [a-z]+ for .* port 1")))
                .isEqualTo(Answer.NO);
    }

    @Test
    void samplesHoldEachAlternativeAndNothingTellingBesides() throws PatternException {
        PatternAnalysis pattern = analysis("^[[:alpha:]]{3} (opened|closed|lost)( again)? by [^ ]+ [Aa]t .*$");
        assertThat(pattern.plainSamples(9))
                .extracting(line -> new String(line, ISO_8859_1))
                .containsExactly("xxx opened by x At ", "xxx closed again by xx at x", "xxx lost by x At ");
        assertThat(new String(pattern.oddSample(), ISO_8859_1)).startsWith("zzz closed again by \u00ff\u00ff");
        assertThat(analysis("(a|b)x\\1").plainSamples(2))
                .extracting(line -> new String(line, ISO_8859_1))
                .containsExactly("axa", "bxb");
    }

    private static boolean matches(String pattern, byte[] line) throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(pattern.getBytes(ISO_8859_1), false, 0, 0)
                .build();
        return !set.match(line, 0, line.length).isEmpty();
    }

    private static PatternAnalysis analysis(String pattern) throws PatternException {
        return PatternAnalysis.of(pattern.getBytes(ISO_8859_1), false);
    }

    /** A line that the search found to match one pattern and not the other. */
    private static byte[] lineOf(String one, String other) throws PatternException {
        List<Ast> patterns = new ArrayList<>();
        for (String pattern : List.of(one, other)) {
            patterns.add(Member.parse(pattern.getBytes(ISO_8859_1), false, 0, 0).loosened());
        }
        return Objects.requireNonNull(new LineSearch(patterns, 1, 2, 2_000_000).find());
    }
}
