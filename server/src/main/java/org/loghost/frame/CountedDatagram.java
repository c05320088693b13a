package org.loghost.frame;

/**
 * Datagrams that begin with the count of octets that belongs to TCP: {@code 1*7DIGIT SP <PRI>}. Each count that fits is
 * honoured, so that several frames in one datagram are several messages; what a wrong count leaves over stays with the
 * text before it. Stateless.
 */
public final class CountedDatagram {
    private CountedDatagram() {}

    /** Whether a count stands before the PRI. Quick for a datagram that begins with {@code <}. */
    public static boolean isCounted(byte[] bytes, int offset, int length) {
        return length > 2 && JoinedBytes.isDigit(bytes[offset]) && text(view(bytes, offset, length), 0) > 0;
    }

    /**
     * Hands on the frames of a datagram for which {@link #isCounted} holds, without their counts.
     *
     * @param flags of the last one, for example that the datagram was cut
     */
    public static void frames(byte[] bytes, int offset, int length, int flags, FrameReceiver receiver) {
        JoinedBytes all = view(bytes, offset, length);
        int text = text(all, 0);
        while (text > 0) {
            int next = next(all, text + all.count());
            int following = next < 0 ? JoinedBytes.NO : text(all, next);
            int end = following > 0 ? next : length;
            receiver.frame(bytes, offset + text, end - text, following > 0 ? 0 : flags);
            text = following;
        }
    }

    /** The place behind {@code end} and the line ends there; -1 when nothing follows. */
    private static int next(JoinedBytes all, int end) {
        int next = end;
        while (next < all.length() && LineEnd.is(all.at(next))) {
            next++;
        }
        return next < all.length() ? next : -1;
    }

    private static int text(JoinedBytes all, int from) {
        int text = all.textBehindCount(from);
        return text > 0 && all.isPri(text) ? text : JoinedBytes.NO;
    }

    private static JoinedBytes view(byte[] bytes, int offset, int length) {
        JoinedBytes view = new JoinedBytes();
        view.wrap(bytes, 0, bytes, offset, offset + length);
        return view;
    }
}
