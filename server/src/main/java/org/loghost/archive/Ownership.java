package org.loghost.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.loghost.file.OsError;

/**
 * Whose files in the archive are taken as its own: this process's, root's, and those of the user who owns the archive's
 * folder. Anybody else could read, or change, what is written to his. Immutable; any thread.
 */
final class Ownership {
    private static final String PROBE = ".owner";
    /** Belongs to the user that the process runs as. */
    private static final Path PROCESS = Path.of("/proc/self");

    private static final String ATTRIBUTES = "unix:uid,nlink";

    private final Set<Object> trusted;

    private Ownership(Set<Object> trusted) {
        this.trusted = trusted;
    }

    /** Nobody's file is refused; before the archive is open. */
    static Ownership unknown() {
        return new Ownership(Set.of());
    }

    /** Finds out by a file made in the folder: who owns it is not always the process's user (NFS). */
    static Ownership in(Path folder) throws IOException {
        Path probe = folder.resolve(PROBE);
        try {
            Files.deleteIfExists(probe);
            Files.createFile(probe);
        } catch (IOException e) {
            if (OsError.of(e).isOfOneFile()) {
                throw e;
            }
            // The disk is full or in trouble: writing is held then, and the server runs all the same.
            return new Ownership(Set.copyOf(List.of(0, Files.getAttribute(PROCESS, "unix:uid"), uid(folder))));
        }
        try {
            return new Ownership(Set.copyOf(List.of(0, uid(probe), uid(folder))));
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** What is wrong with a folder's owner; null when nothing is, or it is not there. */
    @Nullable
    String objectionToFolder(Path folder) throws IOException {
        return objection(folder, true);
    }

    /** What is wrong with the owner, or the links, of a file; null when nothing is, or it is not there. */
    @Nullable
    String objectionToFile(Path file) throws IOException {
        return objection(file, false);
    }

    private @Nullable String objection(Path path, boolean isFolder) throws IOException {
        if (trusted.isEmpty()) {
            return null;
        }
        Map<String, Object> found;
        try {
            found = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return null;
        }
        if (!trusted.contains(found.get("uid"))) {
            return "belongs to another user, number " + found.get("uid");
        }
        boolean linked = !isFolder && found.get("nlink") instanceof Integer links && links > 1;
        return linked ? "has " + found.get("nlink") + " hard links" : null;
    }

    private static Object uid(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
