package org.loghost.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The times of day at which reports are due: every so long from midnight by the clock on the wall, so that 30 minutes
 * are :00 and :30, and a day is midnight. Days are counted from a Monday. An hour that the clock runs through twice in
 * autumn has its times twice; one that it leaps over in spring has none.
 */
final class Slots {
    /** 1970-01-01 was a Thursday. */
    private static final int MONDAY = 3;

    private Slots() {}

    /** The first one after {@code now}. */
    static Instant next(Instant now, Duration every, ZoneId zone) {
        LocalDate today = now.atZone(zone).toLocalDate();
        int days = (int) Math.max(1, every.toDays());
        Instant best = null;
        for (LocalDate day = today; best == null; day = day.plusDays(1)) {
            if (Math.floorMod(day.toEpochDay() + MONDAY, days) == 0) {
                best = nextOn(day, now, every, zone);
            }
        }
        return best;
    }

    /** Null when the day has none left. */
    private static @Nullable Instant nextOn(LocalDate day, Instant now, Duration every, ZoneId zone) {
        Instant best = null;
        LocalDateTime end = day.plusDays(1).atStartOfDay();
        for (LocalDateTime slot = day.atStartOfDay(); slot.isBefore(end); slot = slot.plus(every)) {
            ZonedDateTime first = slot.atZone(zone);
            ZonedDateTime second = every.toDays() > 0 ? first : first.withLaterOffsetAtOverlap();
            best = earlier(earlier(best, first.toInstant(), now), second.toInstant(), now);
        }
        return best;
    }

    private static @Nullable Instant earlier(@Nullable Instant best, Instant candidate, Instant now) {
        return candidate.isAfter(now) && (best == null || candidate.isBefore(best)) ? candidate : best;
    }
}
