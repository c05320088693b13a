package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.pattern.PatternAnalysis.Answer;
import org.loghost.pattern.PatternAnalysis.Suspicion;

class PatternAnalysisTest {
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
        byte[] line = wide.witnessAgainst(narrow).orElseThrow();
        assertThat(new String(line, ISO_8859_1)).startsWith("sshd: session ");
    }

    @Test
    void givesUpOnBackReferencesAndHugeAutomata() throws PatternException {
        assertThat(analysis("(a)\\1").matchesEveryLine()).isEqualTo(Answer.UNKNOWN);
        assertThat(analysis("a.{300}b").subsumedBy(analysis("a.{299}c"))).isNotEqualTo(Answer.YES);
    }

    @Test
    void describesTheShape() throws PatternException {
        PatternAnalysis debianBug = analysis("^prefix snort: foo|bar$");
        assertThat(debianBug.hasTopLevelAlternation()).isTrue();
        assertThat(debianBug.isAnchoredAtStart()).isFalse();
        assertThat(debianBug.isAnchoredAtEnd()).isFalse();
        assertThat(analysis("^(a|b)$").isAnchoredAtStart()).isTrue();
        assertThat(analysis("^(a|b)$").isAnchoredAtEnd()).isTrue();
    }

    @Test
    void findsBracketsAndPerl() throws PatternException {
        var parts = analysis("(?:a)[1.2.3.3]\\d+.*?[]x]").parts();
        assertThat(parts)
                .extracting(PatternAnalysis.Part::suspicion)
                .containsExactly(Suspicion.PERL, Suspicion.BRACKET, Suspicion.PERL, Suspicion.PERL, Suspicion.BRACKET);
        assertThat(parts.get(1)).isEqualTo(new PatternAnalysis.Part(Suspicion.BRACKET, 5, 9));
    }

    private static PatternAnalysis analysis(String pattern) throws PatternException {
        return PatternAnalysis.of(pattern.getBytes(ISO_8859_1), false);
    }
}
