package org.loghost.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Reads the lines of one file, compressed or not. Holds no state; any thread. */
final class LogLines {
    private static final int BLOCK = 64 * 1024;
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private LogLines() {}

    /** Passes on every line, a last one without line end too. */
    static void all(Path file, String host, ArchiveReader.LineSink sink) throws IOException {
        try (InputStream in = stream(file)) {
            forEach(in, host, sink);
        }
    }

    /** The last lines before {@code end}, oldest first. */
    static Deque<byte[]> last(Path file, long end, int lines) throws IOException {
        Deque<byte[]> last = new ArrayDeque<>();
        ArchiveReader.LineSink keep = (host, bytes, offset, length) -> {
            last.addLast(Arrays.copyOfRange(bytes, offset, offset + length));
            if (last.size() > lines) {
                last.removeFirst();
            }
        };
        if (file.toString().endsWith(DaySeries.GZ)) {
            all(file, "", keep);
            return last;
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file, READ)) {
            long to = Math.min(end, channel.size());
            range(channel, startOfLast(channel, to, lines), to, "", keep);
        }
        return last;
    }

    /** Passes on the lines that begin in the last bytes of a file; whether that is all of it. */
    static boolean end(Path file, long bytes, String host, ArchiveReader.LineSink sink) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file, READ)) {
            long size = channel.size();
            long from = Math.max(0, size - bytes);
            boolean[] inLine = {from > 0};
            range(channel, Math.max(0, from - 1), size, host, (name, line, offset, length) -> {
                if (!inLine[0]) {
                    sink.line(name, line, offset, length);
                }
                inLine[0] = false;
            });
            return from == 0;
        }
    }

    /** Passes on the whole lines between two offsets; returns the offset behind the last of them. */
    static long whole(SeekableByteChannel channel, long from, long to, String host, ArchiveReader.LineSink sink)
            throws IOException {
        long end = to - tornBytes(channel, from, to);
        range(channel, from, end, host, sink);
        return end;
    }

    /** The offset behind the last line end of an open file. */
    static long endOfLines(SeekableByteChannel channel) throws IOException {
        long size = channel.size();
        return size - tornBytes(channel, 0, size);
    }

    static SeekableByteChannel open(Path file) throws IOException {
        return Files.newByteChannel(file, READ);
    }

    private static void range(SeekableByteChannel channel, long from, long to, String host, ArchiveReader.LineSink sink)
            throws IOException {
        ByteArrayOutputStream carry = new ByteArrayOutputStream();
        for (long at = from; at < to; ) {
            byte[] block = block(channel, at, (int) Math.min(BLOCK, to - at));
            if (block.length == 0) {
                break;
            }
            split(block, block.length, carry, host, sink);
            at += block.length;
        }
        rest(carry, host, sink);
    }

    private static long startOfLast(SeekableByteChannel channel, long end, int lines) throws IOException {
        int found = 0;
        // The last line's own end does not count.
        long at = end - 1;
        while (at > 0) {
            int size = (int) Math.min(BLOCK, at);
            byte[] block = block(channel, at - size, size);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n' && ++found == lines) {
                    return at - size + i + 1;
                }
            }
            at -= size;
        }
        return 0;
    }

    private static long tornBytes(SeekableByteChannel channel, long from, long to) throws IOException {
        long at = to;
        while (at > from) {
            int size = (int) Math.min(BLOCK, at - from);
            byte[] block = block(channel, at - size, size);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return to - (at - size + i + 1);
                }
            }
            at -= size;
        }
        return to - from;
    }

    private static byte[] block(SeekableByteChannel channel, long at, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        channel.position(at);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until full or at the file's end
        }
        return buffer.position() == size ? buffer.array() : Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void forEach(InputStream in, String host, ArchiveReader.LineSink sink) throws IOException {
        ByteArrayOutputStream carry = new ByteArrayOutputStream();
        byte[] block = new byte[BLOCK];
        for (int count = in.read(block); count >= 0; count = in.read(block)) {
            split(block, count, carry, host, sink);
        }
        rest(carry, host, sink);
    }

    private static void split(
            byte[] block, int count, ByteArrayOutputStream carry, String host, ArchiveReader.LineSink sink)
            throws IOException {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (block[i] == '\n') {
                if (carry.size() > 0) {
                    carry.write(block, start, i - start);
                    rest(carry, host, sink);
                } else {
                    sink.line(host, block, start, i - start);
                }
                start = i + 1;
            }
        }
        carry.write(block, start, count - start);
    }

    private static void rest(ByteArrayOutputStream carry, String host, ArchiveReader.LineSink sink) throws IOException {
        if (carry.size() > 0) {
            byte[] line = carry.toByteArray();
            carry.reset();
            sink.line(host, line, 0, line.length);
        }
    }

    private static InputStream stream(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        return file.toString().endsWith(DaySeries.GZ) ? new GZIPInputStream(raw, BLOCK) : raw;
    }
}
