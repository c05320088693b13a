package org.loghost.frame;

/** Takes the frames a {@link StreamFramer} finds, on the thread that feeds it. */
@FunctionalInterface
public interface FrameReceiver {

    /**
     * One frame, without its count or its LF. The bytes are valid during the call only.
     *
     * @param length 0 for an empty frame
     * @param flags {@link org.loghost.message.MessageBatch#TRUNCATED} or
     *     {@link org.loghost.message.MessageBatch#MALFORMED}, or 0
     */
    void frame(byte[] bytes, int offset, int length, int flags);
}
