package org.loghost.mail;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before a delivery is tried again: doubling from {@code first} to {@code longest}, a quarter more or
 * less by chance so that many servers do not knock at once. Mails that were refused for good begin with
 * {@code longest} and double to 24 times that.
 *
 * @param first the pause after the first failure
 * @param longest the greatest pause, and the first one for mails that were refused for good
 */
public record RetryPauses(Duration first, Duration longest) {
    private static final int REFUSED_TIMES = 24;

    /** 30 seconds, doubling to an hour; for a mail that was refused for good an hour, doubling to a day. */
    public static RetryPauses defaults() {
        return new RetryPauses(Duration.ofSeconds(30), Duration.ofHours(1));
    }

    /** Nanoseconds to wait after so many failures in a row (at least 1). */
    long nanosAfter(int failures) {
        return doubled(first.toNanos(), longest.toNanos(), failures);
    }

    /** Nanoseconds to wait after so many refusals for good in a row (at least 1). */
    long nanosAfterRefusal(int refusals) {
        return doubled(longest.toNanos(), longest.toNanos() * REFUSED_TIMES, refusals);
    }

    private static long doubled(long least, long most, int times) {
        long pause = least;
        for (int i = 1; i < times && pause < most; i++) {
            pause *= 2;
        }
        return jittered(Math.min(pause, most));
    }

    private static long jittered(long nanos) {
        return (long) (nanos * (0.75 + ThreadLocalRandom.current().nextDouble() / 2));
    }
}
