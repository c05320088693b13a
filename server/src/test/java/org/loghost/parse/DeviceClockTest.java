package org.loghost.parse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceClockTest {

    @ParameterizedTest
    @CsvSource({
        "Dec 31 23:59:59, 2026-01-01T00:00:02Z, UTC, 2025-12-31T23:59:59Z",
        "Jan  1 00:00:01, 2025-12-31T23:59:58Z, UTC, 2026-01-01T00:00:01Z",
        "Dec 31 22:00:00, 2026-01-01T03:00:00Z, -05:00, 2026-01-01T03:00:00Z",
        "Jan  1 01:00:00, 2025-12-31T16:00:00Z, +09:00, 2025-12-31T16:00:00Z",
        "Feb 29 12:00:00, 2026-11-22T06:30:05Z, UTC, 2028-02-29T12:00:00Z",
        "Feb 29 12:00:00, 2024-03-01T00:00:00Z, UTC, 2024-02-29T12:00:00Z",
        "Feb 29 12:00:00, 2100-02-28T00:00:00Z, UTC, 2096-02-29T12:00:00Z",
        "Jun 30 23:59:60, 2026-07-01T00:00:00Z, UTC, 2026-06-30T23:59:59Z",
        // the hour that does not exist, and the hour that happens twice
        "Mar 29 02:30:00, 2026-03-29T01:30:00Z, Europe/Berlin, 2026-03-29T01:30:00Z",
        "Oct 25 02:30:00, 2026-10-25T00:30:01Z, Europe/Berlin, 2026-10-25T00:30:00Z",
        "Oct 25 02:30:00, 2026-10-25T01:30:01Z, Europe/Berlin, 2026-10-25T01:30:00Z",
        "Jul 15 12:00:00, 2026-11-22T06:30:05Z, Europe/Berlin, 2026-07-15T10:00:00Z",
    })
    void missingYearIsTheNearest(String stamp, Instant now, ZoneId zone, Instant expected) {
        Frames frames = new Frames(ZoneOffset.UTC, zone, false);

        String line = frames.line(("<13>" + stamp + " h app: x").getBytes(US_ASCII), now);

        assertThat(line).isEqualTo(stamp + " h app: x");
        assertThat(frames.deviceTime()).isEqualTo(expected);
    }

    @Test
    void civilArithmeticAgreesWithJavaTime() {
        long seed = 20261122;
        Random random = new Random(seed);
        CivilTime civil = new CivilTime();
        for (int i = 0; i < 100_000; i++) {
            long second = random.nextLong(-62_000_000_000L, 250_000_000_000L);
            LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            civil.set(second);
            assertThat(LocalDateTime.of(civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second))
                    .as("seed %d, second %d", seed, second)
                    .isEqualTo(time);
            assertThat(CivilTime.localSecond(
                            civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second))
                    .isEqualTo(second);
        }
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC", "+05:30"})
    void offsetsAgreeWithJavaTime(ZoneId zone) {
        long seed = 7;
        Random random = new Random(seed);
        ZoneClock clock = new ZoneClock(zone);
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(0, 4_102_444_800L));
            LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
            long second = clock.epochSecond(local.toEpochSecond(ZoneOffset.UTC), instant.getEpochSecond());
            assertThat(clock.offsetAt(instant.getEpochSecond()))
                    .as("seed %d, %s", seed, instant)
                    .isEqualTo(zone.getRules().getOffset(instant).getTotalSeconds());
            assertThat(second).as("seed %d, %s", seed, instant).isEqualTo(instant.getEpochSecond());
        }
    }
}
