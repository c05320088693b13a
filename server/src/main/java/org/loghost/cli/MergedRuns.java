package org.loghost.cli;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs an action when asked, one run at a time, on the thread that asks first. What is asked for during a run is done by
 * one more run after it, however often it was asked for; those who ask do not wait.
 */
final class MergedRuns {
    private final Runnable action;
    private final AtomicInteger asked = new AtomicInteger();

    MergedRuns(Runnable action) {
        this.action = action;
    }

    /** What was there when this was called is seen by a run that begins after it. Any thread. */
    void ask() {
        if (asked.getAndIncrement() > 0) {
            return;
        }
        boolean done = false;
        try {
            while (!done) {
                int seen = asked.get();
                action.run();
                done = asked.compareAndSet(seen, 0);
            }
        } finally {
            if (!done) {
                asked.set(0); // it failed: the next one who asks gets a run all the same
            }
        }
    }
}
