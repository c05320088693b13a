package org.loghost.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.metrics.Notices;

class OpenFilesTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);
    private static final int LIMIT = 8;

    private final ArchiveFolder folder;
    private final OpenFiles open;
    private final List<LineFile> files = new ArrayList<>();
    private long now;

    OpenFilesTest(@TempDir Path path) {
        Clock clock = Clock.systemUTC();
        TornTails tails = new TornTails(ZoneOffset.UTC, clock, () -> ArchiveConfig.at(path));
        folder = new ArchiveFolder(path, null, tails, new Notices(clock));
        folder.create();
        open = new OpenFiles(folder, LIMIT, new MovedFiles(new Notices(clock)));
    }

    @AfterEach
    void closeFiles() {
        files.forEach(open::close);
    }

    @Test
    void ofMoreHostsThanFilesThatSendInTurnMostKeepTheirs() throws IOException {
        hosts(2 * LIMIT);
        useAll();
        for (int turn = 0; turn < 10; turn++) {
            assertThat(useAll()).as("found open in turn %d", turn).isGreaterThanOrEqualTo(LIMIT - 1);
            assertThat(open.count()).isEqualTo(LIMIT);
        }
    }

    @Test
    void hostsThatFellSilentGiveTheirFilesToOthers() throws IOException {
        hosts(2 * LIMIT);
        useAll();
        now += TimeUnit.SECONDS.toNanos(60);
        List<LineFile> others = files.subList(LIMIT, 2 * LIMIT);
        use(others);
        assertThat(use(others)).isEqualTo(LIMIT);
    }

    private void hosts(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String name = "h" + i;
            files.add(new LineFile(folder.series(name), TODAY, i, name));
        }
    }

    private int useAll() throws IOException {
        return use(files);
    }

    /** Asks for each file's channel, all within a second; returns how many were open. */
    private int use(List<LineFile> some) throws IOException {
        int found = 0;
        for (LineFile file : some) {
            found += file.channel == null ? 0 : 1;
            now += TimeUnit.SECONDS.toNanos(1) / some.size();
            assertThat(open.channel(file, TODAY, now).isOpen()).isTrue();
        }
        return found;
    }
}
