package org.loghost.archive;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.Arrays;

/**
 * Writes times as {@code 2026-11-23T08:15:00.123+01:00} (RFC 3339) without allocation: dates and offsets are remembered
 * per day and per quarter of an hour, the finest step at which zones change. One owner thread.
 */
final class IsoTime {
    /** The most bytes a time takes. */
    static final int MAX_BYTES = 32;

    private static final int SLOTS = 64;
    private static final long MICROS = 1_000_000;
    private static final int QUARTER = 900;
    private static final int DAY = 86_400;

    private final ZoneRules rules;
    private final long[] quarters = new long[SLOTS];
    private final int[] offsets = new int[SLOTS];
    private final long[] days = new long[SLOTS];
    private final int[] dates = new int[SLOTS];

    IsoTime(ZoneId zone) {
        rules = zone.getRules();
        Arrays.fill(quarters, Long.MIN_VALUE);
        Arrays.fill(days, Long.MIN_VALUE);
    }

    /** Writes a time with {@code digits} (0, 3 or 6) digits of the second's fraction; returns where it ends. */
    int write(long epochMicros, int digits, byte[] out, int at) {
        long second = Math.floorDiv(epochMicros, MICROS);
        int offset = offset(second);
        long local = second + offset;
        int date = date(Math.floorDiv(local, (long) DAY));
        if (date < 0) {
            out[at] = '-';
            return at + 1;
        }
        int time = (int) Math.floorMod(local, (long) DAY);
        int end = number(date / 10_000, 4, out, at);
        out[end++] = '-';
        end = number(date / 100 % 100, 2, out, end);
        out[end++] = '-';
        end = number(date % 100, 2, out, end);
        out[end++] = 'T';
        end = clock(time, out, end);
        out[end++] = ':';
        end = number(time % 60, 2, out, end);
        if (digits > 0) {
            out[end++] = '.';
            int fraction = (int) Math.floorMod(epochMicros, MICROS);
            end = number(digits == 3 ? fraction / 1000 : fraction, digits, out, end);
        }
        out[end++] = (byte) (offset < 0 ? '-' : '+');
        return clock(Math.abs(offset), out, end);
    }

    private static int clock(int seconds, byte[] out, int at) {
        int end = number(seconds / 3600, 2, out, at);
        out[end++] = ':';
        return number(seconds / 60 % 60, 2, out, end);
    }

    private static int number(int value, int digits, byte[] out, int at) {
        int rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private int offset(long second) {
        long quarter = Math.floorDiv(second, (long) QUARTER);
        int slot = (int) (quarter & (SLOTS - 1));
        if (quarters[slot] != quarter) {
            quarters[slot] = quarter;
            offsets[slot] = rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
        }
        return offsets[slot];
    }

    /** The date as the number yyyymmdd, or -1 outside the years 0 to 9999. */
    private int date(long day) {
        int slot = (int) (day & (SLOTS - 1));
        if (days[slot] != day) {
            LocalDate date = LocalDate.ofEpochDay(Math.max(-1_000_000, Math.min(day, 4_000_000)));
            boolean printable = date.getYear() >= 0 && date.getYear() <= 9999;
            days[slot] = day;
            dates[slot] = printable ? date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth() : -1;
        }
        return dates[slot];
    }
}
