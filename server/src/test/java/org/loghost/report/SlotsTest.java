package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "PT30M, 2026-11-22T07:00:00Z, 2026-11-22T07:30:00Z",
        "PT30M, 2026-11-22T07:29:59.999Z, 2026-11-22T07:30:00Z",
        "PT30M, 2026-11-22T22:59:00Z, 2026-11-22T23:00:00Z",
        "PT24H, 2026-11-22T07:00:00Z, 2026-11-22T23:00:00Z",
        "PT24H, 2026-11-22T23:00:00Z, 2026-11-23T23:00:00Z",
        "PT6H, 2026-11-22T07:00:00Z, 2026-11-22T11:00:00Z",
        "PT168H, 2026-11-25T07:00:00Z, 2026-11-29T23:00:00Z",
        "PT1S, 2026-11-22T07:00:00.5Z, 2026-11-22T07:00:01Z"
    })
    void slotsAreAlignedToTheClockOfTheZone(Duration every, Instant now, Instant next) {
        assertThat(Slots.next(now, every, BERLIN)).isEqualTo(next);
    }

    @Test
    void halfHourZonesHaveTheirOwnHours() {
        assertThat(Slots.next(Instant.parse("2026-11-22T07:00:00Z"), Duration.ofHours(1), ZoneId.of("Asia/Kolkata")))
                .isEqualTo("2026-11-22T07:30:00Z");
    }

    @Test
    void eachHalfHourHasItsReportWhenTheClockIsSetBack() {
        assertThat(slots("2026-10-24T23:50:00Z", Duration.ofMinutes(30), 6))
                .containsExactly(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
    }

    @Test
    void noReportIsMadeTwiceWhenTheClockLeapsForward() {
        assertThat(slots("2027-03-28T00:10:00Z", Duration.ofMinutes(30), 4))
                .containsExactly(
                        "2027-03-28T00:30:00Z", "2027-03-28T01:00:00Z", "2027-03-28T01:30:00Z", "2027-03-28T02:00:00Z");
    }

    @Test
    void dayIsMidnightOnTheDaysTheClockIsSet() {
        assertThat(slots("2026-10-24T10:00:00Z", Duration.ofDays(1), 3))
                .containsExactly("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z");
    }

    private static List<String> slots(String from, Duration every, int number) {
        List<String> slots = new ArrayList<>();
        Instant now = Instant.parse(from);
        for (int i = 0; i < number; i++) {
            now = Slots.next(now, every, BERLIN);
            slots.add(now.toString());
        }
        return slots;
    }
}
