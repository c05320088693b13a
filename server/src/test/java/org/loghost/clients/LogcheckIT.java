package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.classify.Tier;
import org.loghost.pattern.PatternAnalysis;
import org.loghost.pattern.PatternException;
import org.loghost.report.ShownText;
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * {@code loghost check} against Debian's logcheck on the same log: with Debian's own rules, and with small ones, the same
 * lines stand in the same sections. Each difference there is stands here and in {@code docs/rules.md}.
 */
@Testcontainers(disabledWithoutDocker = true)
class LogcheckIT {
    private static final long SEED = 20261123;
    private static final String C = "C";
    private static final String UTF_8 = "C.UTF-8";
    private static final String SERVER = "server";

    /** How Debian's rules begin: the time and the host. */
    private static final Pattern PREFIX = Pattern.compile("\\^\\((\\\\w|\\[\\[:alpha:]])\\{3} \\[ :(0-9|\\[:digit:])]"
            + "\\{11}\\|\\[0-9T:\\.\\+-]\\{32}\\) \\[\\._\\[:alnum:]-]\\+ ");

    /** What this rule of Debian's matches, a line that ends with a blank, logcheck never sees. */
    private static final String RULE_WITH_A_BLANK_AT_ITS_END = "squid[0]: parseHttpRequest: Unsupported method";

