package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The automaton answers as {@link NaiveMatcher} does, which knows nothing of automata. */
class PatternMatcherFuzzTest {
    @FuzzTest
    void answersAsTheNaiveMatcherDoes(FuzzedDataProvider data) {
        boolean ignoreCase = data.consumeBoolean();
        byte[] pattern = data.consumeBytes(24);
        byte[] line = data.consumeBytes(40);
        assertSameAnswer(pattern, line, ignoreCase);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void answersAsTheNaiveMatcherDoesOnGeneratedPatterns(long seed) {
        Random random = new Random(seed);
        PatternGenerator generator = new PatternGenerator(random);
        for (int i = 0; i < 2_000; i++) {
            String pattern = i % 2 == 0 ? generator.nestedPattern(3) : generator.oddPattern();
            for (int k = 0; k < 5; k++) {
                assertSameAnswer(
                        PatternSetTest.bytes(pattern), PatternSetTest.bytes(generator.oddLine()), random.nextBoolean());
            }
        }
    }

    private static void assertSameAnswer(byte[] pattern, byte[] line, boolean ignoreCase) {
        Member rule;
        PatternSet set;
        try {
            rule = Member.parse(pattern, ignoreCase, 0, 0);
            set = PatternSet.builder().add(pattern, ignoreCase, 0, 0).build();
        } catch (PatternException e) {
            return;
        }
        NaiveMatcher naive = new NaiveMatcher(line);
        boolean expected = naive.finds(rule.ast());
        if (!naive.gaveUp() && set.overLimit().isEmpty()) {
            assertThat(set.match(line, 0, line.length).has(0))
                    .as("/%s/ on <%s>", new String(pattern, ISO_8859_1), new String(line, ISO_8859_1))
                    .isEqualTo(expected);
        }
    }
}
