package org.loghost.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsErrorTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "No space left on device, NO_SPACE",
        "Disk quota exceeded, QUOTA",
        "Read-only file system, READ_ONLY",
        "Input/output error, BROKEN",
        "Too many open files, TOO_MANY_FILES",
        "Operation not permitted, NOT_PERMITTED",
        "Is a directory, IS_FOLDER",
        "Address already in use, IN_USE",
        "Auf dem Gerät ist kein Speicherplatz mehr verfügbar, OTHER",
        "bind(..) failed with error(-98): Die Adresse wird bereits verwendet, IN_USE",
        "socket(..) failed with error(-97): Adreßfamilie wird nicht unterstützt, NO_PROTOCOL",
        "something failed with error(-4711): odd, OTHER"
    })
    void wordsAndNumbersAreKnown(String message, OsError expected) {
        assertThat(OsError.of(new IOException(message))).isEqualTo(expected);
        assertThat(OsError.of(new IOException("outer", new IOException(message))))
                .isEqualTo(expected);
        assertThat(OsError.of(new FileSystemException("/a/b", null, message))).isEqualTo(expected);
    }

    @Test
    void theKindOfTheExceptionNeedsNoWords() {
        assertThat(OsError.of(new AccessDeniedException("/a"))).isEqualTo(OsError.PERMISSION);
        assertThat(OsError.of(new NoSuchFileException("/a"))).isEqualTo(OsError.GONE);
    }

    @Test
    void wordsInAPathAreNotThoseOfTheError() {
        FileSystemException odd =
                new FileSystemException("/hosts/Permission denied/No space left", null, "Nicht erlaubt");
        assertThat(OsError.of(odd)).isEqualTo(OsError.OTHER);
    }

    @Test
    void errorsOfTheRealSystemAreKnown() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThat(OsError.of(
                        failureOf(() -> Files.newByteChannel(link, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                                .close())))
                .isEqualTo(OsError.LINK);
        assertThat(OsError.of(failureOf(() ->
                        Files.newByteChannel(folder, StandardOpenOption.WRITE).close())))
                .isEqualTo(OsError.IS_FOLDER);
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(OsError.of(failureOf(() -> Files.createDirectory(file.resolve("below")))))
                .isEqualTo(OsError.NO_FOLDER);
        assertThat(OsError.of(failureOf(() -> {
                    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
                        full.write(1);
                    }
                })))
                .isEqualTo(OsError.NO_SPACE);
    }

    private interface Try {
        void run() throws IOException;
    }

    private static IOException failureOf(Try attempt) {
        try {
            attempt.run();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("no failure");
    }
}
