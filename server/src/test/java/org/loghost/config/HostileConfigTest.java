package org.loghost.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running server survives in the place of its configuration. */
class HostileConfigTest {
    private static final int SIZE = 250 * 1024;

    @TempDir
    Path folder;

    private final ConfigReader reader = new ConfigReader(new Machine("log.example.com", ZoneId.of("UTC"), null));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=\n", "\"\n", "a\n", "a=1\n", "foo bar\n", "a = = 1 2\n", "[\n", "]\n", "a = \"\\q\"\n", "'\n",
                        "\u0001\n",
                "=", "[", "{a=", "a.", "\"\"\"", "[[a]]\n", "a=[1,\n", "\u00e9\n", "#\n=\n", "[x]\na=1\n", "x = {\n"
            })
    void aFileFullOfFaultsIsToldInAFewLines(String piece) throws IOException {
        ConfigException faulty = faulty(piece.repeat(SIZE / piece.length() / 2));
        assertThat(faulty.faults()).hasSizeBetween(1, 21);
        assertThat(String.valueOf(faulty.getMessage()).length()).isLessThan(20_000);
    }

    @Test
    void whatIsBeyondTheFirstFaultsIsCounted() throws IOException {
        StringBuilder unknown = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            unknown.append("key").append(i).append(" = 1\n");
        }
        ConfigException faulty = faulty(unknown.toString());
        assertThat(faulty.faults()).hasSize(21);
        assertThat(faulty.faults().get(0).toString()).contains(":1:1: unknown key \"key0\"");
        assertThat(faulty.faults().get(20).text()).isEqualTo("and 280 more faults after these");
    }

    @Test
    void faultsFarBehindTheBeginningHaveTheirPlace() throws IOException {
        StringBuilder text = new StringBuilder("[hosts.names]\n");
        for (int i = 0; i < 2_000; i++) {
            text.append("\"10.0.")
                    .append(i >> 8)
                    .append('.')
                    .append(i & 255)
                    .append("\" = \"h")
                    .append(i)
                    .append("\"\n");
        }
        ConfigException faulty = faulty(text + "=\n".repeat(10_000));
        assertThat(faulty.faults().get(0).line()).isEqualTo(2_002);
    }

    @Test
    void aFaultIsShortWhateverTheKeyIs() throws IOException {
        ConfigException faulty = faulty("[hosts.names]\n\"" + "\\u001b]0;".repeat(3_000) + "\" = 7\n");
        assertThat(faulty.faults())
                .isNotEmpty()
                .allSatisfy(
                        fault -> assertThat(fault.text()).hasSizeLessThan(600).doesNotContain("\u001b"));
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void onlyARegularFileIsOpened() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
        for (Path no : new Path[] {pipe, link, Path.of("/dev/zero"), folder}) {
            assertThat(faultyFile(no).getMessage()).as("%s", no).contains("expected: a");
        }
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        assertThat(faultyFile(dangling).getMessage()).contains("a symbolic link to a file that is not there");
    }

    @Test
    void thousandsOfHostsMayHaveNamesOfTheirOwn() throws Exception {
        String names = lines(8_000, i -> "\"10.1." + (i >> 8) + "." + (i & 255) + "\" = \"h" + i + "\"");
        Path file = Files.writeString(folder.resolve("names.toml"), "[hosts.names]\n" + names);
        assertThat(reader.read(file, null).hosts().names()).hasSize(8_000);
    }

    @Test
    void brokenLinesAmongLongListsAndTextsAreFoundInTheirLines() throws IOException {
        String list = "allow = [\n" + lines(900, i -> "  \"10.0.0." + (i & 255) + "\", # = [ \"") + "]\n";
        ConfigException faulty = faulty("[[listen]]\nkind = \"udp\"\n" + list + "bind = 'a\n= b\n");
        assertThat(faulty.faults()).extracting(Fault::line).contains(905);
    }

    private static String lines(int count, IntFunction<String> line) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(line.apply(i)).append('\n');
        }
        return lines.toString();
    }

    private ConfigException faulty(String text) throws IOException {
        return faultyFile(Files.writeString(folder.resolve("loghost.toml"), text));
    }

    private ConfigException faultyFile(Path file) {
        ConfigException faulty = catchThrowableOfType(ConfigException.class, () -> reader.read(file, null));
        assertThat(faulty).as("%s", file).isNotNull();
        return faulty;
    }
}
