package org.loghost.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One row for each construct that GNU grep reads in its own way: pattern, a line it matches, a line it does not. */
class PatternConstructsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "^[\\n]$~n~a",
                "[\\]]~\\]~]",
                "^[a\\]$~\\~b",
                "^[[:alpha:]]+$~abZ~a1",
                "^\\w\\W\\s\\S$~_- x~a a a",
                "^\\d\\t\\x41$~dtx41~1",
                "\\`a\\'~a~ba",
                "\\<a~b a~ba",
                "a\\>~ba b~ab",
                "\\ba~-a~ba",
                "a\\B~ab~a",
                "^*a~ba~b",
                "*a~ba~b",
                "+a~ba~b",
                "{1}a~ba~b",
                "^a{,2}$~aa~aaa",
                "^a{,}$~aaaa~b",
                "^a{1$~a{1~a",
                "^a{x$~a{x~a",
                "^a{1a}$~a{1a}~a",
                "^{a$~{a~a",
                "^a)$~a)~a",
                "^(a|)$~a~b",
                "^(?:a)$~:a~?:a",
                "^a*?$~aaa~b",
                "^a??$~a~aa",
                "^a????$~a~aa",
                "^a?{2,3}$~aaa~aaaa",
                "^a?+$~aaa~b",
                "^(a?{2})\\1$~aaaa~aaa",
                "^(a|b)\\1$~bb~ab",
                "^[[=a=]]$~a~b",
                "^[[.-.]-/]$~.~-a",
            })
    void readsAsGrepDoes(String pattern, String match, String other) throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(PatternSetTest.bytes(pattern), false, 0, 0)
                .build();
        assertThat(PatternSetTest.match(set, match).has(0)).as("<%s>", match).isTrue();
        assertThat(PatternSetTest.match(set, other).has(0)).as("<%s>", other).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{2,1}",
                "a{32768}",
                "a{}",
                "(a",
                "[:alpha:]",
                "[[:foo:]]",
                "[b-a]",
                "[a-c-e]",
                "[a-[:alpha:]]",
                "a\\",
                "[a",
                "\\1(a)",
                "(a\\1)",
                "(*)",
                "a{1,2,3}",
                "[[.aa.]]"
            })
    void refusesWhatGrepRefuses(String pattern) {
        assertThatThrownBy(() -> PatternSet.builder().add(PatternSetTest.bytes(pattern), false, 0, 0))
                .isInstanceOf(PatternException.class)
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"^.$", "^[^x]$", "^\\W$", "^[[:cntrl:]]$"})
    void aNulIsAnOrdinaryByte(String pattern) throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(PatternSetTest.bytes(pattern), false, 0, 0)
                .build();
        assertThat(set.match(new byte[] {0}, 0, 1).has(0)).isTrue();
        assertThat(set.match(new byte[] {0, 0}, 0, 2).has(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a^b", "a$b"})
    void anchorsInsideNeverMatch(String pattern) throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(PatternSetTest.bytes(pattern), false, 0, 0)
                .build();
        assertThat(PatternSetTest.match(set, "ab").isEmpty()).isTrue();
        assertThat(PatternSetTest.match(set, pattern).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"AbC,xaBcx,true", "[a-c]X,Bx,true", "(a)\\1,aA,true", "[[:upper:]],a,true", "[^a],A,false"})
    void foldsCaseWhenAsked(String pattern, String line, boolean matches) throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(PatternSetTest.bytes(pattern), true, 0, 0)
                .build();
        assertThat(PatternSetTest.match(set, line).has(0)).isEqualTo(matches);
    }

    @Test
    void refusesParenthesesAndRepetitionsThatAreTogetherNestedTooDeep() {
        String[] deep = {
            "(".repeat(198) + "a" + (")" + "?".repeat(20)).repeat(198),
            "(".repeat(198) + "a" + ")*+".repeat(198),
            "(".repeat(198) + "a" + "){2}{2}".repeat(198),
            "a" + "{1,2}".repeat(201),
            "(".repeat(201) + "a" + ")".repeat(201),
            "b|" + "(".repeat(101) + "a" + ")?".repeat(101) + "c"
        };
        for (String pattern : deep) {
            assertThatThrownBy(() -> PatternSet.builder().add(PatternSetTest.bytes(pattern), false, 0, 0))
                    .isInstanceOf(PatternException.class)
                    .hasMessageContaining("nested deeper than 200 (expected: ");
        }
    }

    @Test
    void whatIsNestedAsDeepAsAllowedNeedsLittleStack() throws Exception {
        String[] deep = {
            "(".repeat(100) + "a|b" + ")?".repeat(100) + "c",
            "(".repeat(200) + "a" + ")".repeat(200) + "c",
            "(" + "(x|".repeat(99) + "a" + ")*".repeat(99) + ")c\\1",
            "a" + "?".repeat(5_000) + "c"
        };
        for (String pattern : deep) {
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                PatternSet set = PatternSet.builder()
                        .add(PatternSetTest.bytes(pattern), false, 0, 0)
                        .build();
                PatternAnalysis.of(PatternSetTest.bytes(pattern), false).neverMatches();
                return PatternSetTest.match(set, "acaac").has(0);
            });
            Thread thread = new Thread(null, task, "small stack", 256 << 10);
            thread.start();
            assertThat(task.get()).as(pattern).isTrue();
        }
    }
}
