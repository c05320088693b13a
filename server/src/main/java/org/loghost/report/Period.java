package org.loghost.report;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The stretch of receive time that a report tells of, and how times are written in it.
 *
 * @param from its begin
 * @param until its end
 * @param zone the server's zone
 */
record Period(Instant from, Instant until, ZoneId zone) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM yyyy", Locale.ENGLISH);
    private static final DateTimeFormatter DAY_TIME = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

    /** {@code 07:00-07:30}, with the days when it spans several. */
    String brief() {
        return isOneDay()
                ? TIME.format(at(from)) + "-" + TIME.format(at(until))
                : DAY_TIME.format(at(from)) + " - " + DAY_TIME.format(at(until));
    }

    /** {@code Sun 22 Nov 2026, 07:00 - 07:30 (Europe/Berlin)}. */
    String full() {
        String end = isOneDay() ? TIME.format(at(until)) : day(until) + ", " + TIME.format(at(until));
        return day(from) + ", " + TIME.format(at(from)) + " - " + end + " (" + zone + ")";
    }

    /** A time inside the period: to the second, with its day when the period has several. */
    String moment(long millis) {
        ZonedDateTime time = at(Instant.ofEpochMilli(millis));
        return (isOneDay()
                        ? ""
                        : DateTimeFormatter.ofPattern("d MMM ", Locale.ENGLISH).format(time))
                + EXACT.format(time);
    }

    /** A moment anywhere: {@code Sun 22 Nov 2026, 07:00}. */
    String dayAndTime(Instant moment) {
        return day(moment) + ", " + TIME.format(at(moment));
    }

    private String day(Instant moment) {
        return DAY.format(at(moment));
    }

    private boolean isOneDay() {
        return at(from).toLocalDate().equals(at(until).toLocalDate());
    }

    private ZonedDateTime at(Instant moment) {
        return moment.atZone(zone);
    }
}
