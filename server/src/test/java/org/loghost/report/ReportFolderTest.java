package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFolderTest {
    @TempDir
    Path data;

    @Test
    void budgetHoldsWhateverSomebodyPutsIntoAKeptReport() throws Exception {
        Path reports = data.resolve("reports");
        Path elsewhere = Files.createDirectory(data.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("mine"), "x");
        ReportFolder folder = new ReportFolder(reports, 2_500);
        publish(folder, "1");
        Path notes = Files.createDirectories(reports.resolve("1/notes/more"));
        Files.writeString(notes.resolve("a.txt"), "seen");
        Files.createSymbolicLink(reports.resolve("1/link"), elsewhere);
        Files.createSymbolicLink(reports.resolve("0-link"), elsewhere);

        for (String id : List.of("2", "3", "4")) {
            publish(folder, id);
        }

        assertThat(names(reports)).containsExactly("0-link", "3", "4");
        assertThat(elsewhere.resolve("mine")).exists();
    }

    @Test
    void whatAnEarlierRunLeftIsBegunAfresh() throws Exception {
        ReportFolder folder = new ReportFolder(data, 1 << 20);
        folder.begin("1").close();
        Files.createDirectories(data.resolve("1.tmp/of/somebody"));
        Files.createDirectories(data.resolve("1/older"));

        publish(folder, "1");

        assertThat(names(data.resolve("1"))).containsExactly("complete.txt.gz", "report.txt");
        assertThat(data.resolve("1.tmp")).doesNotExist();
    }

    @Test
    void listThatCannotBeBegunClosesItsFile() {
        AtomicBoolean closed = new AtomicBoolean();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };

        assertThatThrownBy(() -> new CompleteList(full, 1_000, ZoneOffset.UTC)).hasMessageContaining("No space");
        assertThat(closed).isTrue();
    }

    private static void publish(ReportFolder folder, String id) throws IOException {
        try (OutputStream complete = folder.begin(id)) {
            complete.write(new byte[900]);
        }
        folder.publish(id, "x".repeat(100));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
