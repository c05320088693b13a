package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SharesTest {

    @Test
    void whoWantsLittleGetsItAndTheRestShareAlike() {
        assertThat(Shares.alike(new long[] {100, 3, 50, 0}, 43)).containsExactly(20, 3, 20, 0);
        assertThat(Shares.alike(new long[] {100, 3, 50}, 44)).containsExactly(21, 3, 20);
        assertThat(Shares.alike(new long[] {1, 2}, 10)).containsExactly(1, 2);
        assertThat(Shares.alike(new long[] {5, 5}, 0)).containsExactly(0, 0);
        assertThat(Shares.alike(new long[0], 7)).isEmpty();
    }

    @Test
    void lowerTiersKeepATenthEach() {
        assertThat(Shares.byTier(new long[] {1_000, 1_000, 1_000}, 100)).containsExactly(80, 10, 10);
        assertThat(Shares.byTier(new long[] {1_000, 0, 4}, 100)).containsExactly(96, 0, 4);
        assertThat(Shares.byTier(new long[] {1, 2, 1_000}, 100)).containsExactly(1, 2, 97);
    }

    @Test
    void sharesFillTheBudgetAndNeverExceedAWant() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            long[] wants = random.longs(1 + random.nextInt(20), 0, 1L << random.nextInt(1, 40))
                    .toArray();
            long budget = random.nextLong(0, 1L << random.nextInt(1, 42));
            long[] shares = Shares.alike(wants, budget);
            for (int i = 0; i < wants.length; i++) {
                assertThat(shares[i]).as("seed %d round %d", seed, round).isBetween(0L, wants[i]);
            }
            assertThat(LongStream.of(shares).sum())
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(Math.min(budget, LongStream.of(wants).sum()));
        }
    }
}
