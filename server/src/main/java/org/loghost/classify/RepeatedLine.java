package org.loghost.classify;

import java.nio.charset.StandardCharsets;
import org.loghost.message.MessageBatch;

/**
 * Recognises {@code last message repeated N times}, as classic syslog daemons write it: right behind the host, without
 * a tag, and nothing after it. Text that merely holds these words is not one, or it could hide behind the message
 * before it.
 */
final class RepeatedLine {
    private static final byte[] WORDS = "last message repeated ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DASHES = "--- ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TIME = " time".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLURAL = {'s'};
    private static final byte[] DASHES_BEHIND = " ---".getBytes(StandardCharsets.US_ASCII);
    /** {@code Mmm dd hh:mm:ss} and the blanks around the host. */
    private static final int STAMP_AND_BLANKS = 17;

    private RepeatedLine() {}

    static boolean is(MessageBatch batch, int i) {
        int start = STAMP_AND_BLANKS + batch.host(i).lineBytes().length;
        int length = batch.ruleLength(i);
        if (length < start + WORDS.length) {
            return false;
        }
        byte first = batch.slab()[batch.ruleOffset(i) + start];
        return (first == 'l' || first == '-')
                && isRepeat(batch.slab(), batch.ruleOffset(i) + start, batch.ruleOffset(i) + length);
    }

    private static boolean isRepeat(byte[] bytes, int start, int end) {
        int at = startsWith(bytes, start, end, DASHES) ? start + DASHES.length : start; // macOS
        if (!startsWith(bytes, at, end, WORDS)) {
            return false;
        }
        at += WORDS.length;
        int digits = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == digits) {
            return false;
        }
        at = after(bytes, at, end, TIME);
        at = at < 0 ? at : Math.max(at, after(bytes, at, end, PLURAL));
        at = at < 0 ? at : Math.max(at, after(bytes, at, end, DASHES_BEHIND));
        return at == end;
    }

    private static int after(byte[] bytes, int start, int end, byte[] words) {
        return startsWith(bytes, start, end, words) ? start + words.length : -1;
    }

    private static boolean startsWith(byte[] bytes, int start, int end, byte[] words) {
        if (end - start < words.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (bytes[start + i] != words[i]) {
                return false;
            }
        }
        return true;
    }
}
