package org.loghost.parse;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.loghost.message.BatchPool;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Pri;
import org.loghost.message.Sender;

/**
 * Shows how a frame is understood, as one JSON object on one line; what {@code loghost parse} prints. Each frame is
 * looked at by itself: nothing is learned about its sender.
 *
 * <p>{@code host} is the header's HOSTNAME as sent, or the sender; {@code line} has it as the archive spells it. Text
 * that is absent is the empty string. {@code timestamp} is the device's wall clock with the offset it named, without
 * one when it named none; when no stamp could be read it is the receive time with the offset of the zone.
 *
 * <p>Not thread-safe.
 */
public final class ParseJson {
    private static final DateTimeFormatter RECEIVED = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

    private final BatchPool pool = new BatchPool(1);
    private final String senderHost;
    private final ZoneId zone;
    private final Listener listener;
    private final HostNames names;
    private final MessageWriter writer;

    /**
     * @param senderHost the host of messages that name none
     * @param zone the zone of stamps that name none, and of the receive time
     * @param names spells the hosts as the archive does; its senders have their name at once
     */
    public ParseJson(String senderHost, ZoneId zone, HostNames names) {
        this.senderHost = senderHost;
        this.zone = zone;
        this.listener = new Listener("parse", Listener.Kind.INTERNAL, false, zone);
        this.names = names;
        this.writer = new MessageWriter(names, zone);
    }

    /**
     * The JSON object of one frame, without line end.
     *
     * @param now the receive time
     * @return null when nothing is left of the frame after its trailing LF, CR and NUL are trimmed
     */
    public @Nullable String json(byte[] frame, Instant now) {
        return json(frame, now, 0);
    }

    /** As {@link #json(byte[], Instant)}, with flags of the framing, such as {@link MessageBatch#TRUNCATED}. */
    public @Nullable String json(byte[] frame, Instant now, int flags) {
        MessageBatch batch = Objects.requireNonNull(pool.poll(), "the one batch is always back");
        try {
            return json(batch, frame, now, flags);
        } finally {
            batch.recycle();
        }
    }

    private @Nullable String json(MessageBatch batch, byte[] frame, Instant now, int flags) {
        int offset = batch.reserve(frame.length);
        System.arraycopy(frame, 0, batch.slab(), offset, frame.length);
        batch.advance(frame.length);
        Sender sender = names.sender(listener, null);
        MessageWriter.Result result = writer.writeNow(batch, offset, frame.length, sender, now.toEpochMilli(), flags);
        return result == MessageWriter.Result.EMPTY ? null : object(batch, now);
    }

    private String object(MessageBatch batch, Instant now) {
        byte[] slab = batch.slab();
        ParsedMessage parsed = writer.parsed();
        int pri = batch.pri(0);
        JsonText json = new JsonText()
                .field("pri", pri)
                .field("facility", Pri.facilityName(pri))
                .field("severity", Pri.severityName(pri))
                .field("timestamp", parsed.stamp.present ? iso(parsed.stamp) : iso(now));
        if (parsed.hostLength > 0) {
            json.field("host", slab, parsed.hostOffset, parsed.hostLength);
        } else {
            json.field("host", senderHost);
        }
        return json.field("program", slab, parsed.appNameOffset, parsed.appNameLength)
                .field("pid", slab, parsed.procIdOffset, parsed.procIdLength)
                .field("msgid", slab, parsed.msgIdOffset, parsed.msgIdLength)
                .field("structured_data", slab, parsed.structuredDataOffset, parsed.structuredDataLength)
                .field("message", slab, parsed.messageOffset, parsed.end - parsed.messageOffset)
                .field("line", slab, batch.lineOffset(0), batch.lineLength(0))
                .field("format", parsed.format.text())
                .field("malformed", parsed.malformed)
                .end();
    }

    private String iso(Instant now) {
        return RECEIVED.format(OffsetDateTime.ofInstant(now, zone));
    }

    private static String iso(Stamp stamp) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%04d-%02d-%02dT%02d:%02d:%02d",
                stamp.year,
                stamp.month,
                stamp.day,
                stamp.hour,
                stamp.minute,
                Math.min(59, stamp.second)));
        if (stamp.fractionDigits > 0) {
            String micros = String.format(Locale.ROOT, "%06d", stamp.micros);
            text.append('.').append(micros, 0, stamp.fractionDigits);
        }
        if (stamp.offsetSeconds != Stamp.NO_OFFSET) {
            text.append(offset(stamp.offsetSeconds));
        }
        return text.toString();
    }

    /** RFC 5424 allows offsets that java.time does not know. */
    private static String offset(int seconds) {
        int minutes = Math.abs(seconds) / 60;
        return seconds == 0
                ? "Z"
                : String.format(Locale.ROOT, "%s%02d:%02d", seconds < 0 ? "-" : "+", minutes / 60, minutes % 60);
    }
}
