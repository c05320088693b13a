package org.loghost.hosts;

import java.util.concurrent.TimeUnit;

/** Finds out that the machine's clock was set, by the one that only counts. One thread. */
final class ClockSteps {
    /** A clock that is only disciplined moves by much less between two looks. */
    private static final long LEAST_MILLIS = 60_000;

    private long millis;
    private long nanos = System.nanoTime();

    ClockSteps(long nowMillis) {
        this.millis = nowMillis;
    }

    /** How many milliseconds the clock was set forwards, or back, since the last look; 0 when it was not. */
    long take(long nowMillis) {
        long now = System.nanoTime();
        long step = nowMillis - millis - TimeUnit.NANOSECONDS.toMillis(now - nanos);
        millis = nowMillis;
        nanos = now;
        return Math.abs(step) < LEAST_MILLIS ? 0 : step;
    }
}
