package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.config.LoghostConfig;

class MemoryBudgetTest {
    private static final long MIB = 1 << 20;

    private final LoghostConfig config = LoghostConfig.defaults(Path.of("/var/lib/loghost"));

    @ParameterizedTest
    @ValueSource(longs = {480, 512, 1024, 4096, 65536})
    void allSharesTogetherFitIntoTheHeap(long mebibytes) {
        MemoryBudget budget = MemoryBudget.of(config, 10_000, mebibytes * MIB, 320 * MIB);
        assertThat(budget.missing()).isZero();
        assertThat(shares(budget)).isLessThan(mebibytes * MIB - 80 * MIB);
        assertThat(budget.archive()).isBetween(200 * MIB, 208 * MIB);
    }

    @Test
    void theLaunchersHeapIsEnoughForTheDefaults() {
        MemoryBudget budget = MemoryBudget.of(config, 10_000, 494 * MIB, 320 * MIB);
        assertThat(budget.missing()).isZero();
        assertThat(budget.text()).startsWith("heap 494 MiB (rules 128 MiB, ").contains("archive 208 MiB");
    }

    @Test
    void moreHeapIsMoreRoomForInput() {
        MemoryBudget small = MemoryBudget.of(config, 1_000, 512 * MIB, 320 * MIB);
        MemoryBudget large = MemoryBudget.of(config, 1_000, 2048 * MIB, 320 * MIB);
        assertThat(large.halfFrames()).isGreaterThan(4 * small.halfFrames());
        assertThat(large.streamBatches()).isGreaterThan(4 * small.streamBatches());
    }

    @Test
    void aHeapThatIsTooSmallIsSaidWithTheOneThatWouldDo() {
        MemoryBudget budget = MemoryBudget.of(config, 10_000, 256 * MIB, 320 * MIB);
        assertThat(budget.missing()).isPositive();
        assertThat(budget.shortage()).contains("heap of 256 MiB is too small").contains("LOGHOST_JAVA_OPTS=-Xmx");
        long wanted = Long.parseLong(budget.shortage().replaceAll(".*-Xmx(\\d+)m.*", "$1"));
        assertThat(MemoryBudget.of(config, 10_000, wanted * MIB, 320 * MIB).missing())
                .isZero();
    }

    @Test
    void theArchiveTakesNoMoreThanThereIsBesideTheHeap() {
        assertThat(MemoryBudget.of(config, 10_000, 512 * MIB, 128 * MIB).archive())
                .isLessThan(100 * MIB);
    }

    private static long shares(MemoryBudget budget) {
        return budget.rules()
                + budget.hosts()
                + budget.connections()
                + budget.datagramBatches()
                + budget.streamBatches()
                + budget.halfFrames()
                + budget.findings();
    }
}
