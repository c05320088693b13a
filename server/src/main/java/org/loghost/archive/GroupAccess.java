package org.loghost.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the group that may read the archive can come as far as its folder. Any thread. */
public final class GroupAccess {
    private GroupAccess() {}

    /**
     * What keeps the group out: the first folder above the archive's that it may not pass. Folders that are not there yet
     * keep nobody out.
     *
     * @return a text for the operator; null when there is nothing
     */
    public static @Nullable String obstacle(Path archive, String group) {
        Deque<Path> folders = new ArrayDeque<>();
        for (Path folder = archive.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            folders.addFirst(folder);
        }
        for (Path folder : folders) {
            try {
                PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
                if (!maySearch(attributes, group)) {
                    return "archive: group " + group + " cannot read " + archive + ": it may not pass " + folder
                            + " (expected: chgrp " + group + " " + folder + " and chmod g+x, or chmod o+x " + folder
                            + ")";
                }
            } catch (IOException | UnsupportedOperationException unknown) {
                return null;
            }
        }
        return null;
    }

    private static boolean maySearch(PosixFileAttributes folder, String group) {
        Set<PosixFilePermission> mode = folder.permissions();
        boolean isMembers = folder.group().getName().equals(group);
        return mode.contains(isMembers ? PosixFilePermission.GROUP_EXECUTE : PosixFilePermission.OTHERS_EXECUTE);
    }
}
