package org.loghost.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Holds a data folder for one server: two of them would tear each other's files. The kernel gives the lock back when
 * the process ends, however it ends; the file {@code lock} stays.
 */
public final class DataLock implements Closeable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the folder, which must exist.
     *
     * @throws IOException when another server has it, or it cannot be written; says what to do
     */
    public static DataLock take(Path data) throws IOException {
        FileChannel channel = open(data);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            taken = lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            // Said below.
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new IOException("another loghost runs on this data folder: " + data
                    + " (expected: stop it, or another data folder with --data or data = …)");
        }
        return new DataLock(channel);
    }

    private static FileChannel open(Path data) throws IOException {
        Path file = data.resolve("lock");
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not a regular file (expected: the server's own lock; remove it)");
        }
        try {
            return FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    "the data folder cannot be written: " + data + " (expected: writable by user "
                            + System.getProperty("user.name") + ")",
                    denied);
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
