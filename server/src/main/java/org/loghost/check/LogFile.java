package org.loghost.check;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final Set<Path> skipped = new HashSet<>();

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
        if (last == null && !Files.isRegularFile(log)) {
            throw new IOException(
                    log + (Files.exists(log) ? " is no file" : ": no such file") + " (expected: a log file)");
        }
        List<LogStream> streams = open(last);
        try {
            Place end = last == null ? Place.NONE : last;
            for (LogStream stream : streams) {
                boolean rotated = !stream.file().equals(log);
                Place next;
                try {
                    next = stream.read(sink, rotated, nowMillis);
                } catch (IOException damaged) {
                    if (!rotated) {
                        throw damaged;
                    }
                    skip(stream.file(), damaged);
                    continue;
                }
                if (stream.cutLines() > 0) {
                    notices.accept(stream.file() + ": " + stream.cutLines()
                            + " lines of more than 256 KiB; only their beginning was looked at");
                }
                // An empty log tells nothing by which to know it again; the file before it does.
                end = next.offset() > 0 || streams.size() == 1 ? next : end;
            }
            return end;
        } finally {
            for (LogStream stream : streams) {
                stream.close();
            }
        }
    }

    /** Opens all there is to read, the oldest first, and makes sure that nothing was rotated meanwhile. */
    private List<LogStream> open(@Nullable Place last) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String before = names();
            List<LogStream> streams = new ArrayList<>();
            boolean settled = false;
            try {
                boolean found = find(last, streams);
                settled = names().equals(before);
                if (settled) {
                    reportGap(found, last);
                    return streams;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS || names().equals(before)) {
                    throw e;
                }
            } finally {
                if (!settled) {
                    for (LogStream stream : streams) {
                        stream.close();
                    }
                }
            }
            if (attempt == ATTEMPTS) {
                throw new IOException(log + " is being rotated without end; it will be read at the next run");
            }
        }
    }

    private String names() throws IOException {
        return Rotations.of(log) + " " + (Files.exists(log) ? LogStream.inode(log) : "");
    }

    private void reportGap(boolean found, @Nullable Place last) {
        if (!found && last != null && last.offset() > 0) {
            notices.accept(log + " is another file than at the last run, and that one is not beside it"
                    + " (expected: " + log.getFileName() + ".1, -YYYYMMDD or the like, plain or .gz);"
                    + " lines at its end may not have been seen");
        }
    }

    /** Adds what is to be read; returns whether the file of the last run was found. */
    private boolean find(@Nullable Place last, List<LogStream> streams) throws IOException {
        if (last == null) {
            streams.add(LogStream.open(log));
            return true;
        }
        boolean there = Files.exists(log);
        boolean sameInode = there && LogStream.inode(log).equals(last.inode());
        if (last.offset() > 0 && sameInode && addFrom(log, last, streams)) {
            return true;
        }
        boolean found = rotated(last, streams);
        if (!found && last.offset() > 0 && there && addFrom(log, last, streams)) {
            return true;
        }
        if (there) {
            streams.add(LogStream.open(log));
        }
        return found;
    }

    private static boolean addFrom(Path file, Place last, List<LogStream> streams) throws IOException {
        LogStream stream = LogStream.open(file, last);
        return stream != null && streams.add(stream);
    }

    /** One damaged file must not keep those behind it, and the log itself, from being read. */
    private void skip(Path file, IOException why) throws IOException {
        if (why instanceof NoSuchFileException || why.getCause() instanceof NoSuchFileException) {
            throw why; // rotation goes on: all is looked at again
        }
        if (skipped.add(file)) {
            String reason = why instanceof EOFException ? file + ": cut off" : String.valueOf(why.getMessage());
            notices.accept(reason + "; what could not be read of this file was not looked at");
        }
    }

    private boolean rotated(Place last, List<LogStream> streams) throws IOException {
        List<Path> all = Rotations.of(log);
        int found = last.offset() == 0 ? firstWrittenSince(last, all) : indexOf(last, all, streams);
        if (found < 0) {
            return false;
        }
        for (Path later : all.subList(last.offset() == 0 ? found : found + 1, all.size())) {
            try {
                streams.add(LogStream.open(later));
            } catch (IOException unreadable) {
                skip(later, unreadable);
            }
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
    private int indexOf(Place last, List<Path> rotated, List<LogStream> streams) throws IOException {
        for (int i = rotated.size() - 1; i >= 0; i--) {
            try {
                if (addFrom(rotated.get(i), last, streams)) {
                    return i;
                }
            } catch (IOException unreadable) {
                skip(rotated.get(i), unreadable);
            }
        }
        return -1;
    }
}
