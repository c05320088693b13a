package org.loghost.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeldomTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void whatHappensOftenIsSaidAtOnceAndThenOnceAMinuteWithItsNumber() {
        Seldom seldom = new Seldom();
        long start = Long.MAX_VALUE - 30 * SECOND; // the clock may wrap
        assertThat(seldom.due(5, start)).isEqualTo(5);
        int said = 0;
        for (int i = 1; i < 60; i++) {
            said += seldom.due(2, start + i * SECOND) > 0 ? 1 : 0;
        }
        assertThat(said).isZero();
        assertThat(seldom.due(1, start + 60 * SECOND)).isEqualTo(59 * 2 + 1);
    }
}
