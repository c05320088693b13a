package org.loghost.file;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operating system meant by an error: the one place that knows its numbers and its words.
 *
 * <p>The kind of the exception is asked first, then the error number, which Netty's messages hold, and the English words
 * last: what the C library says depends on the machine's language, and is then {@link #OTHER}. So nothing may be decided
 * by words alone where another way is open. Numbers are those of Linux.
 */
public enum OsError {
    /** EACCES: a permission is missing. */
    PERMISSION(13, "permission denied"),
    /** EPERM: a right is missing, or the file is immutable. */
    NOT_PERMITTED(1, "operation not permitted"),
    /** ENOENT: a file or folder is not there. */
    GONE(2, "no such file or directory"),
    /** ENOTDIR: something else stands where a folder is needed. */
    NO_FOLDER(20, "not a directory"),
    /** EISDIR: a folder stands where a file is needed. */
    IS_FOLDER(21, "is a directory"),
    /** ELOOP: a symbolic link that must not be followed, or a circle of them. */
    LINK(40, "too many levels of symbolic links"),
    /** ENAMETOOLONG. */
    NAME_TOO_LONG(36, "file name too long"),
    /** ETXTBSY: a program runs from the file. */
    BUSY(26, "text file busy"),
    /** ENXIO: a pipe that nobody reads, a device that is not there. */
    NO_DEVICE(6, "no such device or address"),
    /** ENOSPC: the disk is full. */
    NO_SPACE(28, "no space left"),
    /** EDQUOT: a quota is used up. */
    QUOTA(122, "quota exceeded"),
    /** EROFS: the file system is mounted read-only. */
    READ_ONLY(30, "read-only file system"),
    /** EIO: the disk is broken. */
    BROKEN(5, "input/output error"),
    /** ESTALE: a network file system has lost the file. */
    STALE(116, "stale file handle"),
    /** EMFILE: the process has used up its file descriptors. */
    TOO_MANY_FILES(24, "too many open files"),
    /** EADDRINUSE: another program has the address and port. */
    IN_USE(98, "in use"),
    /** EADDRNOTAVAIL: the machine does not have the address. */
    NO_ADDRESS(99, "cannot assign requested address"),
    /** EAFNOSUPPORT: the machine does not have the protocol, IPv6 as a rule. */
    NO_PROTOCOL(97, "address family not supported"),
    /** Anything else, and all of the above in words of another language. */
    OTHER(0, "");

    /** {@code bind(..) failed with error(-98): Address already in use}: Netty names the number before the words. */
    private static final Pattern NUMBER = Pattern.compile("\\berror\\(-?([0-9]{1,4})\\)");

    private static final int DEEPEST = 8;

    private final int number;
    private final String words;

    OsError(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /** What an exception, or one of its causes, says; {@link #OTHER} when none says anything known. */
    public static OsError of(Throwable error) {
        Throwable one = error;
        for (int i = 0; one != null && i < DEEPEST; i++) {
            OsError found = ofOne(one);
            if (found != OTHER) {
                return found;
            }
            one = one.getCause();
        }
        return OTHER;
    }

    /** Whether one file or its folder is the cause, as it is or is permitted, and so no other file is concerned. */
    public boolean isOfOneFile() {
        return switch (this) {
            case PERMISSION, NOT_PERMITTED, GONE, NO_FOLDER, IS_FOLDER, LINK, NAME_TOO_LONG, BUSY, NO_DEVICE -> true;
            case NO_SPACE, QUOTA, READ_ONLY, BROKEN, STALE, TOO_MANY_FILES, IN_USE, NO_ADDRESS, NO_PROTOCOL, OTHER ->
                false;
        };
    }

    private static OsError ofOne(Throwable error) {
        if (error instanceof AccessDeniedException) {
            return PERMISSION;
        }
        if (error instanceof NoSuchFileException) {
            return GONE;
        }
        if (error instanceof FileSystemLoopException) {
            return LINK;
        }
        if (error instanceof NotDirectoryException) {
            return NO_FOLDER;
        }
        // Of a file error the reason alone: a path may hold any words.
        String text = error instanceof FileSystemException file ? file.getReason() : error.getMessage();
        return text == null ? OTHER : ofText(text);
    }

    private static OsError ofText(String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (matcher.find()) {
            return ofNumber(Integer.parseInt(matcher.group(1)));
        }
        String lower = text.toLowerCase(Locale.ROOT);
        for (OsError one : values()) {
            if (one != OTHER && lower.contains(one.words)) {
                return one;
            }
        }
        return OTHER;
    }

    private static OsError ofNumber(int number) {
        for (OsError one : values()) {
            if (one.number == number) {
                return one;
            }
        }
        return OTHER;
    }
}
