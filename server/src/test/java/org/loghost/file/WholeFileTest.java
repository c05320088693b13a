package org.loghost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    private static final byte[] OLD = "old".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void theNewFileIsTheOwnersAloneAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("state");
        WholeFile.replace(file, OLD);
        WholeFile.replace(file, out -> out.write('x'));
        assertThat(file).hasContent("x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("state");
        WholeFile.replace(file, OLD);
        assertThatThrownBy(() -> WholeFile.replace(file, out -> {
                    out.write('x');
                    throw new IOException("no");
                }))
                .hasMessage("no");
        assertThatThrownBy(() -> WholeFile.replace(file, out -> out.write('x'), fresh -> {
                    assertThat(fresh).isRegularFile();
                    throw new IOException("no");
                }))
                .hasMessage("no");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void whatACrashLeftBehindIsInNobodysWay() throws IOException {
        Path file = folder.resolve("state");
        Files.writeString(folder.resolve(".state.new"), "half");
        WholeFile.replace(file, OLD);
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }
}
