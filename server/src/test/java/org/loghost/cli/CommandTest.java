package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.control.ControlHandler;
import org.loghost.control.ControlServer;

class CommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpListsEveryCommandAndThereAreAtMostTwelve() {
        assertThat(run("--help")).isZero();
        assertThat(out()).contains("Usage: loghost").contains("Exit codes:").contains("Examples:");
        String commands = out().substring(out().indexOf("Commands:"), out().indexOf("Exit codes:"));
        assertThat(commands.lines().filter(line -> line.matches("  [a-z].*")).count())
                .isBetween(6L, 12L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "status", "hosts", "tail", "report", "reload", "check-config"})
    void everyCommandHasHelpWithAnExampleAndItsExitCodes(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out())
                .startsWith("Usage: loghost " + command)
                .contains("Exit codes:")
                .contains("Example:")
                .contains("  loghost " + command)
                .endsWith("\n")
                .doesNotContain("%n");
        assertThat(err()).isEmpty();
    }

    @Test
    void withoutACommandTheUsageIsShownAndItIsAFault() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).contains("Usage: loghost");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "rules lintt ~ unknown command 'lintt' (expected: lint, or what loghost rules --help lists)",
                "nonsense ~ unknown command 'nonsense' (expected: parse or check-config, or what loghost --help lists)",
                "rules undo --ruls any ~ unknown option --ruls (expected: --rules, or what loghost rules undo --help"
                        + " lists)",
                "rules undo --xyz=1 ~ unknown option --xyz=1 (expected: what loghost rules undo --help lists)",
                "rules lint a b ~ 'b' is one too many (expected: what loghost rules lint --help lists)",
                "tail -n x ~ --lines: 'x' (expected: a whole number)",
                "rules suggest --host x ~ --host: 'x' (expected: any or this)",
                "rules lint --level 7 ~ --level: '7' (expected: paranoid or server or workstation)"
            })
    void whatIsWrongIsToldAndWhatIsExpected(String line, String said) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(err().lines().findFirst()).contains("loghost: " + said);
    }

    @Test
    void aMisspeltCommandOrOptionIsNamedWithWhatWasMeant() {
        assertThat(run("statsu")).isEqualTo(2);
        assertThat(err()).contains("statsu").contains("status");
        err.reset();
        assertThat(run("status", "--confg", "x")).isEqualTo(2);
        assertThat(err()).contains("--confg").contains("--config");
        err.reset();
        assertThat(run("report")).isEqualTo(2);
        assertThat(err()).contains("--now").contains("loghost report --help");
    }

    @Test
    void versionIsPrinted() {
        assertThat(run("--version")).isZero();
        assertThat(out()).startsWith("loghost ");
    }

    @Test
    void outputThatIsNoTerminalHasNoColour() {
        run("--help");
        run("status", "--help");
        assertThat(out()).doesNotContain("\u001b");
    }

    @Test
    void checkConfigSaysWhatAGoodFileMeans() throws IOException {
        Path file = Files.writeString(folder.resolve("loghost.toml"), """
            [[listen]]
            kind = "udp"
            bind = "127.0.0.1:5514"
            [mail]
            smtp = "smtp://mail.example.com:587"
            """);
        assertThat(run("check-config", file.toString())).isZero();
        assertThat(out())
                .contains(file + ": good")
                .contains("udp 127.0.0.1:5514")
                .contains("smtp://mail.example.com:587")
                .contains(folder.resolve("data/hosts").toString());
    }

    @Test
    void checkConfigTellsWhatKeepsTheGroupOut() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        String group = String.valueOf(Files.getAttribute(closed, "posix:group"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = Files.writeString(
                folder.resolve("loghost.toml"),
                "[archive]\npath = \"" + closed + "/hosts\"\ngroup = \"" + group + "\"\n");
        assertThat(run("check-config", file.toString())).isZero();
        assertThat(err())
                .contains("warning: archive: group " + group + " cannot read")
                .contains("may not pass " + closed);
    }

    @Test
    void checkConfigTellsOfARulesFolderThatIsNotThere() throws IOException {
        Path file = Files.writeString(
                folder.resolve("loghost.toml"),
                "[rules]\nshipped = false\npath = [\"" + folder + "\", \"" + folder + "/ruels\"]\n");
        assertThat(run("check-config", file.toString())).isZero();
        assertThat(out().lines().filter(line -> line.startsWith("  rules")))
                .containsExactly("  rules    " + folder, "  rules    " + folder.resolve("ruels") + " (not there)");
        assertThat(err())
                .contains("warning: " + folder + " holds no rules (expected: logcheck.violations, ")
                .contains("warning: " + folder.resolve("ruels") + " is not there");
    }

    @Test
    void checkConfigPrintsAllFaultsAndNoStackTrace() throws IOException {
        Path file = Files.writeString(folder.resolve("loghost.toml"), "zone = 1\n[archive]\nkeep = \"x\"\n");
        assertThat(run("check-config", "--config", file.toString())).isEqualTo(2);
        assertThat(err().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith(file + ":"))
                .noneMatch(line -> line.contains("Exception"));
        assertThat(out()).isEmpty();
    }

    @Test
    void everyCommandTellsTheFaultsOfItsConfiguration() throws IOException {
        Path file = Files.writeString(folder.resolve("loghost.toml"), "zone = 1\n");
        assertThat(run("status", "--config", file.toString())).isEqualTo(2);
        assertThat(err()).startsWith(file + ":1:1: zone: 1 (expected: ");
    }

    @Test
    void aServerThatDoesNotRunIsAFailureInOneLine() {
        assertThat(run("status", "--data", folder.toString())).isEqualTo(3);
        assertThat(err().lines()).hasSize(1);
        assertThat(err()).startsWith("loghost: no loghost runs here: ");
    }

    @Test
    void aDataFolderThatDoesNotExistMeansThatNoServerRuns() {
        assertThat(run("reload", "--data", folder.resolve("none").toString())).isEqualTo(1);
        assertThat(err()).startsWith("loghost: no loghost runs here: ");
    }

    @Test
    void questionsReachTheServerOfTheSameDataFolder() throws IOException {
        try (ControlServer server = new ControlServer(folder.resolve("control.sock"), null, new Echo())) {
            server.start();
            assertThat(run("status", "--data", folder.toString())).isZero();
            assertThat(run("hosts", "--json", "--data", folder.toString())).isZero();
            assertThat(run("report", "--now", "--data", folder.toString())).isZero();
            assertThat(out().lines()).containsExactly("status false", "hosts true", "reported");
            assertThat(run("reload", "--data", folder.toString())).isEqualTo(1);
            assertThat(err()).isEqualTo("loghost: rules: nothing changed\n");
        }
    }

    @Test
    void aServerIsFoundAndAskedWhileTheConfigurationOnDiskIsFaulty() throws IOException {
        Path data = Files.createDirectories(folder.resolve("d"));
        Files.writeString(Files.createDirectories(data.resolve("hosts/web01")).resolve("2026-11-22.log"), "a line\n");
        String place = "data = \"d\"\n[control]\npath = \"other.sock\"\n";
        Path file = folder.resolve("loghost.toml");
        try (ControlServer server = new ControlServer(data.resolve("other.sock"), null, new Echo())) {
            server.start();
            for (String faulty :
                    List.of("zone = 1\n" + place, place + "[archive]\nkeep = x y\n", place + "=\n".repeat(30_000))) {
                Files.writeString(file, faulty);
                assertThat(run("status", "--config", file.toString())).isZero();
                assertThat(run("hosts", "--config", file.toString())).isZero();
                assertThat(run("report", "--now", "--config", file.toString())).isZero();
                assertThat(run("tail", "--config", file.toString())).isZero();
                assertThat(out().lines()).containsExactly("status false", "hosts false", "reported", "a line");
                assertThat(err().lines())
                        .hasSize(4)
                        .allMatch(line -> line.startsWith(
                                "loghost: warning: the configuration has faults, and is not the one the server"
                                        + " runs with: "));
                out.reset();
                err.reset();
            }
        }
    }

    @Test
    void theExitCodeOfStatusTellsWhetherAServerNeedsAttention() throws IOException {
        Echo unwell = new Echo();
        unwell.well = false;
        try (ControlServer server = new ControlServer(folder.resolve("control.sock"), null, unwell)) {
            server.start();
            assertThat(run("status", "--data", folder.toString())).isEqualTo(1);
            assertThat(run("status", "--json", "--data", folder.toString())).isEqualTo(1);
            assertThat(out().lines()).containsExactly("status false", "status true");
            assertThat(run("hosts", "--data", folder.toString())).isZero();
            assertThat(err()).isEmpty();
        }
    }

    @Test
    void tailPrintsTheLastLinesOfEachHostWithoutAServer() throws IOException {
        Path file = Files.createDirectories(folder.resolve("hosts/web01")).resolve("2026-11-22.log");
        Files.writeString(file, "Nov 22 06:30:00 web01 a: 1\nNov 22 06:30:01 web01 a: ü\nNov 22 06:30:02 web01 a: 3\n");
        assertThat(run("tail", "-n", "2", "web01", "--data", folder.toString())).isZero();
        assertThat(out()).isEqualTo("Nov 22 06:30:01 web01 a: ü\nNov 22 06:30:02 web01 a: 3\n");
    }

    @Test
    void tailShowsWhatCannotBeSeen() throws IOException {
        Path file = Files.createDirectories(folder.resolve("hosts/web01")).resolve("2026-11-22.log");
        Files.writeString(file, "a: \u202ereversed\u200b\u2028line\u0085 é\u001b[2J\n");
        assertThat(run("tail", "--data", folder.toString())).isZero();
        assertThat(out()).isEqualTo("a: \\u{202E}reversed\\u{200B}\\u{2028}line\\u{85} é\\x1B[2J\n");
    }

    @Test
    @Timeout(60)
    void tailNamesWhatIsPlantedInTheArchiveAndGoesOn() throws Exception {
        Path hosts = Files.createDirectories(folder.resolve("hosts"));
        Path web = Files.createDirectories(hosts.resolve("web01"));
        Files.writeString(web.resolve("2026-11-21.log"), "good\n");
        Files.writeString(Files.createDirectories(hosts.resolve("zeta")).resolve("2026-11-21.log"), "last\n");
        Path link = Files.createSymbolicLink(web.resolve("2026-11-22.log"), Path.of("/etc/passwd"));
        Path pipe = web.resolve("2026-11-23.log");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path damaged = Files.writeString(web.resolve("2026-11-20.log.gz"), "not gzip");
        Path away = Files.createSymbolicLink(hosts.resolve("away\u202e"), Path.of("/etc"));
        assertThat(run("tail", "--data", folder.toString())).isZero();
        assertThat(out()).isEqualTo("good\nlast\n");
        assertThat(err())
                .contains("loghost: " + link + " is a symbolic link; it is left out")
                .contains("loghost: " + pipe + " is a device, pipe or socket; it is left out")
                .contains("loghost: " + damaged + " cannot be read: Not in GZIP format; it is left out")
                .contains(away.toString().replace("\u202e", "\\u{202E}") + " is no folder; it is left out");
        assertThat(run("hosts", "--data", folder.toString())).isZero();
    }

    @Test
    void tailAndHostsSayWhenThereIsNoArchive() {
        for (String command : new String[] {"tail", "hosts"}) {
            err.reset();
            assertThat(run(command, "--data", folder.resolve("none").toString()))
                    .isEqualTo(1);
            assertThat(err()).contains("no archive here: " + folder.resolve("none/hosts"), "--config FILE");
        }
        assertThat(out()).isEmpty();
    }

    @Test
    void tailNamesAHostThatIsNotThere() throws IOException {
        Files.createDirectories(folder.resolve("hosts/web01"));
        assertThat(run("tail", "../../etc", "--data", folder.toString())).isEqualTo(1);
        assertThat(err()).contains("no host \"../../etc\" in the archive (expected: one of loghost hosts)");
    }

    @Test
    void hostsComeFromTheArchiveWhenNoServerRuns() throws IOException {
        Path file = Files.createDirectories(folder.resolve("hosts/web01")).resolve("2026-11-22.log");
        Files.writeString(file, "12345\n");
        assertThat(run("hosts", "--data", folder.toString())).isZero();
        assertThat(out()).startsWith("web01 ").contains(" 1 days ").contains(" 6 bytes");
        assertThat(err()).contains("no loghost runs here").contains("these are in the archive:");
    }

    @Test
    void aNumberOfLinesOutOfBoundsIsWrongUsage() {
        assertThat(run("tail", "-n", "-1", "--data", folder.toString())).isEqualTo(2);
        assertThat(err()).contains("--lines: -1 (expected: 0 to 1000000)");
    }

    private int run(String... args) {
        return Main.run(
                new Terminal(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static final class Echo implements ControlHandler {
        volatile boolean well = true;

        @Override
        public boolean isWell() {
            return well;
        }

        @Override
        public String status(boolean json) {
            return "status " + json;
        }

        @Override
        public String hosts(boolean json) {
            return "hosts " + json;
        }

        @Override
        public String reportNow() {
            return "reported";
        }

        @Override
        public String reload() throws IOException {
            throw new IOException("rules: nothing changed");
        }
    }
}
