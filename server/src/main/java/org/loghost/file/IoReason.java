package org.loghost.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;

/** Why a file could not be used, in words: of most of these exceptions the message is the bare path. */
public final class IoReason {
    private IoReason() {}

    /** The reason alone, without the path, for example {@code permission denied}. */
    public static String of(IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (failed instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (failed instanceof FileAlreadyExistsException) {
            return "something of that name is there already";
        }
        if (failed instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (failed instanceof FileSystemLoopException) {
            return "symbolic links lead in a circle";
        }
        if (failed instanceof NotLinkException) {
            return "not a symbolic link";
        }
        if (failed instanceof AtomicMoveNotSupportedException) {
            return "cannot be moved to another file system";
        }
        if (failed instanceof FileSystemException system) {
            return system.getReason() == null ? "it cannot be used" : system.getReason();
        }
        return failed.getMessage() == null ? "it cannot be used" : failed.getMessage();
    }
}
