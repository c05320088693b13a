package org.loghost.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A mail in the outbox's folder, where others may have put something else. */
final class OurMail {
    /** Reports are limited to 8 MiB of log; what is beyond this is none. */
    private static final long LARGEST = 64L << 20;

    private OurMail() {}

    /** The whole mail. */
    static byte[] read(Path mail) throws IOException {
        long size = Files.size(mail);
        if (size > LARGEST) {
            throw new IOException(mail + ": " + size + " bytes (expected: a report of at most " + LARGEST + ")");
        }
        return Files.readAllBytes(mail);
    }
}
