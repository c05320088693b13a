package org.loghost.metrics;

/**
 * Says when something that may happen with every message or batch is logged: at once, then once a minute at most, with how
 * often it happened since. Whoever logs still counts and posts notices. Any thread.
 */
public final class Seldom {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private long times;
    private long nextNanos;
    private boolean began;

    /**
     * Takes note that it happened.
     *
     * @param more how often, at least 1
     * @param nowNanos {@link System#nanoTime()}
     * @return how often it happened since it was logged last, this included, when it is to be logged now; else 0
     */
    public synchronized long due(long more, long nowNanos) {
        times += more;
        if (began && nowNanos - nextNanos < 0) {
            return 0;
        }
        began = true;
        nextNanos = nowNanos + MINUTE_NANOS;
        long due = times;
        times = 0;
        return due;
    }
}
