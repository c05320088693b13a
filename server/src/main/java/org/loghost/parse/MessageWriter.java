package org.loghost.parse;

import java.time.ZoneId;
import org.loghost.message.Host;
import org.loghost.message.HostNames;
import org.loghost.message.MessageBatch;
import org.loghost.message.Pri;
import org.loghost.message.Sender;

/**
 * Turns one frame into one message of a batch: parses it, asks for the host, and sees to the canonical line.
 *
 * <p>One per event loop; not thread-safe.
 */
public final class MessageWriter {

    /** What became of a frame. */
    public enum Result {
        /** The batch has one message more. */
        WRITTEN,
        /** Nothing was left after trimming; nothing was written. */
        EMPTY,
        /** The sender's name is still being looked up; nothing was written, come again with the same bytes. */
        NAME_PENDING
    }

    private final HostNames names;

    @SuppressWarnings("unused")
    private final ZoneId zone;

    /**
     * @param names tells which host a message belongs to
     * @param zone the zone of the receive time in canonical lines; stamps without a zone are read in
     *     {@code Listener.zone()}
     */
    public MessageWriter(HostNames names, ZoneId zone) {
        this.names = names;
        this.zone = zone;
    }

    /**
     * Writes the frame at {@code [offset, offset + length)} of {@code batch.slab()} as one message. The frame comes
     * without its delimiter; trailing LF, CR and NUL are trimmed here.
     *
     * @param receivedMillis the server's clock when the bytes were read, milliseconds since the epoch
     * @param flags of the framing, for example {@link MessageBatch#TRUNCATED}, or 0
     * @return {@link Result#NAME_PENDING} when the message names no host and its sender's name is not known yet
     */
    public Result write(MessageBatch batch, int offset, int length, Sender sender, long receivedMillis, int flags) {
        return write(batch, offset, length, sender, receivedMillis, flags, false);
    }

    /** As {@link #write}, but a name that is still pending is replaced by the sender's address. */
    public Result writeNow(MessageBatch batch, int offset, int length, Sender sender, long receivedMillis, int flags) {
        return write(batch, offset, length, sender, receivedMillis, flags, true);
    }

    private Result write(
            MessageBatch batch, int offset, int length, Sender sender, long receivedMillis, int flags, boolean now) {
        if (length == 0) {
            return Result.EMPTY;
        }
        Host host = names.unnamed(sender);
        if (host == null) {
            if (!now) {
                return Result.NAME_PENDING;
            }
            host = names.byAddress(sender);
        }
        int i = batch.add(offset, length, Pri.DEFAULT, host, sender, receivedMillis);
        batch.flag(i, flags | MessageBatch.NO_TIMESTAMP);
        return Result.WRITTEN;
    }
}
