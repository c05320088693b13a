package org.loghost.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.loghost.message.MessageBatch;

/** A framer whose frames are kept as text, and how many bytes went in and came out. */
final class FramesOf {
    private final List<String> frames = new ArrayList<>();
    private final StreamFramer framer;
    private final FrameReceiver receiver = this::take;
    private long in;
    private long out;

    FramesOf(int maxMessage) {
        framer = new StreamFramer(maxMessage, new PartialFrames(1 << 24));
    }

    FramesOf read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return read(bytes, 0, bytes.length, 0);
    }

    FramesOf read(byte[] bytes, int from, int to, long now) {
        in += to - from;
        framer.read(bytes, from, to - from, now, receiver);
        return this;
    }

    /** Each byte in a read of its own, or a few together. */
    FramesOf readInPieces(byte[] bytes, Random random, int most) {
        return readInPieces(bytes, random, most, Set.of());
    }

    /** The same, but no read ends at one of {@code notAt}. */
    FramesOf readInPieces(byte[] bytes, Random random, int most, Set<Integer> notAt) {
        int at = 0;
        while (at < bytes.length) {
            int next = Math.min(bytes.length, at + 1 + random.nextInt(most));
            while (next < bytes.length && notAt.contains(next)) {
                next++;
            }
            read(bytes, at, next, 0);
            at = next;
        }
        return this;
    }

    FramesOf expire() {
        framer.expire(1, receiver);
        return this;
    }

    FramesOf end() {
        framer.end(true, receiver);
        return this;
    }

    StreamFramer framer() {
        return framer;
    }

    /** The frames so far without their marks. */
    List<String> texts() {
        return frames.stream()
                .map(frame -> frame.substring(frame.indexOf('|') + 1))
                .toList();
    }

    /** The frames so far, with {@code TRUNCATED|} or {@code MALFORMED|} before those marked so. */
    List<String> marked() {
        return frames;
    }

    /** Bytes that are neither in a frame nor skipped nor kept. */
    long between() {
        return in - out - framer.skipped() - framer.pending();
    }

    private void take(byte[] bytes, int offset, int length, int flags) {
        out += length;
        String mark = (flags & MessageBatch.TRUNCATED) != 0
                ? "TRUNCATED|"
                : (flags & MessageBatch.MALFORMED) != 0 ? "MALFORMED|" : "";
        frames.add(mark + new String(bytes, offset, length, UTF_8));
    }
}
