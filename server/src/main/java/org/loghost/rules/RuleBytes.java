package org.loghost.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads rule files: regular ones of bounded size, as a pipe would never end and a log file would fill the memory. */
final class RuleBytes {
    /**
     * Bytes of all files together. Compiled rules take some hundred times as much, and during a reload there are two
     * sets. Debian's logcheck-database has half a megabyte.
     */
    static final int MAX_TOTAL = 3 << 19;

    /** A file's start. */
    private static final int LOOKED_AT = 8 * 1024;

    private RuleBytes() {}

    /**
     * The bytes of a file.
     *
     * @throws IOException when it cannot be read, is not a regular file, or is too large
     */
    static byte[] read(Path file) throws IOException {
        return read(file, MAX_TOTAL);
    }

    /** The bytes of a file that may have no more than that. */
    static byte[] read(Path file, int most) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is not a regular file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(most + 1);
        }
        if (bytes.length > most) {
            throw new IOException("it is larger than " + most + " bytes, which is what is left of " + MAX_TOTAL
                    + " for all rule files together");
        }
        return bytes;
    }

    /**
     * Whether it is text in any encoding that grep would take for text: with next to no control characters, at its start
     * and in all. A tab, a form feed and an escape are none.
     */
    static boolean isText(byte[] bytes) {
        int start = Math.min(bytes.length, LOOKED_AT);
        return isText(bytes, start) && isText(bytes, bytes.length);
    }

    private static boolean isText(byte[] bytes, int length) {
        int controls = 0;
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            boolean isBlank = b >= '\t' && b <= '\r';
            boolean isControl = b == 0x7f || (b >= 0 && b < ' ' && b != 0x1b && !isBlank);
            controls += isControl ? 1 : 0;
        }
        return controls * 32L <= length;
    }
}
