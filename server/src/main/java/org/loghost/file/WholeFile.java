package org.loghost.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces a small file whole: after a crash or a loss of power it holds the old bytes or the new ones. Any thread; two
 * must not replace the same file at once.
 */
public final class WholeFile {
    private WholeFile() {}

    /** Writes the new bytes; the stream is buffered, and not the writer's to close. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Does something to the new file, of mode 0600 until then, before it takes the old one's place. */
    @FunctionalInterface
    public interface Finish {
        void accept(Path fresh) throws IOException;
    }

    /** Replaces a file (0600); on return the disk has it. */
    public static void replace(Path file, byte[] bytes) throws IOException {
        replace(file, out -> out.write(bytes), fresh -> {});
    }

    /** The same for what need not be in memory at once. */
    public static void replace(Path file, Content content) throws IOException {
        replace(file, content, fresh -> {});
    }

    /**
     * The same with another owner or mode. The new file stands beside the old one until then, under a name that begins
     * with a dot.
     *
     * @throws IOException when the file could not be written: the old one is there, and nothing of the new one
     */
    public static void replace(Path file, Content content, Finish finish) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try {
            write(fresh, content, finish);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        syncFolder(file);
    }

    /**
     * Reads a small file whole; nothing when it is not there.
     *
     * @param most the most bytes it may have
     * @throws IOException when it is anything but a regular file, is larger, or cannot be read
     */
    public static Optional<byte[]> read(Path file, long most) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(file)) {
                throw new IOException(file + " is a link that leads nowhere (expected: a file)", e);
            }
            return Optional.empty();
        }
        if (!attributes.isRegularFile()) {
            throw new IOException(file + " is no file (expected: a regular file)");
        }
        if (attributes.size() > most) {
            throw new IOException(file + " has " + attributes.size() + " bytes (expected: at most " + most + ")");
        }
        return Optional.of(Files.readAllBytes(file));
    }

    private static void write(Path fresh, Content content, Finish finish) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
            content.writeTo(out);
            out.flush();
            finish.accept(fresh);
            channel.force(true);
        }
    }

    /** A rename is on disk only when its folder is. */
    private static void syncFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
