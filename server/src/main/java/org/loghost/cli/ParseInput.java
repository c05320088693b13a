package org.loghost.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.loghost.frame.CountedDatagram;
import org.loghost.frame.FrameReceiver;
import org.loghost.frame.PartialFrames;
import org.loghost.frame.StreamFramer;
import org.loghost.listen.ListenerConfig;

/** Standard input of {@code loghost parse} as messages: each as a listener would hand it to the parser. */
final class ParseInput {
    private static final int READ = 64 * 1024;

    private ParseInput() {}

    /**
     * One message a line, empty ones too, so that the output has a line for each.
     *
     * @param escaped whether {@code \xNN} stands for a byte
     */
    static void lines(InputStream in, boolean escaped, FrameReceiver receiver) throws IOException {
        InputStream buffered = new BufferedInputStream(in, READ);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = buffered.read();
        while (b >= 0) {
            if (b == '\n') {
                hand(line, escaped, receiver);
            } else {
                line.write(b);
            }
            b = buffered.read();
        }
        if (line.size() > 0) {
            hand(line, escaped, receiver);
        }
    }

    private static void hand(ByteArrayOutputStream line, boolean escaped, FrameReceiver receiver) {
        byte[] bytes = escaped ? unescaped(line.toByteArray()) : line.toByteArray();
        line.reset();
        if (CountedDatagram.isCounted(bytes, 0, bytes.length)) {
            CountedDatagram.frames(bytes, 0, bytes.length, 0, receiver);
        } else {
            receiver.frame(bytes, 0, bytes.length, 0);
        }
    }

    /** The bytes of one TCP connection, framed as a TCP listener does; empty frames are no messages. */
    static void stream(InputStream in, boolean escaped, FrameReceiver receiver) throws IOException {
        byte[] all = in.readAllBytes();
        byte[] bytes = escaped ? unescaped(all) : all;
        FrameReceiver notEmpty = (frame, offset, length, flags) -> {
            if (length > 0) {
                receiver.frame(frame, offset, length, flags);
            }
        };
        StreamFramer framer =
                new StreamFramer(ListenerConfig.DEFAULT_MAX_MESSAGE, new PartialFrames(PartialFrames.DEFAULT_BUDGET));
        for (int at = 0; at < bytes.length; at += READ) {
            framer.read(bytes, at, Math.min(READ, bytes.length - at), 0, notEmpty);
        }
        framer.end(true, notEmpty);
    }

    /** {@code \xNN} as that byte, everything else as it is; a backslash before {@code xNN} is written {@code \x5c}. */
    static byte[] unescaped(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            boolean escape = text[i] == '\\' && i + 3 < text.length && text[i + 1] == 'x';
            int high = escape ? Character.digit(text[i + 2], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text[i + 3], 16);
            if (low < 0) {
                out.write(text[i]);
            } else {
                out.write(high << 4 | low);
                i += 3;
            }
        }
        return out.toByteArray();
    }
}
