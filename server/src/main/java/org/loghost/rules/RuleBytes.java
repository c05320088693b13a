package org.loghost.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads rule files: regular ones of at most 16 MiB, as a pipe would never end and a log file would fill the memory. */
final class RuleBytes {
    private static final int MAX_FILE = 16 << 20;

    private RuleBytes() {}

    /**
     * The bytes of a file.
     *
     * @throws IOException when it cannot be read, is not a regular file, or is too large
     */
    static byte[] read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is not a regular file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_FILE + 1);
        }
        if (bytes.length > MAX_FILE) {
            throw new IOException(file + " is larger than " + MAX_FILE + " bytes");
        }
        return bytes;
    }
}
