package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
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
    void listThatFindsTheDiskFullClosesItsFile() throws Exception {
        FullDisk atOnce = new FullDisk(0);
        assertThatThrownBy(() -> new CompleteList(atOnce, 1_000, ZoneOffset.UTC))
                .hasMessageContaining("No space");
        assertThat(atOnce.closed).isTrue();

        FullDisk later = new FullDisk(20);
        CompleteList list = new CompleteList(later, 1 << 20, ZoneOffset.UTC);
        list.add(new Lines().unusual("a", "x").findings.get(0));
        assertThatThrownBy(list::close).hasMessageContaining("No space");
        assertThat(later.closed).isTrue();
    }

    private static final class FullDisk extends OutputStream {
        private int left;
        private boolean closed;

        FullDisk(int left) {
            this.left = left;
        }

        @Override
        public void write(int octet) throws IOException {
            if (left-- <= 0) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void close() {
            closed = true;
        }
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
