package org.loghost.parse;

/**
 * Arithmetic of the proleptic Gregorian calendar on plain numbers, so that a time stamp costs no object.
 *
 * <p>Source: the era method (400 years are 146,097 days; a year counted from March ends with the leap day). One owner
 * thread: {@link #set} fills the fields.
 */
final class CivilTime {
    static final long DAY_SECONDS = 86_400;

    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;

    /** Days since 1970-01-01 of a valid date. */
    static long days(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(y, 400);
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    static boolean isLeap(int year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    static int daysInMonth(int year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Seconds since 1970-01-01T00:00:00 on the wall clock's own scale. */
    static long localSecond(int year, int month, int day, int hour, int minute, int second) {
        return days(year, month, day) * DAY_SECONDS + hour * 3600L + minute * 60L + second;
    }

    /** Fills the fields from seconds on the wall clock's own scale. */
    void set(long localSecond) {
        setDate(Math.floorDiv(localSecond, DAY_SECONDS));
        int secondOfDay = (int) Math.floorMod(localSecond, DAY_SECONDS);
        hour = secondOfDay / 3600;
        minute = secondOfDay / 60 % 60;
        second = secondOfDay % 60;
    }

    private void setDate(long epochDay) {
        long z = epochDay + 719_468;
        long era = Math.floorDiv(z, 146_097L);
        int dayOfEra = (int) (z - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shifted = (5 * dayOfYear + 2) / 153;
        day = dayOfYear - (153 * shifted + 2) / 5 + 1;
        month = shifted < 10 ? shifted + 3 : shifted - 9;
        year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    }
}
