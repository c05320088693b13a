package org.loghost.rules;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.loghost.file.WholeFile;

/**
 * A small file that the operator's commands write and the server reads, as another user: it is replaced whole, and keeps
 * its owner, group and mode, whoever runs the command and whatever the umask is. A new file takes after its folder.
 */
final class SharedFile {
    private SharedFile() {}

    /**
     * Replaces a file, or the one that a symbolic link leads to; on return the disk has it.
     *
     * @throws IOException when it cannot be written, or would not be readable for whom it belongs to
     */
    static void replace(Path file, byte[] bytes) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path folder = parent(target);
        makeFolder(folder);
        boolean isNew = !Files.exists(target);
        PosixFileAttributes like = attributes(isNew ? folder : target);
        Set<PosixFilePermission> mode = isNew ? forFile(like.permissions()) : like.permissions();
        WholeFile.replace(target, out -> out.write(bytes), fresh -> give(fresh, like, mode, target));
    }

    /**
     * Keeps other commands from writing a file until the channel is closed; the lock is a file beside it.
     *
     * @throws IOException when another one writes it now
     */
    static FileChannel lock(Path file) throws IOException {
        Path folder = parent(file.toAbsolutePath());
        makeFolder(folder);
        Path lock = folder.resolve("." + file.getFileName() + ".lock");
        boolean isNew = !Files.exists(lock);
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (isNew) {
                PosixFileAttributes like = attributes(folder);
                give(lock, like, withoutExecution(like.permissions()), lock);
            }
            if (locked(channel) == null) {
                throw new IOException(file + " is being written by another command (expected: try again)");
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // By this very process.
        }
    }

    private static Path parent(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file (expected: a file in a folder)");
        }
        return folder;
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Path above = parent(folder);
            makeFolder(above);
            Files.createDirectory(folder);
            PosixFileAttributes like = attributes(above);
            give(folder, like, like.permissions(), folder);
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class);
    }

    /** Makes it the other one's; where this user may not, it must be readable for everyone. */
    private static void give(Path path, PosixFileAttributes like, Set<PosixFilePermission> mode, Path shown)
            throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes now = view.readAttributes();
        try {
            if (!now.group().equals(like.group())) {
                view.setGroup(like.group());
            }
            if (!now.owner().equals(like.owner())) {
                view.setOwner(like.owner());
            }
        } catch (FileSystemException e) {
            if (!mode.contains(PosixFilePermission.OTHERS_READ)) {
                String owner = like.owner().getName();
                throw new IOException(
                        shown + " should belong to " + owner + ", group "
                                + like.group().getName() + ", which "
                                + now.owner().getName() + " may not do (expected: run it as root or as " + owner + ")",
                        e);
            }
        }
        view.setPermissions(mode);
    }

    private static Set<PosixFilePermission> withoutExecution(Set<PosixFilePermission> mode) {
        Set<PosixFilePermission> kept = EnumSet.copyOf(mode);
        kept.removeAll(Set.of(
                PosixFilePermission.OWNER_EXECUTE,
                PosixFilePermission.GROUP_EXECUTE,
                PosixFilePermission.OTHERS_EXECUTE));
        return kept;
    }

    /** Who may list the folder may read the file; its owner alone may write it. */
    private static Set<PosixFilePermission> forFile(Set<PosixFilePermission> folder) {
        Set<PosixFilePermission> mode = withoutExecution(folder);
        mode.removeAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
        return mode;
    }
}
