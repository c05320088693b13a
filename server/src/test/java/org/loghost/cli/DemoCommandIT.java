package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class DemoCommandIT {
    @Test
    void theDemoArchivesEveryHostReportsAllTiersAndLeavesNothingBehind() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new Terminal(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                "demo");
        String shown = out.toString(StandardCharsets.UTF_8);
        String progress = err.toString(StandardCharsets.UTF_8);
        assertThat(code).as(progress).isZero();
        assertThat(shown)
                .contains("web01/", "web02/", "db01/", "goblin/", "core-sw/", "esx1/", "127.0.0.22/")
                .contains("ACTIVE SYSTEM ATTACK", "Security Violations", "Unusual System Activity")
                .contains("POSSIBLE BREAK-IN ATTEMPT", "BACK UP DATA NOW")
                .doesNotContain("\u001b");
        Matcher folder = Pattern.compile("its files are under (\\S+)").matcher(progress);
        assertThat(folder.find()).isTrue();
        assertThat(Files.exists(Path.of(folder.group(1)))).isFalse();
    }
}
