package org.loghost.check;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A log file that was opened and has been read up to where it was left, compressed or not. What happens to its name
 * from then on does not matter. One thread.
 */
final class LogStream implements Closeable {
    private final Path file;
    private final String inode;
    private final InputStream in;
    private final Fingerprint mark = new Fingerprint();
    private int cutLines;
    private @Nullable String broken;

    private LogStream(Path file, String inode, InputStream in) {
        this.file = file;
        this.inode = inode;
        this.in = in;
    }

    /** A file from its beginning; a failure names the file and says what is wrong with it. */
    static LogStream open(Path file) throws IOException {
        String inode = inode(file);
        InputStream in;
        try {
            in = Files.newInputStream(file);
        } catch (IOException e) {
            throw failure(file, e);
        }
        if (!isCompressed(file)) {
            return new LogStream(file, inode, in);
        }
        try {
            return new LogStream(file, inode, new GZIPInputStream(in, 1 << 16));
        } catch (IOException e) {
            in.close();
            throw failure(file, e);
        }
    }

    /** A file from the place on, if what stands before the place is what was read then; null if not. */
    static @Nullable LogStream open(Path file, Place place) throws IOException {
        LogStream stream = open(file);
        boolean same = false;
        try {
            boolean longEnough = isCompressed(file) || Files.size(file) >= place.offset();
            same = longEnough
                    && stream.skipTo(place.offset())
                    && stream.mark.text().equals(place.mark());
            return same ? stream : null;
        } catch (IOException e) {
            throw failure(file, e);
        } finally {
            if (!same) {
                stream.close();
            }
        }
    }

    /** Many faults of files have a message that is empty or a mere name. */
    static IOException failure(Path file, IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (e instanceof EOFException) {
            reason = "ends too early (expected: a whole gzip file)";
        } else if (e instanceof ZipException) {
            reason += " (expected: a gzip file)";
        } else if (e instanceof AccessDeniedException) {
            reason = "no permission to read it (expected: a file that the user of loghost check may read)";
        } else if (e instanceof NoSuchFileException) {
            reason = "no such file (expected: a log file)";
        } else if (e.getMessage() == null) {
            reason = e.toString();
        }
        return new IOException(file + ": " + reason, e);
    }

    static boolean isCompressed(Path file) {
        return file.toString().endsWith(".gz");
    }

    static String inode(Path file) throws IOException {
        try {
            return String.valueOf(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private boolean skipTo(long offset) throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (mark.length() < offset) {
            long left = offset - mark.length();
            boolean middle = mark.length() >= Fingerprint.EDGE && left > 2L * Fingerprint.EDGE;
            long skipped = middle ? in.skip(left - Fingerprint.EDGE) : 0;
            if (skipped > 0) {
                mark.skip(skipped);
            } else {
                int wanted = middle ? Fingerprint.EDGE : (int) Math.min(buffer.length, left);
                int count = in.read(
                        buffer, 0, mark.length() < Fingerprint.EDGE ? Math.min(wanted, Fingerprint.EDGE) : wanted);
                if (count < 0) {
                    return false;
                }
                mark.add(buffer, 0, count);
            }
        }
        return true;
    }

    Path file() {
        return file;
    }

    String inode() {
        return inode;
    }

    /**
     * Passes the lines from here on. The last one, when it has no LF, may still be written: it is left for the next time,
     * unless the file has ended. Of a line without any end in sight only the beginning is passed on. An ended file that is
     * broken somewhere is read up to there.
     */
    Place read(LogFile.Sink sink, boolean ended, long nowMillis) throws IOException {
        LineBlocks blocks = LineBlocks.cutting(in);
        while (next(blocks, ended)) {
            if (!blocks.isUnfinished() || ended) {
                if (!blocks.isContinuation()) {
                    sink.lines(blocks);
                }
                cutLines += blocks.isCut() && !blocks.isContinuation() ? 1 : 0;
                int last = blocks.count() - 1;
                int first = blocks.offsets()[0];
                int end = blocks.offsets()[last]
                        + blocks.lengths()[last]
                        + (blocks.isUnfinished() || blocks.isCut() ? 0 : 1);
                mark.add(blocks.bytes(), first, end - first);
            }
        }
        return new Place(inode, mark.length(), mark.text(), nowMillis);
    }

    private boolean next(LineBlocks blocks, boolean ended) throws IOException {
        try {
            return blocks.next();
        } catch (IOException e) {
            IOException failure = failure(file, e);
            if (!ended) {
                throw failure;
            }
            broken = failure.getMessage() + "; its lines behind byte " + mark.length() + " were not looked at";
            return false;
        }
    }

    /** What is to be said about the lines read. */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (cutLines > 0) {
            notices.add(file + ": " + cutLines + " lines of more than 256 KiB; only their beginning was looked at");
        }
        if (broken != null) {
            notices.add(broken);
        }
        return notices;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
