package org.loghost.parse;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;
import org.loghost.message.HostNames;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;

/**
 * Turns one frame into one message of a batch: parses it, asks for the host, and sees to the canonical line.
 *
 * <p>The line is {@code Mmm dd hh:mm:ss host tag[pid]: text} with the device's own wall clock; a message without stamp
 * carries the receive time. It is a slice of the frame where the wire form already is that line, and rendered into the
 * slab otherwise. A message that was cut ends in {@code [cut]}. Allocates nothing per message.
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

    private static final long MICROS = 1_000_000;
    private static final byte[] NONE = new byte[0];

    private final HostNames names;
    private final ZoneId zone;
    private final SyslogParser parser;
    private final ParsedMessage parsed = new ParsedMessage();
    private final DeviceClock clock;
    private final StampFormatter stamps = new StampFormatter();
    private final CanonicalLine line = new CanonicalLine();

    /**
     * @param names tells which host a message belongs to
     * @param zone the zone of the receive time in canonical lines; stamps without a zone are read in
     *     {@code Listener.zone()}
     */
    public MessageWriter(HostNames names, ZoneId zone) {
        this.names = names;
        this.zone = zone;
        this.parser = new SyslogParser(names);
        this.clock = new DeviceClock(zone);
    }

    /**
     * Writes the frame at {@code [offset, offset + length)} of {@code batch.slab()} as one message. The frame comes
     * without its delimiter and lies within the used bytes; trailing LF, CR and NUL are trimmed here.
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

    /** What was recognised in the last frame, as offsets into the slab. */
    ParsedMessage parsed() {
        return parsed;
    }

    private Result write(
            MessageBatch batch, int offset, int length, Sender sender, long receivedMillis, int flags, boolean now) {
        int used = batch.used();
        int from = offset;
        int end = offset + length;
        if (Utf16.isMarked(batch.slab(), offset, length)) {
            Utf16.decode(batch, offset, length);
            from = used;
            end = batch.used();
        }
        end = trim(batch.slab(), from, end);
        if (from == end) {
            batch.truncate(used);
            return Result.EMPTY;
        }
        parser.parse(batch.slab(), from, end, leavesHostOut(sender), receivedMillis, parsed);
        Host host = host(batch.slab(), sender, now);
        if (host == null) {
            batch.truncate(used);
            return Result.NAME_PENDING;
        }
        remember(sender);
        add(batch, host, sender, receivedMillis, flags);
        return Result.WRITTEN;
    }

    private static int trim(byte[] bytes, int from, int end) {
        int i = end;
        while (i > from && (bytes[i - 1] == '\n' || bytes[i - 1] == '\r' || bytes[i - 1] == 0)) {
            i--;
        }
        return i;
    }

    private @Nullable Host host(byte[] bytes, Sender sender, boolean now) {
        if (parsed.hostLength > 0 && !sender.listener().trustSender()) {
            return names.named(sender, bytes, parsed.hostOffset, parsed.hostLength);
        }
        Host own = names.unnamed(sender);
        return own == null && now ? names.byAddress(sender) : own;
    }

    /** What is seen beyond doubt outweighs: one stray line must not make a relay's hosts disappear. */
    private static boolean leavesHostOut(Sender sender) {
        return sender.tagsInHostPlace() && !sender.namesHosts();
    }

    private void remember(Sender sender) {
        if (parsed.tagInHostPlace && !sender.tagsInHostPlace()) {
            sender.markTagsInHostPlace();
        }
        if (parsed.hostBeyondDoubt && !sender.namesHosts()) {
            sender.markNamesHosts();
        }
    }

    private void add(MessageBatch batch, Host host, Sender sender, long receivedMillis, int flags) {
        long micros = parsed.stamp.present
                ? clock.micros(parsed.stamp, receivedMillis, sender.listener().zone())
                : MessageBatch.NO_TIME;
        byte[] stamp = parsed.stamp.canonical
                ? NONE // it stands in the frame
                : stamp(micros, receivedMillis, sender.listener().zone());
        line.write(batch, parsed, host, stamp, (flags & MessageBatch.TRUNCATED) != 0);
        int i = batch.add(line.offset, line.length, parsed.pri, host, sender, receivedMillis);
        batch.deviceMicros(i, micros);
        batch.flag(i, flags | ownFlags());
        if (parsed.repeat > 1) {
            batch.repeat(i, parsed.repeat);
        }
        if (parsed.ruleEnd > 0 || parsed.rulesFromFields) {
            line.writeRuleText(batch, parsed, host, stamp);
            batch.ruleText(i, line.offset, line.length);
        }
        if (parsed.msgIdLength > 0) {
            int offset = line.harmless(batch, parsed.msgIdOffset, parsed.msgIdLength);
            batch.msgId(i, offset, line.length);
        }
        if (parsed.structuredDataLength > 0) {
            int offset = line.harmless(batch, parsed.structuredDataOffset, parsed.structuredDataLength);
            batch.structuredData(i, offset, line.length);
        }
    }

    private int ownFlags() {
        return (parsed.malformed ? MessageBatch.MALFORMED : 0) | (parsed.stamp.present ? 0 : MessageBatch.NO_TIMESTAMP);
    }

    /** The device's wall clock as sent; of seconds since the epoch, in the listener's zone; else the receive time. */
    private byte[] stamp(long micros, long receivedMillis, ZoneId deviceZone) {
        if (!parsed.stamp.present) {
            long second = Math.floorDiv(receivedMillis, 1000L);
            return stamps.of(second + clock.offsetAt(zone, second));
        }
        if (parsed.stamp.epoch) {
            long second = Math.floorDiv(micros, MICROS);
            return stamps.of(second + clock.offsetAt(deviceZone, second));
        }
        return stamps.of(parsed.stamp);
    }
}
