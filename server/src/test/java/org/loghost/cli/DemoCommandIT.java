package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class DemoCommandIT {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theDemoArchivesEveryHostReportsAllTiersAndKeepsTheFilesItNames() throws IOException {
        Path folder = demo("demo");
        String shown = out.toString(StandardCharsets.UTF_8);
        assertThat(shown)
                .contains("web01/", "web02/", "db01/", "goblin/", "core-sw/", "esx1/", "127.0.0.22/")
                .contains("ACTIVE SYSTEM ATTACK", "Security Violations", "Unusual System Activity")
                .contains("POSSIBLE BREAK-IN ATTEMPT", "BACK UP DATA NOW")
                .contains("rm -r " + folder)
                .doesNotContain("\u001b");
        Matcher complete = Pattern.compile("\\S+complete\\.txt\\.gz").matcher(shown);
        assertThat(complete.find()).isTrue();
        assertThat(Path.of(complete.group())).startsWith(folder).exists();
        assertThat(folder.resolve("hosts/web01/current.log")).isNotEmptyFile();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void ifToldSoTheDemoLeavesNothingBehind() {
        assertThat(demo("demo", "--discard")).doesNotExist();
    }

    private Path demo(String... arguments) {
        int code = Main.run(
                new Terminal(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
        String progress = err.toString(StandardCharsets.UTF_8);
        assertThat(code).as(progress).isZero();
        Matcher folder = Pattern.compile("its files are under (\\S+)").matcher(progress);
        assertThat(folder.find()).isTrue();
        return Path.of(folder.group(1));
    }
}
