package org.loghost.message;

/** Where filled batches go: the seam between the listeners and the pipeline. Any thread; never blocks for long. */
@FunctionalInterface
public interface BatchSink {

    /**
     * Takes a filled batch over; the caller must not touch it again. Batches of one caller keep their order. The number
     * of batches in flight is bounded by their pool, so there is always room.
     */
    void accept(MessageBatch batch);
}
