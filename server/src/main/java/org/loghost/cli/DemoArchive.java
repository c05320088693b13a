package org.loghost.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The day files of a small archive, counted by reading them. */
final class DemoArchive {
    private DemoArchive() {}

    /** One day of one host. */
    record DayFile(Path path, long lines, long bytes) {}

    /** All day files by host and day; none when there is no archive yet. */
    static List<DayFile> read(Path hosts) throws IOException {
        if (!Files.isDirectory(hosts)) {
            return List.of();
        }
        List<DayFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(hosts, 2)) {
            for (Path path : all.sorted().toList()) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        && !path.getFileName().toString().startsWith(".")) {
                    byte[] bytes = Files.readAllBytes(path);
                    files.add(new DayFile(path, lines(bytes), bytes.length));
                }
            }
        }
        return files;
    }

    private static long lines(byte[] bytes) {
        long lines = 0;
        for (byte b : bytes) {
            if (b == '\n') {
                lines++;
            }
        }
        return lines;
    }
}
