package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesCommandTest {
    private static final long SEED = 20020218;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] in = new byte[0];

    @BeforeEach
    void writeRules() throws IOException {
        Path rules = Files.createDirectories(folder.resolve("rules"));
        Files.writeString(rules.resolve("logcheck.hacking"), "#: Someone scans ports.\nattackalert\n");
        Files.writeString(rules.resolve("logcheck.violations"), "denied\n");
        Files.writeString(rules.resolve("logcheck.violations.ignore"), "denied by mistake$\n");
        Files.writeString(rules.resolve("logcheck.ignore"), "# cron\nCRON\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "lint", "grep", "suggest", "undo", "stats", "import"})
    void everyCommandHasHelpWithExamplesAndExitCodes(String command) {
        assertThat(run("rules", command, "--help")).isZero();
        assertThat(out())
                .startsWith("Usage: loghost rules " + command)
                .contains("Exit codes:")
                .contains("  loghost rules " + command);
    }

    @Test
    void rulesAloneAsksWhichCommand() {
        assertThat(run("rules")).isEqualTo(2);
        assertThat(err()).contains("test, lint, grep");
    }

    @Test
    void testSaysWhyALineIsReportedOrHidden() {
        in = bytes("a b CRON x\na b ATTACKALERT denied\na b denied by mistake\nzz\u001b[1m\n");
        assertThat(run("rules", "test", "--rules", rules())).isZero();
        assertThat(out())
                .contains("hidden: a b CRON x\n    not unusual by " + rules() + "/logcheck.ignore:2\n        CRON\n")
                .contains("attack, violation, unusual: a b ATTACKALERT denied\n    an attack by " + rules()
                        + "/logcheck.hacking:2\n        attackalert\n        #: Someone scans ports.\n"
                        + "    a violation by " + rules() + "/logcheck.violations:1\n")
                .contains("unusual: a b denied by mistake\n    a violation by " + rules()
                        + "/logcheck.violations:1\n        denied\n    no violation by " + rules()
                        + "/logcheck.violations.ignore:1\n")
                .contains("unusual: zz\\x1B[1m\n    unusual, as no ignore rule matches\n");
    }

    @Test
    void testShowsOneTierAlone() {
        in = bytes("a CRON x\na denied\n");
        assertThat(run("rules", "test", "--rules", rules(), "--tier", "hidden", "-"))
                .isZero();
        assertThat(out()).contains("CRON").doesNotContain("denied");
    }

    @Test
    void lintPrintsPlacesAndItsExitCodeTellsWhetherThereAreAny() throws IOException {
        assertThat(run("rules", "lint", rules())).isEqualTo(1);
        assertThat(out())
                .contains("logcheck.ignore:2: warning: neither ^ nor $, ")
                .contains("; ^…$\n");
        out.reset();
        assertThat(run("rules", "lint", "--errors", rules())).isZero();
        assertThat(out()).isEmpty();
        Path ignore = folder.resolve("rules/logcheck.ignore");
        Files.writeString(ignore, "(\"a\n");
        assertThat(run("rules", "lint", "--json", "--errors", ignore.toString()))
                .isEqualTo(1);
        assertThat(out())
                .startsWith("[\n  {\"file\": \"" + ignore + "\", \"line\": 1, \"level\": \"error\", \"what\":");
        Files.writeString(ignore, "^a (b|c)$\n^a \"?[bc]\"?$\n");
        out.reset();
        assertThat(run("rules", "lint", "--json", rules())).isEqualTo(1);
        assertThat(out())
                .contains("\"what\": \"shadowed by " + ignore + ":2\", \"why\": \"which matches ")
                .contains(", \"witness\": \"a b\"},\n")
                .endsWith(", \"witness\": null}\n]\n");
        assertThat(run("rules", "lint", rules() + "/nowhere")).isEqualTo(1);
        assertThat(err()).contains("nowhere: no such file");
    }

    /** A file of the server's is read as the server reads it. */
    @Test
    void lintSaysTheSameOfAFolderOrAFileAsOfTheConfiguration() throws IOException {
        Path ignore = folder.resolve("rules/logcheck.ignore");
        Files.write(ignore, bytes("# a\n^b \u00ff c$\n"));
        Path config = Files.writeString(
                folder.resolve("loghost.toml"),
                "[rules]\nshipped = false\npath = \"" + rules() + "\"\nutf8 = true\ncomments = false\n");
        assertThat(run("rules", "lint", "--config", config.toString())).isEqualTo(1);
        String said = linesAbout(ignore);
        assertThat(said).contains(":1: warning: # at the beginning").contains(":2: error: byte 0xff is no character");
        for (String path : List.of(rules(), ignore.toString())) {
            out.reset();
            assertThat(run("rules", "lint", "--config", config.toString(), path))
                    .isEqualTo(1);
            assertThat(linesAbout(ignore)).as(path).isEqualTo(said);
        }

        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("logcheck.ignore");
        Files.copy(ignore, elsewhere);
        out.reset();
        assertThat(run("rules", "lint", "--config", config.toString(), elsewhere.toString()))
                .isZero();
        assertThat(run("rules", "lint", "--utf8", elsewhere.toString())).isEqualTo(1);
        assertThat(out()).contains(":2: error: byte 0xff is no character").doesNotContain(":1:");
    }

    private String linesAbout(Path file) {
        return out().lines().filter(line -> line.startsWith(file.toString())).collect(Collectors.joining("\n"));
    }

    @Test
    void theWayBackIsShownInFull() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        in = bytes(LOGIN);
        assertThat(run(
                        "rules",
                        "suggest",
                        "--rules",
                        folder + "/empty",
                        "--style",
                        "logcheck",
                        "--level",
                        "paranoid",
                        "--write"))
                .isZero();
        assertThat(out())
                .contains("loghost rules undo --rules " + folder + "/empty --style logcheck --level paranoid\n");
        assertThat(run("rules", "undo", "--rules", folder + "/empty", "--style", "logcheck", "--level", "paranoid"))
                .isZero();
    }

    @Test
    void grepReadsCharactersIfAsked() throws IOException {
        Path pattern = Files.writeString(folder.resolve("pattern"), "^.$\n");
        in = "\u00e4\nab\n".getBytes(StandardCharsets.UTF_8);
        assertThat(run("rules", "grep", "-f", pattern.toString())).isEqualTo(1);
        in = "\u00e4\nab\n".getBytes(StandardCharsets.UTF_8);
        assertThat(run("rules", "grep", "--utf8", "-f", pattern.toString())).isZero();
        assertThat(out()).isEqualTo("\u00e4\n");
    }

    @Test
    void slowWorkTellsHowFarItIs() {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(in),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        new RuleProgress(terminal.err()).at(1, 5_000, "trying rules");
        assertThat(err()).isEmpty();
        new RuleProgress(terminal.err(), 0).at(1_200, 5_000, "trying rules");
        assertThat(err()).isEqualTo("trying rules: 1200 of 5000\n");
        assertThat(out()).isEmpty();
    }

    /** The system's grep is the judge. */
    @Test
    void grepPrintsWhatTheSystemsGrepPrints() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            Path patterns = Files.write(folder.resolve("patterns"), patterns(random));
            Path one = Files.write(folder.resolve("one"), lines(random));
            Path two = Files.write(folder.resolve("two"), lines(random));
            for (String options : List.of("", "-i", "-v", "-c", "-v -c -i")) {
                List<String> arguments = new ArrayList<>();
                arguments.addAll(options.isEmpty() ? List.of() : Arrays.asList(options.split(" ", -1)));
                arguments.addAll(List.of("-f", patterns.toString(), one.toString()));
                if (random.nextBoolean()) {
                    arguments.add(two.toString());
                }
                same(arguments, "seed " + SEED + ", round " + round + ", " + arguments);
            }
        }
    }

    @Test
    void grepKnowsEmptyFilesEmptyLinesAndTheirAbsence() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "");
        Path emptyLine = Files.writeString(folder.resolve("empty-line"), "\n");
        Path lines = Files.writeString(folder.resolve("lines"), "a\n\nb");
        Path backReference = Files.writeString(folder.resolve("back"), "(b|a)\\1\n(x)(y)\\2\n");
        Path doubled = Files.writeString(folder.resolve("doubled"), "aa\nab\nxyy\nbb");
        same(List.of("-f", empty.toString(), lines.toString()), "an empty file has no pattern");
        same(List.of("-v", "-f", empty.toString(), lines.toString()), "an empty file, inverted");
        same(List.of("-f", emptyLine.toString(), lines.toString()), "an empty line matches all");
        same(List.of("-f", emptyLine.toString(), empty.toString()), "nothing to search");
        same(List.of("-f", backReference.toString(), doubled.toString()), "back-references");
        same(List.of("-f", emptyLine.toString(), "-f", backReference.toString(), doubled.toString()), "two rule files");
    }

    @Test
    void grepNamesAFaultyPatternAndAMissingFile() throws IOException {
        Path faulty = Files.writeString(folder.resolve("faulty"), "a\n(b\n");
        assertThat(run("rules", "grep", "-f", faulty.toString())).isEqualTo(2);
        assertThat(err()).contains(faulty + ":2: ( without )");
        Files.writeString(faulty, "a\n");
        assertThat(run("rules", "grep", "-f", faulty.toString(), folder + "/none"))
                .isEqualTo(2);
        assertThat(err()).contains("none: no such file");
    }

    private static final String LOGIN =
            "Feb 18 10:00:00 goblin ipop3d[1234]: Login user=cindy host=hop.pop.com [1.2.3.3] nmsgs=0/0";

    @Test
    void suggestWritesARuleThatHidesTheLineAndUndoTakesItOut() throws IOException {
        in = bytes(LOGIN + "\n");
        assertThat(run("rules", "suggest", "--rules", rules(), "--data", folder + "/data"))
                .isZero();
        assertThat(out()).startsWith("^[[:alpha:]]{3} ").contains("nmsgs=[0-9]+/[0-9]+$\n");
        Path local = folder.resolve("rules/logcheck.ignore.d/local");
        assertThat(local).doesNotExist();
        assertThat(run("rules", "suggest", "--rules", rules(), "--write", "--reason", "pop\nis fine"))
                .isZero();
        assertThat(Files.readString(local))
                .contains(", 1 of them, ")
                .contains(": pop is fine\n^[[:alpha:]]{3} ")
                .endsWith("+$\n");
        out.reset();
        assertThat(run("rules", "test", "--rules", rules())).isZero();
        assertThat(out()).startsWith("hidden: " + LOGIN + "\n    not unusual by " + local + ":2\n");
        String one = Files.readString(local);
        in = bytes(LOGIN.replace("Login", "Logout") + "\n" + LOGIN.replace("pop3", "map") + "\n");
        assertThat(run("rules", "suggest", "--rules", rules(), "--write", "--host", "this"))
                .isZero();
        assertThat(Files.readString(local))
                .startsWith(one)
                .contains(", 2 of them, ")
                .contains("{11} goblin ");
        assertThat(run("rules", "undo", "--rules", rules())).isZero();
        assertThat(Files.readString(local)).isEqualTo(one);
        assertThat(run("rules", "undo", "--rules", rules())).isZero();
        assertThat(run("rules", "undo", "--rules", rules())).isEqualTo(1);
        assertThat(Files.readString(local)).isEmpty();
    }

    @Test
    void undoLeavesWhatOthersWroteAlone() throws IOException {
        Path local = Files.createDirectories(folder.resolve("rules/logcheck.ignore.d"))
                .resolve("local");
        Files.writeString(local, "^mine$");
        in = bytes(LOGIN);
        run("rules", "suggest", "--rules", rules(), "--write");
        Files.writeString(local, Files.readString(local) + "# more\n^mine too$\n");
        assertThat(run("rules", "undo", "--rules", rules())).isZero();
        assertThat(Files.readString(local)).isEqualTo("^mine$\n# more\n^mine too$\n");
        in = new byte[0];
        assertThat(run("rules", "suggest", "--rules", rules())).isEqualTo(1);
    }

    @Test
    void suggestRefusesWhatNoRuleCanHide() throws IOException {
        in = bytes("a\n" + "a-".repeat(30_000) + "\n");
        assertThat(run("rules", "suggest", "--rules", rules())).isEqualTo(1);
        assertThat(err()).contains("-:2: a line of 60000 bytes (expected: at most 8192; ");
        Path config = Files.writeString(
                folder.resolve("loghost.toml"), "[rules]\nshipped = false\npath = \"" + rules() + "\"\nutf8 = true\n");
        in = bytes("Feb 18 10:00:00 goblin x: a \u00ff b\n");
        assertThat(run("rules", "suggest", "--config", config.toString(), "--write"))
                .isEqualTo(1);
        assertThat(err()).contains("is no character").contains("no rule can be made that hides Feb 18");
        assertThat(folder.resolve("rules/logcheck.ignore.d")).doesNotExist();
    }

    @Test
    void suggestSaysWhenItHelpsNothing() throws IOException {
        Files.writeString(folder.resolve("rules/logcheck.violations"), "cindy\n");
        in = bytes(LOGIN);
        assertThat(run("rules", "suggest", "--rules", rules())).isZero();
        assertThat(err()).contains("1 of the lines are attacks or violations");

        Files.delete(folder.resolve("rules/logcheck.violations"));
        in = bytes(LOGIN);
        assertThat(run("rules", "suggest", "--rules", rules(), "--write")).isZero();
        assertThat(out()).contains("loghost rules undo --rules " + rules());
        out.reset();
        in = bytes(LOGIN);
        assertThat(run("rules", "suggest", "--rules", rules(), "--write")).isZero();
        assertThat(err()).contains("hidden already");
        assertThat(out()).doesNotContain("Written to");
    }

    @Test
    void suggestShowsWhatItWouldHaveHiddenInTheArchive() throws IOException {
        Path day = folder.resolve("hosts/goblin/" + LocalDate.now(ZoneOffset.UTC) + ".log");
        Files.createDirectories(day.getParent());
        Files.writeString(
                day, LOGIN + "\n" + LOGIN.replace("1234", "9") + "\n" + LOGIN.replace("hop", "denied") + "\nother\n");
        Path config = Files.writeString(
                folder.resolve("loghost.toml"),
                "zone = \"UTC\"\n[archive]\npath = \"" + folder + "/hosts\"\n[rules]\nshipped = false\npath = \""
                        + rules() + "\"\n");
        in = bytes(LOGIN);
        assertThat(run("rules", "suggest", "--config", config.toString())).isZero();
        assertThat(out())
                .contains("In the archive's last 7 days: 3 lines, 1 template, 1 host;"
                        + " attacks and violations among them: 1\n         3  " + LOGIN + "\n")
                .endsWith("            " + LOGIN.replace("hop", "denied") + "\n");
    }

    /** A rule that has become too wide shows in what it hides. */
    @Test
    void suggestShowsAnExampleOfEachTemplateTheCommonestFirst() throws IOException {
        String line = "Feb 18 10:00:00 goblin app[7]: user %s %s the file /srv/%s of %d bytes\n";
        StringBuilder archived = new StringBuilder();
        StringBuilder samples = new StringBuilder();
        List<String> verbs = List.of("opened", "closed", "took", "kept", "lost", "found", "sold");
        for (int verb = 0; verb < verbs.size(); verb++) {
            samples.append(String.format(line, "cindy", verbs.get(verb), "a", verb));
            for (int i = 0; i <= verb; i++) {
                archived.append(String.format(line, "cindy", verbs.get(verb), "a", i * 100));
            }
        }
        Path day = folder.resolve("hosts/goblin/" + LocalDate.now(ZoneOffset.UTC) + ".log");
        Files.createDirectories(day.getParent());
        Files.writeString(day, archived);
        Path config = Files.writeString(
                folder.resolve("loghost.toml"),
                "zone = \"UTC\"\n[archive]\npath = \"" + folder + "/hosts\"\n[rules]\nshipped = false\npath = \""
                        + rules() + "\"\n");
        in = bytes(samples.toString());
        assertThat(run("rules", "suggest", "--config", config.toString())).isZero();
        assertThat(out())
                .contains("28 lines, 7 templates, 1 host; attacks and violations among them: 0\n         7  "
                        + String.format(line, "cindy", "sold", "a", 0) + "         6  ")
                .endsWith("            and 2 further templates\n");
    }

    @Test
    void statsCountHitsAndNameIdleDuplicateAndShadowedRules() throws IOException {
        Path ignore = folder.resolve("rules/logcheck.ignore");
        Files.writeString(ignore, "CRON\nold\nCRON\nvery old\n");
        long now = System.currentTimeMillis();
        long then = now - 40L * 24 * 3_600_000;
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                data.resolve("rule-hits"),
                "loghost rule hits 1\n12\t" + now + "\t" + then + "\tIGNORE\t" + ignore + "\tCRON\n3\t" + then + "\t"
                        + then + "\tIGNORE\t" + ignore + "\told\n");
        Path config = Files.writeString(
                folder.resolve("loghost.toml"),
                "data = \"" + data + "\"\n[rules]\nshipped = false\npath = \"" + rules() + "\"\n");
        assertThat(run("rules", "stats", "--config", config.toString())).isZero();
        assertThat(out())
                .containsPattern(" 12  last .*logcheck.ignore:1  CRON\n")
                .contains("\n1 rules without a hit for 30 days:\n" + ignore + ":2  old\n")
                .contains("2 rules that change nothing, as another one does it:\n" + ignore
                        + ":3: warning: the same as " + ignore + ":1;")
                .contains(ignore + ":4: warning: shadowed by " + ignore + ":2, ");
    }

    @Test
    void importCopiesASetAndSaysWhatIsInIt() throws IOException {
        Path set = folder.resolve("set");
        Path server = Files.createDirectories(set.resolve("ignore.d.server"));
        Files.writeString(server.resolve("cron"), "# cron\n^a CRON$\n(\n");
        Files.writeString(server.resolve("cron.bak"), "x\n");
        Path target = folder.resolve("target");
        assertThat(run("rules", "import", set.toString(), "--to", target.toString()))
                .isZero();
        assertThat(out())
                .contains("style logcheck, 1 files copied")
                .contains("1 rules of what is not unusual")
                .contains("1 errors, ")
                .contains("cron:3: error: ");
        assertThat(target.resolve("ignore.d.server/cron")).hasSameBinaryContentAs(server.resolve("cron"));
        assertThat(target.resolve("ignore.d.server/cron.bak")).doesNotExist();
        out.reset();
        assertThat(run("rules", "import", set.toString(), "--to", target.toString()))
                .isZero();
        assertThat(out()).contains("style logcheck, 0 files copied to " + target + ", 1 were there already\n");
        Files.writeString(server.resolve("cron"), "^b CRON$\n");
        assertThat(run("rules", "import", set.toString(), "--to", target.toString()))
                .isEqualTo(1);
        assertThat(err()).contains("cron was there before");
        assertThat(run("rules", "import", set.toString(), "--data", folder + "/data"))
                .isEqualTo(1);
        assertThat(err()).contains("is in the style of logcheck, the configuration has logsentry");
    }

    @Test
    void importSaysWhatItLeavesOut() throws IOException {
        Path set = folder.resolve("set");
        Files.writeString(
                Files.createDirectories(set.resolve("ignore.d.server")).resolve("cron"), "^a CRON$\n");
        Files.writeString(set.resolve("ignore.d.server/local.conf"), "^b CRON$\n");
        Files.writeString(
                Files.createDirectories(set.resolve("cracking.ignore.d")).resolve("own"), "^c$\n");
        Files.writeString(
                Files.createDirectories(set.resolve("logcheck.logfiles.d")).resolve("syslog"), "/var/log/x\n");
        Files.writeString(set.resolve("logcheck.conf"), "#REPORTLEVEL=\"server\"\nREPORTLEVEL=\"workstation\"\n");
        Files.writeString(set.resolve("header.txt"), "Hello\n");
        assertThat(run("rules", "import", set.toString(), "--to", folder + "/target"))
                .isZero();
        assertThat(out().lines().filter(line -> line.startsWith("left out: ")))
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).contains("cracking.ignore.d (1 files): attacks are never ignored"))
                .anySatisfy(line -> assertThat(line).contains("level = \"workstation\" below [rules]"))
                .anySatisfy(line -> assertThat(line).contains("logcheck.logfiles.d: the server classifies all"))
                .anySatisfy(line -> assertThat(line).contains("ignore.d.server/local.conf: files of such names"))
                .anySatisfy(line -> assertThat(line).contains("header.txt: no rules"));
    }

    @Test
    void importDoesNotGuessAFolderWhereNoServerHasItsData() throws IOException {
        assumeThat(Path.of("data")).doesNotExist();
        assumeThat(Path.of("/etc/loghost/loghost.toml")).doesNotExist();
        Path set = Files.createDirectories(folder.resolve("set"));
        Files.writeString(set.resolve("logcheck.ignore"), "quiet\n");
        assertThat(run("rules", "import", set.toString())).isEqualTo(1);
        assertThat(err()).contains("no server has its data in this folder (expected: --to DIR, or --config FILE)");
        assertThat(Path.of("data")).doesNotExist();
    }

    @Test
    void aPatternThatGivesUpOnALineIsNamed() throws IOException {
        Files.writeString(folder.resolve("rules/logcheck.hacking"), "nothing\n(a*)(a*)(a*)(a*)b\\1\\2\\3\\4c\n");
        String line = "a".repeat(200) + "b" + "a".repeat(199) + "c\n";
        in = bytes(line + "bc\n");
        assertThat(run("rules", "grep", "-c", "-f", rules() + "/logcheck.hacking"))
                .isEqualTo(2);
        assertThat(out()).isEqualTo("1\n");
        assertThat(err()).contains(rules() + "/logcheck.hacking:2: gave up on 1 line ");
        in = bytes(line);
        assertThat(run("rules", "test", "--rules", rules())).isZero();
        assertThat(out())
                .contains("attack, unusual: a")
                .contains("    undecided by " + rules()
                        + "/logcheck.hacking:2, which gave up after too many steps: taken to match\n");
    }

    private void same(List<String> arguments, String what) throws Exception {
        List<String> grep = new ArrayList<>(List.of("grep", "-E", "-a"));
        grep.addAll(arguments);
        Path printed = folder.resolve("printed");
        ProcessBuilder builder = new ProcessBuilder(grep).redirectOutput(printed.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<String> own = new ArrayList<>(List.of("rules", "grep"));
        own.addAll(arguments);
        out.reset();
        int code = run(own.toArray(String[]::new));
        assertThat(out.toByteArray()).as(what).isEqualTo(Files.readAllBytes(printed));
        assertThat(code).as(what).isEqualTo(process.exitValue());
    }

    private static byte[] patterns(Random random) {
        List<String> atoms = List.of(
                "a",
                "b",
                "[ab]",
                "[^a]",
                ".",
                "(ab|c)",
                "\\w",
                "[[:digit:]]+",
                "x*",
                "(a|b){1,2}",
                "\\.",
                "sshd",
                "\\<");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            text.append(random.nextInt(3) == 0 ? "^" : "");
            for (int j = 0; j < 1 + random.nextInt(4); j++) {
                text.append(atoms.get(random.nextInt(atoms.size())));
            }
            text.append(random.nextInt(3) == 0 ? "$" : "").append('\n');
        }
        return bytes(text.toString());
    }

    private static byte[] lines(Random random) {
        byte[] bytes = new byte[random.nextInt(4000)];
        String alphabet = "aabbABcx0 .\n\n\0\r\u00e9sshd";
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    private String rules() {
        return folder.resolve("rules").toString();
    }

    private int run(String... arguments) {
        return Main.run(
                new Terminal(
                        new ByteArrayInputStream(in),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
