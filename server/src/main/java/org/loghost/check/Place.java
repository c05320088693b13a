package org.loghost.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.loghost.file.WholeFile;

/**
 * How far a log file has been read: the file is known again by its inode and by the bytes at its beginning and before
 * the place, whatever its name is by then. Immutable.
 *
 * @param inode the file's number, or what the system has for it
 * @param offset how many bytes were read; all of them whole lines, unless the file had ended
 * @param mark the fingerprint of what was read
 * @param millis when it was read, by the machine's clock
 */
record Place(String inode, long offset, String mark, long millis) {
    private static final String HEADER = "loghost check 1";

    /** Nothing was read yet. */
    static final Place NONE = new Place("", 0, "", 0);

    /** The place kept in a file; null when there is none. */
    static @Nullable Place load(Path file) throws IOException {
        try {
            String[] lines = Files.readString(file, StandardCharsets.UTF_8).split("\n", -1);
            if (lines.length < 5 || !lines[0].equals(HEADER)) {
                throw new IOException(file + " is no state file of loghost check (expected: \"" + HEADER
                        + "\" in its first line; delete it to read the log from its beginning)");
            }
            return new Place(lines[1], Long.parseLong(lines[2]), lines[3], Long.parseLong(lines[4]));
        } catch (NoSuchFileException e) {
            return null;
        } catch (NumberFormatException e) {
            throw new IOException(file + " is damaged (delete it to read the log from its beginning)", e);
        }
    }

    /** Replaces the file (0600) whole. */
    void save(Path file) throws IOException {
        String text = String.join("\n", HEADER, inode, String.valueOf(offset), mark, String.valueOf(millis)) + "\n";
        WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
