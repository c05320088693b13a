package org.loghost.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes at all are a pattern or are refused with a message, in bounded time. */
class PatternParserFuzzTest {
    @FuzzTest
    void anyBytesAreAPatternOrAreRefused(FuzzedDataProvider data) {
        boolean ignoreCase = data.consumeBoolean();
        byte[] pattern = data.consumeRemainingAsBytes();
        try {
            PatternSet set = PatternSet.builder().add(pattern, ignoreCase, 0, 0).build();
            set.match(pattern, 0, pattern.length);
        } catch (PatternException e) {
            assertThat(e.offset()).isBetween(0, pattern.length);
            assertThat(e.getMessage()).contains("(expected: ");
        }
    }
}
