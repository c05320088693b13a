package org.loghost.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.loghost.file.WholeFile;

/**
 * The file that holds a {@link LastRun}, written many times a second: two places in turn, each a text with a checksum, so
 * that a write that is cut short spoils none but itself. A write costs no sync: the death of the process loses nothing,
 * that of the machine what it loses of the archive too. One thread at a time, but for {@link #sync}.
 */
final class RunFile implements Closeable {
    private static final String HEADER = "loghost run 1";
    private static final int PLACE = 16 * 1024;
    private static final long MOST = 2L * PLACE;

    private final Path path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PLACE);
    private volatile @Nullable FileChannel channel;
    private long writes;

    RunFile(Path path) {
        this.path = path;
    }

    /**
     * What was written last; null when there is no file.
     *
     * @throws IOException when it is there and neither place is sound
     */
    @Nullable
    LastRun read() throws IOException {
        byte[] bytes = WholeFile.read(path, MOST).orElse(null);
        if (bytes == null) {
            return null;
        }
        LastRun newest = null;
        for (int from = 0; from < bytes.length; from += PLACE) {
            Map<String, String> place = place(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PLACE)));
            long number = place.isEmpty() ? -1 : number(place, "write");
            if (number > writes || (number >= 0 && newest == null)) {
                newest = run(place);
                writes = number;
            }
        }
        if (newest == null) {
            throw new IOException("no sound record");
        }
        return newest;
    }

    /** The fields of a place; empty when it is not sound. */
    private static Map<String, String> place(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int sumAt = text.lastIndexOf("\nsum ") + 1;
        if (!text.startsWith(HEADER + "\n")
                || sumAt == 0
                || !text.substring(sumAt).strip().equals(sum(text.substring(0, sumAt)))) {
            return Map.of();
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : text.substring(0, sumAt).split("\n", -1)) {
            int blank = line.lastIndexOf(' ');
            if (blank > 0) {
                fields.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        return fields;
    }

    private static LastRun run(Map<String, String> fields) throws IOException {
        ServerMetrics.Reported reported = fields.containsKey("looked")
                ? new ServerMetrics.Reported(time(fields, "looked"), time(fields, "reported"), counts(fields, "told "))
                : null;
        return new LastRun(
                time(fields, "since"),
                time(fields, "until"),
                number(fields, "clean") == 1,
                time(fields, "written"),
                counts(fields, "count "),
                reported);
    }

    /** Those this version knows. */
    private static Map<Count, Long> counts(Map<String, String> fields, String prefix) throws IOException {
        Map<Count, Long> counts = new EnumMap<>(Count.class);
        for (Count count : Count.values()) {
            if (fields.containsKey(prefix + count.name())) {
                counts.put(count, number(fields, prefix + count.name()));
            }
        }
        return counts;
    }

    private static Instant time(Map<String, String> fields, String name) throws IOException {
        return Instant.ofEpochMilli(number(fields, name));
    }

    private static long number(Map<String, String> fields, String name) throws IOException {
        try {
            return Long.parseLong(fields.getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            throw new IOException(name + ": no number", e);
        }
    }

    /** Writes over the older place. */
    void write(LastRun run) throws IOException {
        StringBuilder text = new StringBuilder(2_048).append(HEADER).append('\n');
        line(text, "write", ++writes);
        line(text, "since", run.since().toEpochMilli());
        line(text, "until", run.until().toEpochMilli());
        line(text, "clean", run.clean() ? 1 : 0);
        line(text, "written", run.writtenUntil().toEpochMilli());
        run.counts().forEach((count, value) -> line(text, "count " + count.name(), value));
        ServerMetrics.Reported reported = run.reported();
        if (reported != null) {
            line(text, "looked", reported.until().toEpochMilli());
            line(text, "reported", reported.at().toEpochMilli());
            reported.counts().forEach((count, value) -> line(text, "told " + count.name(), value));
        }
        text.append(sum(text.toString())).append('\n');
        if (text.length() > PLACE) {
            throw new IOException(text.length() + " bytes (expected: at most " + PLACE + ")");
        }
        buffer.clear();
        buffer.put(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        while (buffer.hasRemaining()) {
            buffer.put((byte) '\n');
        }
        buffer.flip();
        FileChannel to = channel();
        for (long at = (writes & 1) * PLACE; buffer.hasRemaining(); ) {
            at += to.write(buffer, at);
        }
    }

    /** Brings what was written to the disk; any thread. */
    void sync() throws IOException {
        FileChannel open = channel;
        if (open != null && open.isOpen()) {
            open.force(true);
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            channel = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static String sum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(Locale.ROOT, "sum %08x", checksum.getValue());
    }
}
