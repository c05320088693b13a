package org.loghost.mail;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before a delivery is tried again: doubling from {@code first} to {@code longest}, a quarter more or
 * less by chance so that many servers do not knock at once.
 *
 * @param first the pause after the first failure
 * @param longest the greatest pause, and the one for mails that were refused for good
 */
public record RetryPauses(Duration first, Duration longest) {

    /** 30 seconds, doubling to an hour. */
    public static RetryPauses defaults() {
        return new RetryPauses(Duration.ofSeconds(30), Duration.ofHours(1));
    }

    /** Nanoseconds to wait after so many failures in a row (at least 1). */
    long nanosAfter(int failures) {
        long pause = first.toNanos();
        for (int i = 1; i < failures && pause < longest.toNanos(); i++) {
            pause *= 2;
        }
        return jittered(Math.min(pause, longest.toNanos()));
    }

    long longestNanos() {
        return jittered(longest.toNanos());
    }

    private static long jittered(long nanos) {
        return (long) (nanos * (0.75 + ThreadLocalRandom.current().nextDouble() / 2));
    }
}
