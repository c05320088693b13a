package org.loghost.frame;

/** What cutting a message at a listener's limit takes away. */
public final class MessageLimit {
    private MessageLimit() {}

    /**
     * Whether text is lost when {@code length} bytes are cut to {@code limit}: not when all that is beyond is one byte
     * of line end (CR, LF or NUL).
     */
    public static boolean losesText(byte[] bytes, int offset, int length, int limit) {
        return length > limit && (length > limit + 1 || !isLineEnd(bytes[offset + limit]));
    }

    private static boolean isLineEnd(int b) {
        return b == '\r' || b == '\n' || b == 0;
    }
}
