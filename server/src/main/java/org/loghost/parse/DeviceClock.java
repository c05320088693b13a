package org.loghost.parse;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * From a device's wall clock to the time line: the missing year is the one nearest to the receive time, a missing
 * offset is that of the listener's zone.
 *
 * <p>One owner thread.
 */
final class DeviceClock {
    private static final long MICROS = 1_000_000;
    private static final long HALF_YEAR_SECONDS = 180 * CivilTime.DAY_SECONDS;
    /** Between two leap years lie at most eight years (1896 to 1904). */
    private static final int LEAP_YEAR_DISTANCE = 8;

    private final Map<ZoneId, ZoneClock> clocks = new HashMap<>();
    private final CivilTime received = new CivilTime();
    private long wallSecond = Long.MIN_VALUE;
    private ZoneId zone;
    private ZoneClock clock;

    /** @param zone the zone that is asked for most */
    DeviceClock(ZoneId zone) {
        this.zone = zone;
        this.clock = new ZoneClock(zone);
        clocks.put(zone, clock);
    }

    /** Seconds east of UTC in a zone at an instant. */
    int offsetAt(ZoneId wanted, long epochSecond) {
        select(wanted);
        return clock.offsetAt(epochSecond);
    }

    /**
     * Microseconds since the epoch of a stamp that is present; sets its year when it has none.
     *
     * @param wanted the zone of stamps that name none
     */
    long micros(Stamp stamp, long receivedMillis, ZoneId wanted) {
        select(wanted);
        long receivedSecond = Math.floorDiv(receivedMillis, 1000L);
        long second;
        if (stamp.year == Stamp.NO_YEAR) {
            second = nearest(stamp, receivedSecond);
        } else {
            second = epochSecond(stamp, stamp.year, receivedSecond);
        }
        return second * MICROS + stamp.micros;
    }

    private long nearest(Stamp stamp, long receivedSecond) {
        long wall = receivedSecond + clock.offsetAt(receivedSecond);
        if (wall != wallSecond) {
            received.set(wall);
            wallSecond = wall;
        }
        boolean leapDay = stamp.month == 2 && stamp.day == 29;
        if (!leapDay) {
            long second = epochSecond(stamp, received.year, receivedSecond);
            if (Math.abs(second - receivedSecond) <= HALF_YEAR_SECONDS) {
                stamp.year = received.year;
                return second;
            }
        }
        int reach = leapDay ? LEAP_YEAR_DISTANCE : 1;
        long best = 0;
        for (int year = received.year - reach; year <= received.year + reach; year++) {
            if (leapDay && !CivilTime.isLeap(year)) {
                continue;
            }
            long second = epochSecond(stamp, year, receivedSecond);
            if (stamp.year == Stamp.NO_YEAR || Math.abs(second - receivedSecond) < Math.abs(best - receivedSecond)) {
                best = second;
                stamp.year = year;
            }
        }
        return best;
    }

    private long epochSecond(Stamp stamp, int year, long receivedSecond) {
        // A leap second is the last second of its minute: the time line has no 60.
        long local = CivilTime.localSecond(
                year, stamp.month, stamp.day, stamp.hour, stamp.minute, Math.min(59, stamp.second));
        return stamp.offsetSeconds == Stamp.NO_OFFSET
                ? clock.epochSecond(local, receivedSecond)
                : local - stamp.offsetSeconds;
    }

    private void select(ZoneId wanted) {
        if (wanted.equals(zone)) {
            return;
        }
        ZoneClock known = clocks.get(wanted);
        if (known == null) {
            known = new ZoneClock(wanted);
            clocks.put(wanted, known);
        }
        zone = wanted;
        clock = known;
    }
}
