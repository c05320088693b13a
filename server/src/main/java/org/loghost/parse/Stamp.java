package org.loghost.parse;

/** A time stamp as a device wrote it: the wall clock's fields, and what else it said. Reused for each message. */
final class Stamp {
    static final int NO_YEAR = Integer.MIN_VALUE;
    static final int NO_OFFSET = Integer.MIN_VALUE;

    /** Room for the arithmetic of stamps that are a number of seconds. */
    final CivilTime civil = new CivilTime();

    boolean present;
    /** Whether the 15 bytes at {@link #start} already are the canonical form. */
    boolean canonical;

    int start;
    /** The year, or {@link #NO_YEAR} until {@link DeviceClock} chooses one. */
    int year;

    int month;
    int day;
    int hour;
    int minute;
    /** 0 to 60: a leap second is kept as sent. */
    int second;

    int micros;
    /** How many digits of the fraction count, 0 to 6. */
    int fractionDigits;
    /** Seconds east of UTC, or {@link #NO_OFFSET}. */
    int offsetSeconds;
    /** Whether the stamp was a number of seconds since the epoch; the fields are then UTC. */
    boolean epoch;
    /** Those seconds. */
    long epochSecond;

    void clear() {
        present = false;
        canonical = false;
        start = 0;
        year = NO_YEAR;
        month = 0;
        day = 0;
        hour = 0;
        minute = 0;
        second = 0;
        micros = 0;
        fractionDigits = 0;
        offsetSeconds = NO_OFFSET;
        epoch = false;
        epochSecond = 0;
    }

    /** Whether the fields name a day and a time that exist; 29 February without a year is taken for a leap year's. */
    boolean isValid() {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= CivilTime.daysInMonth(year == NO_YEAR ? 2000 : year, month)
                && hour < 24
                && minute < 60
                && second <= 60;
    }
}
