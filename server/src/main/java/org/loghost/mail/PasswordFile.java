package org.loghost.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** The file that holds the mail server's password. Whoever may read it may send mail as this server. */
final class PasswordFile {
    private static final long LARGEST = 4_096;

    private PasswordFile() {}

    /** Why the file is not used; empty when it may be. Asked before each login, and when a configuration is checked. */
    static Optional<String> fault(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.of(file
                        + (Files.exists(file)
                                ? ": is no regular file"
                                : ": is not there, or its folder may not be entered")
                        + " (expected: a file that holds the mail server's password)");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                return Optional.of(file + ": others may read or change the mail server's password, so it is not used"
                        + " (expected: mode 0600, or 0640 for a group; chmod o= " + file + ")");
            }
            if (!Files.isReadable(file)) {
                return Optional.of(file + ": may not be read (expected: a file of the user that the server runs as)");
            }
            return Files.size(file) > LARGEST
                    ? Optional.of(file + ": is larger than " + LARGEST + " bytes (expected: one password)")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(file + ": " + e + " (expected: a file that holds the mail server's password)");
        }
    }

    /** The password, without the line end behind it. */
    static String read(Path file) throws IOException {
        Optional<String> fault = fault(file);
        if (fault.isPresent()) {
            throw new IOException(fault.get());
        }
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).stripTrailing();
        } catch (NoSuchFileException gone) {
            throw new IOException(file + ": is not there (expected: the mail server's password)", gone);
        }
    }
}
