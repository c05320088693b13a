package org.loghost.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was appended to a log since a {@link Place}: the rest of the file that was read then, wherever rotation has put
 * it, every file that came after it, and the log as it is now. Files are known by content: rotation by renaming, by
 * copying and truncating, and compression afterwards all leave that. One thread.
 */
final class LogFile {
    /** Rotation takes moments: a run that meets it looks again. */
    private static final int ATTEMPTS = 10;

    /** By so many milliseconds a file's time may lag behind the clock. */
    private static final int CLOCK_TICK = 10;

    private final Path log;
    private final Consumer<String> notices;

    /** Takes lines block by block. */
    @FunctionalInterface
    interface Sink {
        /** The block is valid during the call alone. */
        void lines(LineBlocks block) throws IOException;
    }

    LogFile(Path log, Consumer<String> notices) {
        this.log = log;
        this.notices = notices;
    }

    /** Passes the new lines on, and returns the place to go on from next time. */
    Place read(@Nullable Place last, Sink sink, long nowMillis) throws IOException {
        try (LogStreams streams = open(last)) {
            Place end = last == null ? Place.NONE : last;
            for (LogStream stream : streams.all()) {
                boolean live = stream.file().equals(log);
                LogStream rest = live ? behindCopy(last, end) : null;
                Place next = read(rest == null ? stream : rest, sink, nowMillis);
                // An empty log tells nothing by which to know it again; the file before it does.
                end = next.offset() > 0 || streams.all().size() == 1 ? next : end;
            }
            return end;
        }
    }

    private Place read(LogStream stream, Sink sink, long nowMillis) throws IOException {
        try (stream) {
            Place next = stream.read(sink, !stream.file().equals(log), nowMillis);
            stream.notices().forEach(notices);
            return next;
        }
    }

    /**
     * Between copying and truncating, the newest rotated file and the log are the same lines: once the copy has been read,
     * the log is to be read from there on. Null when it is not so.
     */
    private @Nullable LogStream behindCopy(@Nullable Place last, Place end) throws IOException {
        boolean copied = last != null && !end.equals(last) && last.inode().equals(inode(log));
        return copied && end.offset() > 0 ? LogStream.open(log, end) : null;
    }

    /** Opens all there is to read, the oldest first, and makes sure that nothing was rotated meanwhile. */
    private LogStreams open(@Nullable Place last) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String before = names();
            LogStreams streams = new LogStreams();
            boolean settled = false;
            try {
                boolean found = find(last, streams);
                settled = names().equals(before);
                if (settled) {
                    streams.skipped().forEach(notices);
                    if (streams.all().isEmpty()) {
                        throw new IOException(log + ": no such file, nor the one of the last run beside it"
                                + " (expected: a log file)");
                    }
                    reportGap(found, last);
                    return streams;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS || names().equals(before)) {
                    throw e;
                }
            } finally {
                if (!settled) {
                    streams.close();
                }
            }
            if (attempt == ATTEMPTS) {
                throw new IOException(log + " is being rotated without end; it will be read at the next run");
            }
        }
    }

    private String names() throws IOException {
        StringBuilder names = new StringBuilder();
        for (Path rotated : Rotations.of(log)) {
            names.append(rotated).append(' ').append(inode(rotated)).append('\n');
        }
        return names.append(inode(log)).toString();
    }

    /** Between two steps of a rotation nothing may be there. */
    private static String inode(Path file) {
        try {
            return LogStream.inode(file);
        } catch (IOException gone) {
            return "";
        }
    }

    private void reportGap(boolean found, @Nullable Place last) {
        if (!found && last != null && last.offset() > 0) {
            notices.accept(log + " is another file than at the last run, and that one is not beside it"
                    + " (expected: " + log.getFileName() + ".1, -YYYYMMDD or the like, plain or .gz);"
                    + " lines at its end may not have been seen");
        }
    }

    /** Adds what is to be read; returns whether the file of the last run was found. */
    private boolean find(@Nullable Place last, LogStreams streams) throws IOException {
        boolean there = isThere();
        if (last == null) {
            streams.add(log);
            return true;
        }
        boolean sameInode = there && LogStream.inode(log).equals(last.inode());
        if (last.offset() > 0 && sameInode && streams.addFrom(log, last)) {
            return true;
        }
        boolean found = rotated(last, streams);
        if (!found && last.offset() > 0 && there && streams.addFrom(log, last)) {
            return true;
        }
        if (there) {
            streams.add(log);
        }
        return found;
    }

    /** Opening anything but a file could wait for ever. */
    private boolean isThere() throws IOException {
        boolean regular = Files.isRegularFile(log);
        if (!regular && Files.exists(log)) {
            throw new IOException(log + " is no file (expected: a log file)");
        }
        return regular;
    }

    private boolean rotated(Place last, LogStreams streams) throws IOException {
        List<Path> all = Rotations.of(log);
        int found = last.offset() == 0 ? firstWrittenSince(last, all) : indexOf(last, all, streams);
        if (found < 0) {
            return false;
        }
        for (Path later : all.subList(last.offset() == 0 ? found : found + 1, all.size())) {
            streams.addRotated(later);
        }
        return true;
    }

    /** Nothing had been read of the file: it is the one with that inode, or else the first that was written to since. */
    private static int firstWrittenSince(Place last, List<Path> rotated) throws IOException {
        for (int i = 0; i < rotated.size(); i++) {
            Path file = rotated.get(i);
            if (LogStream.inode(file).equals(last.inode())
                    || Files.getLastModifiedTime(file).toMillis() + CLOCK_TICK > last.millis()) {
                return i;
            }
        }
        return -1;
    }

    /** The newest that begins with what was read; opened where it was left. */
    private static int indexOf(Place last, List<Path> rotated, LogStreams streams) {
        for (int i = rotated.size() - 1; i >= 0; i--) {
            if (streams.addRotatedFrom(rotated.get(i), last)) {
                return i;
            }
        }
        return -1;
    }
}
