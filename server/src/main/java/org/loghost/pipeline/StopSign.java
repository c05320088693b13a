package org.loghost.pipeline;

/** Tells the pipeline's threads that they have to end, and by when. Any thread. */
final class StopSign {
    private volatile boolean stopping;
    private volatile long deadline;

    /** @param nanos when everything has to be done, by {@link System#nanoTime()} */
    void stopBy(long nanos) {
        deadline = nanos;
        stopping = true;
    }

    /** Whether nothing more is accepted. */
    boolean isStopping() {
        return stopping;
    }

    /** Whether there is no time left for what was accepted. */
    boolean isOver() {
        return stopping && System.nanoTime() - deadline >= 0;
    }

    /** By when everything has to be done; once {@link #isStopping}. */
    long deadline() {
        return deadline;
    }
}