    private static LogcheckMachine machine;
    private static Path debian;
    private static List<String> debianRules;
    private static String log;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path shared) throws Exception {
        machine = LogcheckMachine.start(shared);
        debian = machine.debianRules();
        debianRules = rules();
        log = log();
    }

    @AfterAll
    static void stop() {
        if (machine != null) {
            machine.close();
        }
    }

    @BeforeEach
    void makeEmptyRules() throws IOException {
        for (String name : List.of("cracking.d", "violations.d", "violations.ignore.d", "ignore.d.server")) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    @ParameterizedTest
    @CsvSource({"paranoid, 0.05", "server, 0.33", "workstation, 0.33"})
    void withDebiansRulesTheSameLinesStandInTheSameSections(String level, double ignored) throws Exception {
        ReportSections logcheck = machine.logcheck(log, debian, level, C);
        ReportSections loghost = machine.loghost(log, debian, level);

        Set<String> missing = minus(logcheck.of(Tier.UNUSUAL), loghost.of(Tier.UNUSUAL));
        if (level.equals("paranoid")) {
            assertThat(missing).isEmpty();
        } else {
            assertThat(missing).singleElement().asString().endsWith(RULE_WITH_A_BLANK_AT_ITS_END);
        }
        logcheck.of(Tier.UNUSUAL).removeAll(missing);
        assertThat(loghost.lines()).as("seed %d", SEED).isEqualTo(logcheck.lines());

        long all = log.chars().filter(c -> c == '\n').count();
        assertThat(all).isGreaterThan(5_000);
        assertThat(logcheck.of(Tier.ATTACK)).hasSizeGreaterThan(100);
        assertThat(logcheck.of(Tier.VIOLATION)).hasSizeGreaterThan(150);
        assertThat(logcheck.of(Tier.UNUSUAL)).hasSizeGreaterThan(1_500);
        assertThat(all - logcheck.size()).isGreaterThan((long) (all * ignored));
    }

    @Test
    void theLogHasALineForNearlyEachOfDebiansRules() throws Exception {
        assertThat(debianRules).hasSizeGreaterThan(1_500);
        assertThat(debianRules.stream().filter(rule -> witness(rule) != null))
                .hasSizeGreaterThan(debianRules.size() * 95 / 100);
    }

    @Test
    void inAUtf8LocaleOnlyLinesWithOtherBytesThanAsciiDiffer() throws Exception {
        ReportSections logcheck = machine.logcheck(log, debian, SERVER, UTF_8);
        ReportSections loghost = machine.loghost(log, debian, SERVER);

        Set<String> differing = new TreeSet<>();
        for (Tier tier : Tier.values()) {
            differing.addAll(minus(logcheck.of(tier), loghost.of(tier)));
            differing.addAll(minus(loghost.of(tier), logcheck.of(tier)));
        }
        Set<String> ascii =
                shown(Stream.of(log.split("\n")).filter(line -> line.chars().allMatch(c -> c < 0x80)));
        assertThat(differing).hasSizeGreaterThan(10);
        differing.retainAll(ascii);
        assertThat(differing).singleElement().asString().endsWith(RULE_WITH_A_BLANK_AT_ITS_END);
    }

    /** logcheck as cron runs it in Debian reads characters; Loghost reads bytes, as logcheck does in the C locale. */
    @Test
    void inAUtf8LocaleLogcheckReadsCharacters() throws Exception {
        List<Unlike> all = List.of(
                // A byte that is no character is not matched by . or [^x]: logcheck loses sight of what the line is.
                new Unlike(
                        "smartd[1]: Device: /dev/\\xFF, SMART Usage Attribute: 5 Reallocated_Sector_Ct changed from 1 to 2",
                        "UNUSUAL",
                        "ATTACK"),
                new Unlike("su[1]: FAILED SU (to root) \\xFF on pts/1", "UNUSUAL", "VIOLATION"),
                new Unlike("systemd[1]: Started \\xFF.", "UNUSUAL", "-"),
                // Letters beyond ASCII are letters.
                new Unlike("su[1]: pam_unix(su:session): session closed for user m\u00fcller", "-", "VIOLATION"),
                new Unlike("sshd[1]: subsystem request for sftp by user m\u00fcller", "-", "UNUSUAL"),
                // Blanks beyond ASCII are blanks, in a line and at its end.
                new Unlike("sshd[1]: Invalid user a\u2003b from 192.0.2.1 port 22", "UNUSUAL", "-"),
                new Unlike("sshd[1]: Server listening on 0.0.0.0 port 22.\u2003", "-", "UNUSUAL"),
                // {0,256} counts characters.
                new Unlike(
                        "sshd[1]: Received disconnect from 192.0.2.1: 3: " + "\u00e4".repeat(200) + " [preauth]",
                        "-",
                        "UNUSUAL"));
        String lines = all.stream().map(Unlike::line).collect(Collectors.joining("\n", "", "\n"));

        ReportSections characters = machine.logcheck(lines, debian, SERVER, UTF_8);
        ReportSections bytes = machine.logcheck(lines, debian, SERVER, C);
        ReportSections loghost = machine.loghost(lines, debian, SERVER);

        assertThat(all).allSatisfy(unlike -> {
            assertThat(characters.tierOf(unlike.shown())).isEqualTo(unlike.inUtf8());
            assertThat(bytes.tierOf(unlike.shown())).isEqualTo(unlike.asBytes());
            assertThat(loghost.tierOf(unlike.shown())).isEqualTo(unlike.asBytes());
        });
    }

    /** A message, in which \\xFF is a byte that is no UTF-8, and its section when read as characters and as bytes. */
    private record Unlike(String message, String inUtf8, String asBytes) {
        String line() {
            String bytes = new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return "Nov 22 06:55:58 goblin " + bytes.replace("\\xFF", "\u00ff");
        }

        String shown() {
            return ShownText.of(line());
        }
    }

    @Test
    void filesCancelEachOtherAlike() throws Exception {
        write("cracking.d/all", "attack", "# comment", "");
        write("cracking.ignore.d/all", "attack");
        write("violations.d/logcheck", "general");
        write("violations.d/logcheck-kin", "kin-bad");
        write("violations.d/ssh", "ssh-bad");
        write("violations.d/su", "su-bad");
        write("violations.d/plain", "plain-bad");
        write("violations.d/not.this", ".");
        write("violations.ignore.d/ssh", "ssh-fine", " # no comment");
        write("violations.ignore.d/logcheck-su", "su-fine");
        write("violations.ignore.d/logcheck-kin", "kin-fine");
        write("violations.ignore.d/local", "local-fine");
        write("violations.ignore.d/local-site", "site-fine");
        write("violations.ignore.d/nobody", "nobody-fine");
        write("ignore.d.server/a", "", "   ", "#quiet-not", "quiet-a$");
        write("ignore.d.server/b~", "su-fine");
        write("ignore.d.paranoid/a", "quiet-b");
        write("ignore.d.workstation/a", "nobody-fine");
        String words = words();

        ReportSections logcheck = machine.logcheck(words, folder, SERVER, C);

        assertThat(machine.loghost(words, folder, SERVER).lines())
                .as("seed %d", SEED)
                .isEqualTo(logcheck.lines());
        for (Tier tier : Tier.values()) {
            assertThat(logcheck.of(tier)).hasSizeGreaterThan(150);
        }
        assertThat(words.lines().count() - logcheck.size()).isGreaterThan(150);
    }

    /** Lines of some words that the small rules know. */
    private static String words() {
        String[] words =
                ("attack general kin-bad ssh-bad su-bad plain-bad ssh-fine su-fine kin-fine local-fine site-fine"
                                + " nobody-fine quiet-a quiet-b quiet-not other # # ")
                        .split(" ", -1);
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            text.append("line ").append(i);
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                text.append(' ').append(words[random.nextInt(words.length)]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a", "*", "+", "x*", "a|", "()"})
    void oneFaultyRuleTakesLogchecksSectionAway(String rule) throws Exception {
        write("ignore.d.server/local", "quiet", rule);
        String lines = "one\nquiet\ntwo\n";

        assertThat(machine.logcheck(lines, folder, SERVER, C).size()).isZero();
        assertThat(machine.loghostReport(lines, folder, SERVER))
                .startsWith("Unusual System Activity\n=======================\none\ntwo\n\nNotices\n")
                .contains("ignore.d.server/local:2: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", " ", "\t"})
    void aRuleWithABlankAtItsEndMatchesNothingInLogcheck(String blank) throws Exception {
        write("cracking.d/a", "attack$" + blank);
        write("violations.d/a", "bad$" + blank);
        write("ignore.d.server/a", "quiet$" + blank);
        String lines = "an attack\nbad\nquiet\n";

        ReportSections logcheck = machine.logcheck(lines, folder, SERVER, C);
        ReportSections loghost = machine.loghost(lines, folder, SERVER);

        assertThat(logcheck.of(Tier.UNUSUAL)).containsExactly("an attack", "bad", "quiet");
        assertThat(loghost.of(Tier.ATTACK)).containsExactly("an attack");
        assertThat(loghost.of(Tier.VIOLATION)).containsExactly("bad");
        assertThat(loghost.size()).isEqualTo(2);
    }

    @Test
    void emptyLinesAreReportedByLogcheckAlone() throws Exception {
        write("ignore.d.server/other", "^something else$"); // without any rule Loghost reads nothing
        String lines = "one\n\n \t\ntwo\n\n";

        ReportSections logcheck = machine.logcheck(lines, folder, SERVER, C);
        assertThat(logcheck.of(Tier.UNUSUAL)).containsExactly("one", "two");
        assertThat(logcheck.blankLines()).isEqualTo(3);
        assertThat(machine.loghost(lines, folder, SERVER).of(Tier.UNUSUAL)).containsExactly(" \\x09", "one", "two");
    }

    @Test
    void anUnfinishedLineIsReportedByLogcheckAlone() throws Exception {
        write("ignore.d.server/other", "^something else$"); // without any rule Loghost reads nothing
        String lines = "one\ntw";

        assertThat(machine.logcheck(lines, folder, SERVER, C).of(Tier.UNUSUAL)).containsExactly("one", "tw");
        assertThat(machine.loghost(lines, folder, SERVER).of(Tier.UNUSUAL)).containsExactly("one");
    }

    private void write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static Set<String> shown(Stream<String> lines) {
        Set<String> shown = new TreeSet<>();
        lines.forEach(line -> shown.add(ShownText.of(SyslogLines.withoutBlanksAtEnd(line))));
        return shown;
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        Set<String> left = new TreeSet<>(all);
        left.removeAll(some);
        return left;
    }

    private static String log() throws Exception {
        SyslogLines lines = new SyslogLines(SEED);
        lines.addTemplates(12);
        for (String rule : debianRules) {
            String line = witness(rule);
            if (line != null) {
                lines.addMessage(line);
            }
        }
        lines.addNearMisses(2_000);
        lines.addOdd(700);
        lines.addLong(20, 1_000);
        lines.addLong(3, 100_000);
        return String.join("\n", lines.lines()) + "\n";
    }

    /** A line that the rule matches when the time and the host stand before it; null when none was found. */
    private static String witness(String rule) {
        String rest = PREFIX.matcher(rule).replaceFirst("^");
        try {
            PatternAnalysis analysis = PatternAnalysis.of(rest.getBytes(StandardCharsets.ISO_8859_1), false);
            Optional<byte[]> line = analysis.hasBackReferences()
                    ? analysis.plainSamples(2).stream().findFirst()
                    : analysis.witness();
            return line.map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                    .orElse(null);
        } catch (PatternException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }

    private static List<String> rules() throws IOException {
        try (Stream<Path> files = Files.walk(debian)) {
            return files.filter(file -> String.valueOf(debian.relativize(file).getParent())
                            .matches("(cracking|violations|violations\\.ignore|ignore)\\.d.*"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .flatMap(LogcheckIT::patterns)
                    .distinct()
                    .toList();
        }
    }

    private static Stream<String> patterns(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
