package org.loghost.parse;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;

/** One sender, one writer and one batch, and the last message written by them. */
final class Frames {
    static final Instant NOW = Instant.parse("2026-11-22T06:30:05Z");

    final Names names = new Names();
    final BatchPool pool = new BatchPool(1);
    MessageBatch batch = pool.poll();
    final Sender sender;
    final MessageWriter writer;

    Frames() {
        this(ZoneOffset.UTC, ZoneOffset.UTC, false);
    }

    Frames(ZoneId serverZone, ZoneId deviceZone, boolean trustSender) {
        sender = new Sender(new Listener("test", Listener.Kind.UDP, trustSender, deviceZone), null);
        writer = new MessageWriter(names, serverZone);
    }

    /** Writes one frame and returns its line, or null when nothing was written. */
    @Nullable
    String line(String frame) {
        return line(frame.getBytes(StandardCharsets.ISO_8859_1), NOW);
    }

    @Nullable
    String line(byte[] frame, Instant now) {
        MessageWriter.Result result = write(frame, now, 0);
        return result == MessageWriter.Result.WRITTEN ? batch.line(last()) : null;
    }

    MessageWriter.Result write(byte[] frame, Instant now, int flags) {
        int offset = put(frame);
        return writer.write(batch, offset, frame.length, sender, now.toEpochMilli(), flags);
    }

    int put(byte[] frame) {
        int offset = batch.reserve(frame.length);
        System.arraycopy(frame, 0, batch.slab(), offset, frame.length);
        batch.advance(frame.length);
        return offset;
    }

    int last() {
        return batch.count() - 1;
    }

    String ruleText() {
        return text(batch.ruleOffset(last()), batch.ruleLength(last()));
    }

    String text(int offset, int length) {
        return new String(batch.slab(), offset, length, StandardCharsets.ISO_8859_1);
    }

    Instant deviceTime() {
        long micros = batch.deviceMicros(last());
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /** Empties the batch, so that a test may write any number of frames. */
    void clear() {
        batch.recycle();
        batch = pool.poll();
    }

    static byte[] unescape(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && i + 3 < bytes.length && bytes[i + 1] == 'x') {
                out.write(Integer.parseInt(new String(bytes, i + 2, 2, StandardCharsets.US_ASCII), 16));
                i += 3;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }

    /** Hosts by name; the sender's own may be made to be pending. */
    static final class Names implements HostNames {
        boolean pending;
        private final Map<String, Host> hosts = new TreeMap<>();
        private final Host own = new Host(0, "192.0.2.50");
        private Host lastNamed = own;

        @Override
        public Sender sender(Listener listener, @Nullable InetAddress address) {
            return new Sender(listener, address);
        }

        @Override
        public Host named(Sender sender, byte[] bytes, int offset, int length) {
            byte[] last = lastNamed.bytes();
            if (Arrays.equals(bytes, offset, offset + length, last, 0, last.length)) {
                return lastNamed;
            }
            String name = new String(bytes, offset, length, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9._-]", "-");
            lastNamed = hosts.computeIfAbsent(name, n -> new Host(hosts.size() + 1, n));
            return lastNamed;
        }

        @Override
        public boolean isKnown(byte[] bytes, int offset, int length) {
            return hosts.containsKey(
                    new String(bytes, offset, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
        }

        @Override
        public @Nullable Host unnamed(Sender sender) {
            return pending ? null : own;
        }

        @Override
        public Host byAddress(Sender sender) {
            return own;
        }
    }
}
