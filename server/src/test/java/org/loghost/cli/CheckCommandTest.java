package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final long SEED = 20261104;

    @TempDir
    Path folder;

    private Path log = Path.of("log");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void rules() throws IOException {
        log = folder.resolve("log");
        Path rules = Files.createDirectories(folder.resolve("rules"));
        Files.writeString(rules.resolve("logcheck.hacking"), "#: Someone scans ports.\nattackalert\n");
        Files.writeString(rules.resolve("logcheck.violations"), "denied\n");
        Files.writeString(rules.resolve("logcheck.ignore"), "CRON\n");
    }

    @Test
    void theReportHasTheThreeSectionsAndTheExitCodeTheHighest() throws IOException {
        append("a CRON one\n");
        assertThat(check()).isZero();
        assertThat(out()).isEmpty();
        append("a two\n");
        assertThat(check()).isEqualTo(10);
        assertThat(out()).isEqualTo("Unusual System Activity\n=======================\na two\n\n");
        append("a CRON denied\n");
        assertThat(check()).isEqualTo(11);
        assertThat(out()).isEqualTo("Security Violations\n===================\na CRON denied\n\n");
        append("a Attackalert \u001b[1m denied\n");
        assertThat(check()).isEqualTo(12);
        assertThat(out()).isEqualTo("""
                ACTIVE SYSTEM ATTACK
                ====================
                a Attackalert \\x1B[1m denied

                Security Violations
                ===================
                a Attackalert \\x1B[1m denied

                Unusual System Activity
                =======================
                a Attackalert \\x1B[1m denied

                What the rules say
                ==================
                * logcheck.hacking:2, 1 line
                  Someone scans ports.

                """);
    }

    @Test
    void aRuleThatGivesUpOnALineIsNamedInTheReport() throws IOException {
        Files.writeString(folder.resolve("rules/logcheck.hacking"), "(a*)(a*)(a*)(a*)b\\1\\2\\3\\4c\n");
        append("a".repeat(200) + "b" + "a".repeat(199) + "d\n");
        assertThat(check()).isEqualTo(12);
        assertThat(out()).contains("! " + folder.resolve("rules/logcheck.hacking") + ":1: gave up on 1 line after");
    }

    @Test
    void aLineIsSeenOnceAndAnUnfinishedOneWhenItIsFinished() throws IOException {
        append("one\ntw");
        assertThat(seen()).containsExactly("one");
        assertThat(seen()).isEmpty();
        append("o\nthree\n");
        assertThat(seen()).containsExactly("two", "three");
        assertThat(seen()).isEmpty();
    }

    @Test
    void testLeavesThePlaceAlone() throws IOException {
        append("one\n");
        assertThat(check("--test")).isEqualTo(10);
        assertThat(seen()).containsExactly("one");
    }

    @Test
    void renamedLogsAreReadToTheirEnd() throws IOException {
        append("one\n");
        seen();
        append("two\nlast without end");
        move("log", "log.1");
        append("three\n");
        assertThat(seen()).containsExactly("two", "last without end", "three");
        assertThat(seen()).isEmpty();
    }

    @Test
    void severalRotationsWithCompressionLoseNothing() throws Exception {
        append("one\n");
        seen();
        append("two\n");
        move("log", "log.1");
        gzip("log.1");
        move("log.1.gz", "log.2.gz");
        append("three\n");
        move("log", "log.1");
        append("four\n");
        assertThat(seen()).containsExactly("two", "three", "four");
        gzip("log.1");
        assertThat(seen()).isEmpty();
    }

    @Test
    void datedLogsAreReadInTheOrderOfTheirDates() throws Exception {
        append("one\n");
        seen();
        append("two\n");
        move("log", "log-20261103");
        append("three\n");
        move("log", "log-20261104");
        gzip("log-20261103");
        append("four\n");
        assertThat(seen()).containsExactly("two", "three", "four");
    }

    @Test
    void copyAndTruncateIsNoticedEvenWhenTheLogIsLongerAgain() throws Exception {
        append("one\n");
        seen();
        append("two\n");
        Files.copy(log, folder.resolve("log.1"));
        Files.write(log, new byte[0]);
        append("three is a much longer line than those before\n");
        assertThat(seen()).containsExactly("two", "three is a much longer line than those before");
        Files.move(folder.resolve("log.1"), folder.resolve("log.2"));
        append("four\n");
        Files.copy(log, folder.resolve("log.1"));
        Files.write(log, new byte[0]);
        gzip("log.1");
        assertThat(seen()).containsExactly("four");
        append("five\n");
        assertThat(seen()).containsExactly("five");
    }

    @Test
    void whatWasWrittenToAnEmptyLogAndRotatedAwayIsFound() throws Exception {
        append("");
        assertThat(seen()).isEmpty();
        append("one\n");
        Files.setLastModifiedTime(log, FileTime.fromMillis(System.currentTimeMillis() + 2_000));
        move("log", "log.1");
        gzip("log.1");
        append("two\n");
        assertThat(seen()).containsExactly("one", "two");
        assertThat(seen()).isEmpty();
    }

    @Test
    void aLogThatIsNotThereForAWhileGoesOnLater() throws IOException {
        append("one\n");
        seen();
        append("two\n");
        move("log", "log.1");
        assertThat(seen()).containsExactly("two");
        assertThat(seen()).isEmpty();
        append("three\n");
        assertThat(seen()).containsExactly("three");
    }

    @Test
    void aLogThatBeginsAsTheOneBeforeIsToldApartByItsInode() throws IOException {
        append("same\n");
        seen();
        append("two\n");
        move("log", "log.1");
        append("same\nthree\n");
        assertThat(seen()).containsExactly("two", "same", "three");
    }

    @Test
    void aDamagedRotationIsSaidOnceAndDoesNotKeepTheLogFromBeingRead() throws Exception {
        append("one\n");
        seen();
        append("two\n");
        move("log", "log.1");
        append("three\n");
        Files.createFile(folder.resolve("log.3.gz"));
        Files.writeString(folder.resolve("log.0.gz"), "no gzip at all");

        assertThat(check()).isEqualTo(10);
        assertThat(out())
                .contains("two\n")
                .contains("three\n")
                .contains("log.0.gz: ")
                .doesNotContain("null");
        out.reset();
        assertThat(check()).isZero();
    }

    @Test
    void ofACutOffRotationIsReadWhatThereIs() throws Exception {
        append("one\n");
        seen();
        append("x".repeat(100) + "\n" + UUID.randomUUID().toString().repeat(2_000) + "\n");
        move("log", "log.1");
        gzip("log.1");
        Path compressed = folder.resolve("log.1.gz");
        byte[] bytes = Files.readAllBytes(compressed);
        Files.write(compressed, Arrays.copyOf(bytes, bytes.length - 20));
        append("three\n");

        assertThat(check()).isEqualTo(10);
        assertThat(out()).contains("three\n").contains("log.1.gz: ").doesNotContain("null");
        out.reset();
        assertThat(check()).isZero();
    }

    @Test
    void whatCannotBeFoundIsSaid() throws IOException {
        append("one\ntwo\n");
        seen();
        Files.writeString(log, "x\n");
        assertThat(check()).isEqualTo(10);
        assertThat(out()).contains("x\n").contains("! " + log + " is another file than at the last run");
    }

    /** Any order of writing, rotating in every way, compressing and checking: each line is seen once, in order. */
    @Test
    void noLineIsLostOrSeenTwiceOverAnyHistory() throws Exception {
        Random random = new Random(SEED);
        List<String> written = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        append("");
        for (int step = 0; step < 150; step++) {
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> {
                    for (int i = 0; i < 1 + random.nextInt(60); i++) {
                        String line = "line " + written.size() + " " + "x".repeat(random.nextInt(80));
                        written.add(line);
                        append(line + "\n");
                    }
                }
                case 3 -> rotate(false, random.nextBoolean());
                case 4 -> rotate(true, random.nextBoolean());
                default -> seen.addAll(seen());
            }
        }
        seen.addAll(seen());
        assertThat(seen).as("seed " + SEED).isEqualTo(written);
    }

    private void rotate(boolean copy, boolean compress) throws Exception {
        if (!Files.exists(log) || Files.size(log) == 0) {
            return;
        }
        for (int i = 40; i > 0; i--) {
            for (String suffix : List.of("", ".gz")) {
                if (Files.exists(folder.resolve("log." + i + suffix))) {
                    move("log." + i + suffix, "log." + (i + 1) + suffix);
                }
            }
        }
        if (copy) {
            Files.copy(log, folder.resolve("log.1"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.write(log, new byte[0]);
        } else {
            move("log", "log.1");
            append("");
        }
        if (compress) {
            gzip("log.1");
        }
    }

    @Test
    void stateIsPrivateAndRunsExcludeEachOther() throws IOException {
        append("one\n");
        check();
        Path state = folder.resolve("state");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(state)) {
            assertThat(files.toList())
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        try (FileChannel channel = FileChannel.open(state.resolve("lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(check()).isEqualTo(1);
            assertThat(err()).contains("another check is running");
        }
    }

    @Test
    void aMissingLogDoesNotKeepTheOthersFromBeingRead() throws IOException {
        append("one\n");
        assertThat(check(folder.resolve("none").toString())).isEqualTo(10);
        assertThat(out()).contains("one\n").contains("none: no such file");
        assertThat(check(folder.resolve("none").toString())).isEqualTo(1);
        assertThat(err()).contains("none: no such file");
    }

    @Test
    void errorsInTheRulesAreToldAndWarningsAreLeftToLint() throws IOException {
        Files.writeString(folder.resolve("rules/logcheck.ignore"), "CRON  \n(\n");
        append("a CRON\n");
        assertThat(check()).isZero();
        assertThat(err()).contains("logcheck.ignore:2: error: ").doesNotContain("warning");
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run("check", "--rules", folder + "/rules")).isEqualTo(2);
        assertThat(run("check", "--mail-to", "-oQ/tmp", log.toString())).isEqualTo(2);
    }

    @Test
    void mailGoesToSendmailAndAFailureKeepsTheLinesForTheNextRun() throws Exception {
        append("a denied caf\u00e9\n");
        Path failing = script("failing", "exit 75");
        assertThat(check("--mail-to", "root", "--sendmail", failing.toString())).isEqualTo(1);
        assertThat(err()).contains("exit code 75");
        Path mail = folder.resolve("mail");
        Path sendmail = script("sendmail", "echo \"$@\" > " + mail + "; cat >> " + mail);
        assertThat(check("--mail-to", "root", "--sendmail", sendmail.toString()))
                .isEqualTo(11);
        assertThat(out()).isEmpty();
        String text = Files.readString(mail);
        assertThat(text).startsWith("-i -- root\nTo: root\nSubject: =?UTF-8?B?").contains("base64\n\n");
        String body = text.substring(text.indexOf("\n\n") + 2);
        assertThat(new String(java.util.Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8))
                .startsWith("Security Violations\n")
                .contains("a denied caf\u00e9\n");
        assertThat(check("--mail-to", "root", "--sendmail", sendmail.toString()))
                .isZero();
    }

    @Test
    void noticesAreMailedToo() throws Exception {
        Path mail = folder.resolve("mail");
        Path sendmail = script("sendmail", "cat > " + mail);
        append("one\n");
        seen();
        append("a CRON job\n");
        Files.move(log, folder.resolve("log.2"));
        Files.createFile(folder.resolve("log.1.gz"));
        append("a CRON job\n");

        assertThat(check("--mail-to", "root", "--sendmail", sendmail.toString()))
                .isZero();

        String text = Files.readString(mail);
        assertThat(new String(
                        java.util.Base64.getMimeDecoder().decode(text.substring(text.indexOf("\n\n") + 2)),
                        StandardCharsets.UTF_8))
                .startsWith("Notices\n")
                .contains("log.1.gz: ends too early");
    }

    @Test
    void theJournalIsReadFromTheCursorOn() throws Exception {
        Path arguments = folder.resolve("arguments");
        Path journalctl = script("journalctl", """
                echo "$@" > %s
                for a in "$@"; do case $a in --cursor-file=*) f=${a#*=};; esac; done
                echo "a since [$(cat $f)]"
                echo s=1 > $f
                """.formatted(arguments));
        append("");
        String[] options = {"--journal", "--journalctl", journalctl.toString()};
        check(options);
        assertThat(out()).contains("a since []\n");
        assertThat(Files.readString(arguments)).contains("--since=-1day").contains("--output=short");
        check("--journal", "--journalctl", journalctl.toString(), "--test");
        assertThat(Files.readString(folder.resolve("state/journal"))).isEqualTo("s=1\n");
        assertThat(Files.readString(arguments)).doesNotContain("--since");
        check(options);
        assertThat(out()).contains("a since [s=1]\n");
        Files.delete(journalctl);
        script("journalctl", "exit 1");
        assertThat(check(options)).as("nothing new").isZero();
        script("journalctl", "echo no seat >&2; exit 1");
        assertThat(check(options)).isEqualTo(1);
        assertThat(err()).contains("exit code 1").contains("no seat");
    }

    @Test
    void theCursorIsPrivateThoughJournalctlMakesItsFileAnew() throws Exception {
        append("");
        Path journalctl = script("journalctl", """
                for a in "$@"; do case $a in --cursor-file=*) f=${a#*=};; esac; done
                rm $f; echo s=1 > $f; chmod 644 $f
                """);

        assertThat(check("--journal", "--journalctl", journalctl.toString())).isZero();

        Path cursor = folder.resolve("state/journal");
        assertThat(Files.readString(cursor)).isEqualTo("s=1\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cursor)))
                .isEqualTo("rw-------");
    }

    @Test
    void aJournalThatCannotBeReadDoesNotKeepTheLogsFromBeingRead() throws Exception {
        append("a line\n");
        Path journalctl = script("journalctl", "echo \"$(printf 'no \\033[2Jright')\" >&2; exit 3");

        assertThat(check("--journal", "--journalctl", journalctl.toString())).isEqualTo(10);
        assertThat(out()).contains("a line").contains("journal: ").contains("exit code 3");

        out.reset();
        assertThat(check("--journal", "--journalctl", journalctl.toString()))
                .as("read once")
                .isEqualTo(1);
        assertThat(err()).contains("exit code 3").doesNotContain("\u001b");
    }

    @Test
    void aLineWithoutEndInSightIsCutAndTheRestOfTheLogRead() throws Exception {
        append("first\n" + "\0".repeat(700_000));
        assertThat(check()).isEqualTo(10);
        assertThat(out()).contains("first").contains("1 lines of more than 256 KiB");

        append("\0".repeat(10) + "\nlast\n");
        out.reset();
        assertThat(check()).isEqualTo(10);
        assertThat(out()).contains("last").doesNotContain("first");

        append("x".repeat(300_000) + "\nbehind it\n" + "y".repeat(1 << 18) + "\nand this\n");
        out.reset();
        assertThat(check()).isEqualTo(10);
        assertThat(out()).contains("\nbehind it\n").contains("\nand this\n").contains("x".repeat(1 << 18));
    }

    @Test
    void aRulesFolderThatIsNotThereOrEmptyReadsNothing() throws IOException {
        append("a line\n");
        assertThat(run("check", "--rules", folder + "/typo", "--state", folder + "/state", log.toString()))
                .isEqualTo(1);
        assertThat(err()).contains(folder + "/typo: no such folder");

        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(run("check", "--rules", empty.toString(), "--state", folder + "/state", log.toString()))
                .isEqualTo(1);
        assertThat(err()).contains("no rules in ");
        assertThat(check()).as("the line is still to be read").isEqualTo(10);
    }

    @Test
    void whatAKilledRunLeftIsRemoved() throws IOException {
        append("a line\n");
        Path left = Files.createDirectories(folder.resolve("state/run-123"));
        Files.writeString(left.resolve("UNUSUAL"), "a secret\n");

        check();

        assertThat(left).doesNotExist();
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void move(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to));
    }

    private void gzip(String name) throws Exception {
        Process process = new ProcessBuilder("gzip", folder.resolve(name).toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private List<String> seen() throws IOException {
        check();
        assertThat(out()).doesNotContain("Notices");
        return out().lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("Unusual") && !line.startsWith("==="))
                .toList();
    }

    private int check(String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("check", "--rules", folder + "/rules", "--state", folder + "/state"));
        arguments.addAll(Arrays.asList(more));
        arguments.add(log.toString());
        out.reset();
        err.reset();
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return Main.run(
                new Terminal(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
