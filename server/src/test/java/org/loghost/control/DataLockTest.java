package org.loghost.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    @TempDir
    Path data;

    @Test
    void aSecondServerOnTheSameFolderIsRefused() throws IOException {
        try (DataLock lock = DataLock.take(data)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> DataLock.take(data))
                    .hasMessageContaining("another loghost runs on this data folder: " + data);
        }
    }

    @Test
    void anotherProcessIsRefusedToo() throws Exception {
        try (DataLock lock = DataLock.take(data)) {
            assertThat(lock).isNotNull();
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Taker.class.getName(),
                            data.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(other.waitFor()).isEqualTo(3);
            assertThat(said).contains("another loghost runs on this data folder");
        }
    }

    @Test
    void theFolderIsFreeAgainAfterClose() throws IOException {
        DataLock first = DataLock.take(data);
        first.close();
        first.close();
        DataLock.take(data).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("lock"))))
                .isEqualTo("rw-------");
    }

    /** Tries to take the folder in a process of its own. */
    static final class Taker {
        public static void main(String[] args) {
            try {
                DataLock.take(Path.of(args[0])).close();
            } catch (IOException refused) {
                System.out.println(refused.getMessage());
                System.exit(3);
            }
        }
    }
}
