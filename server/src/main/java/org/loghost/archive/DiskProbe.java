package org.loghost.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Whether the archive's disk takes a write: asked when one of its files did not, to tell the disk's trouble from the
 * file's. An empty file in the archive's folder is there for it, as making one could fail while appending still works.
 */
final class DiskProbe {
    static final String NAME = ".probe";

    private static final int BYTES = 4096;

    private final ByteBuffer block = ByteBuffer.allocateDirect(BYTES);

    /** Makes the file that is written to; that it cannot be made shows when it is needed. */
    void prepare(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            open(file).close();
        }
    }

    /**
     * Writes a block and takes it back.
     *
     * @throws IOException when the disk does not take it
     */
    synchronized void write(Path folder) throws IOException {
        try (FileChannel channel = open(folder.resolve(NAME))) {
            try {
                block.clear();
                while (block.hasRemaining()) {
                    channel.write(block);
                }
            } finally {
                channel.truncate(0);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        BasicFileAttributes there = ArchiveFolder.attributes(file);
        if (there != null && !there.isRegularFile()) {
            throw new RefusedFileException(file + " (expected: a regular file; remove it)"); // a pipe would block
        }
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(ArchiveFolder.FILE_MODE));
    }
}
