package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {
    private static final DateTimeFormatter EXPECTED = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"})
    void anyTimeIsWrittenAsTheLibraryDoes(String zone) {
        ZoneId id = ZoneId.of(zone);
        IsoTime time = new IsoTime(id);
        long seed = 20261122;
        Random random = new Random(seed);
        byte[] out = new byte[IsoTime.MAX_BYTES];
        long last = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
        for (int i = 0; i < 100_000; i++) {
            long micros = (long) (random.nextDouble() * last);
            Instant instant = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
            int end = time.write(micros, 6, out, 0);
            assertThat(new String(out, 0, end, StandardCharsets.US_ASCII))
                    .as("seed %d", seed)
                    .isEqualTo(EXPECTED.format(instant.atZone(id)));
        }
    }

    @Test
    void yearThatHasNotFourDigitsIsADash() {
        IsoTime time = new IsoTime(ZoneId.of("UTC"));
        byte[] out = new byte[IsoTime.MAX_BYTES];
        assertThat(time.write(Long.MAX_VALUE, 6, out, 0)).isEqualTo(1);
        assertThat(time.write(-70_000_000_000_000_000L, 6, out, 0)).isEqualTo(1);
        assertThat(out[0]).isEqualTo((byte) '-');
        assertThat(time.write(0, 0, out, 0)).isEqualTo(25);
    }
}
