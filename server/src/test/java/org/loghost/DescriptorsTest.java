package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorsTest {

    @ParameterizedTest
    @CsvSource({
        "120, 50, 10000",
        "256, 60, 10000",
        "1024, 60, 10000",
        "20000, 70, 10000",
        "524288, 70, 10000",
        "1024, 60, 10"
    })
    void connectionsTheArchiveAndTheRestFitIntoTheLimit(long limit, long inUse, int wanted) {
        Descriptors shares = Descriptors.of(limit, inUse, wanted);
        assertThat(shares.connections()).isBetween(1, wanted);
        assertThat(shares.files()).isGreaterThanOrEqualTo(16);
        assertThat(inUse + shares.connections() * 11 / 10 + shares.files() + 20).isLessThanOrEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({"524288, 10000", "65536, 1000", "1024, 100"})
    void whereThereAreEnoughTheConnectionsGetWhatIsConfigured(long limit, int wanted) {
        assertThat(Descriptors.of(limit, 70, wanted).connections()).isEqualTo(wanted);
    }
}
