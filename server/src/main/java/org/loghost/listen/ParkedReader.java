package org.loghost.listen;

/** One who reads for a {@link BatchFiller} and was made to wait. For the event loop alone. */
@FunctionalInterface
interface ParkedReader {

    /**
     * There is room again: takes what is kept from a read that came too early, and reads on, or
     * {@linkplain BatchFiller#park parks} once more when that has filled the room.
     */
    void goOn();
}
