package org.loghost.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns one finished day's {@code .log} into {@code .log.gz}: into a temporary file, synced, and renamed, with the
 * log's time and the archive's permissions. A log that appeared again after its day was compressed (a straggler, a clock
 * set back) becomes a further member of the same {@code .gz}, which {@code zcat} and {@code zgrep} read as one.
 *
 * <p>Works for as long as it rests, so that it takes half a core at most. Housekeeping's thread.
 */
final class Compressor {
    private static final int BLOCK = 256 * 1024;

    private final ArchiveFolder folder;

    Compressor(ArchiveFolder folder) {
        this.folder = folder;
    }

    /** Compresses a day; false when its file is in use or changed meanwhile, and is to be tried again later. */
    boolean compress(DaySeries series, LocalDate day) throws IOException, InterruptedException {
        Path log = series.log(day);
        Path gz = series.gz(day);
        BasicFileAttributes before = ArchiveFolder.attributes(log);
        if (before == null || !before.isRegularFile()) {
            return false;
        }
        BasicFileAttributes earlier = ArchiveFolder.attributes(gz);
        if (earlier != null && !earlier.isRegularFile()) {
            throw new RefusedFileException(gz + " is not a regular file (expected: a gzip file; remove it)");
        }
        Path temporary = series.folder().resolve("." + gz.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        try {
            // A crash between rename and removal leaves a log that its gz holds already.
            boolean done = earlier != null && endsWith(gz, log, before.size());
            if (!done) {
                write(log, earlier == null ? null : gz, temporary);
                Files.getFileAttributeView(temporary, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setTimes(before.lastModifiedTime(), null, null);
            }
            return folder.exclusively(log, () -> replace(series, log, done ? null : temporary, gz, before));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void replace(
            DaySeries series, Path log, @Nullable Path temporary, Path gz, BasicFileAttributes before)
            throws IOException {
        BasicFileAttributes now = ArchiveFolder.attributes(log);
        if (now == null || now.size() != before.size()) {
            return;
        }
        if (temporary != null) {
            Files.move(temporary, gz, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.delete(log);
        BasicFileAttributes link = ArchiveFolder.attributes(series.linkPath());
        if (link != null
                && link.isSymbolicLink()
                && Files.readSymbolicLink(series.linkPath()).equals(log.getFileName())) {
            Files.delete(series.linkPath());
        }
    }

    private void write(Path log, @Nullable Path earlier, Path temporary) throws IOException, InterruptedException {
        try (FileChannel channel = folder.createNew(temporary);
                OutputStream raw = Channels.newOutputStream(channel)) {
            if (earlier != null) {
                try (InputStream in = open(earlier)) {
                    copy(in, raw);
                }
            }
            GZIPOutputStream out = new GZIPOutputStream(raw, BLOCK);
            try (InputStream in = open(log)) {
                copy(in, out);
            }
            out.finish();
            channel.force(true);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException, InterruptedException {
        byte[] block = new byte[BLOCK];
        while (true) {
            long start = System.nanoTime();
            int count = in.readNBytes(block, 0, block.length);
            if (count == 0) {
                return;
            }
            out.write(block, 0, count);
            rest(System.nanoTime() - start);
        }
    }

    /** Sleeps for as long as was worked; throws when the archive is closing. */
    static void rest(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static boolean endsWith(Path gz, Path log, long size) throws IOException {
        long total = 0;
        try (InputStream in = new GZIPInputStream(open(gz), BLOCK)) {
            byte[] block = new byte[BLOCK];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                total += count;
            }
        }
        if (total < size) {
            return false;
        }
        try (InputStream packed = new GZIPInputStream(open(gz), BLOCK);
                InputStream plain = open(log)) {
            packed.skipNBytes(total - size);
            return sameRest(packed, plain);
        }
    }

    private static boolean sameRest(InputStream a, InputStream b) throws IOException {
        while (true) {
            byte[] left = a.readNBytes(BLOCK);
            byte[] right = b.readNBytes(BLOCK);
            if (!Arrays.equals(left, right)) {
                return false;
            }
            if (left.length == 0) {
                return true;
            }
        }
    }

    private static InputStream open(Path file) throws IOException {
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }
}
