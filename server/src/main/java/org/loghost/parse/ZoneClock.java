package org.loghost.parse;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * One zone's offsets, answered from the last interval between two clock changes, so that no answer costs an object.
 *
 * <p>One owner thread.
 */
final class ZoneClock {
    private final ZoneRules rules;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private int offset;

    ZoneClock(ZoneId zone) {
        this.rules = zone.getRules();
    }

    /** Seconds east of UTC at an instant. */
    int offsetAt(long epochSecond) {
        if (epochSecond < from || epochSecond >= to) {
            load(epochSecond);
        }
        return offset;
    }

    /**
     * The instant at which the wall clock showed {@code localSecond}. Of an hour that happens twice the one nearer to
     * {@code nearSecond} counts; an hour that does not exist is moved by the change. Never fails.
     */
    long epochSecond(long localSecond, long nearSecond) {
        long first = localSecond - offsetAt(nearSecond);
        int there = offsetAt(first);
        if (localSecond - there == first) {
            return first;
        }
        return localSecond - there;
    }

    private void load(long epochSecond) {
        Instant instant = Instant.ofEpochSecond(epochSecond);
        ZoneOffsetTransition next = rules.nextTransition(instant);
        ZoneOffsetTransition previous = rules.previousTransition(instant.plusSeconds(1));
        offset = rules.getOffset(instant).getTotalSeconds();
        from = previous == null ? Long.MIN_VALUE : previous.toEpochSecond();
        to = next == null ? Long.MAX_VALUE : next.toEpochSecond();
    }
}
