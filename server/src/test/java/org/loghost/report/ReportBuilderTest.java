package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.classify.DamagedFindingsException;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;
import org.loghost.mail.Letter;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;

class ReportBuilderTest {
    private static final Instant HALF_PAST = Lines.SEVEN.plus(Duration.ofMinutes(30));
    private static final String ID = "20261122-070000-00000001";

    @TempDir
    Path data;

    @Test
    void smallReportReadsAsTheGoldenOne() throws Exception {
        String scan = "Somebody walks through the ports of this host.\nSee what else came from that"
                + " address (grep it in the archive), and block it at the border when it goes on.";
        String failed = "A login or a change of user failed.\nAsk the user; many in a row are guessing.";
        Lines lines = new Lines()
                .add(
                        "goblin",
                        Lines.INFO,
                        "logcheck.violations:12",
                        failed,
                        "Nov 22 07:00:00 goblin su: FAILED SU (to root) chris on /dev/pts/3",
                        Tier.VIOLATION,
                        Tier.UNUSUAL)
                .add(
                        "web01",
                        Lines.INFO,
                        "logcheck.hacking.d/portsentry:7",
                        scan,
                        "Nov 22 07:00:01 web01 portsentry[402]: attackalert: Connect from host: scanner.example.net/"
                                + "198.51.100.7 to TCP port: 143, and more text than a terminal has columns",
                        Tier.ATTACK,
                        Tier.VIOLATION,
                        Tier.UNUSUAL)
                .add(
                        "web01",
                        Lines.INFO,
                        "logcheck.hacking.d/portsentry:7",
                        scan,
                        "Nov 22 07:00:02 web01 portsentry[402]: attackalert: Connect from host: 198.51.100.7/"
                                + "198.51.100.7 to TCP port: 110",
                        Tier.ATTACK,
                        Tier.UNUSUAL)
                .add(
                        "db02",
                        Lines.CRIT,
                        "logcheck.violations:40",
                        "A disk loses sectors.\nSave its data today; smartctl -a says how bad it is.",
                        "Nov 22 07:00:03 db02 kernel: ata1.00: failed command: READ FPDMA QUEUED",
                        Tier.VIOLATION)
                .unusual("db02", "Nov 22 07:00:04 db02 backup[77]: 3 of 4 tables done, K\u00c3\u00b6ln is late");
        Notice notice = new Notice(
                Notice.Level.WARNING,
                "refused: 203.0.113.9 is in no allowed network; add its network to allow in [[listen]] if it is yours",
                31,
                Lines.SEVEN,
                Lines.SEVEN.plusSeconds(700));
        Map<Count, Long> now = new EnumMap<>(Map.of(
                Count.RECEIVED,
                1_204_311L,
                Count.ARCHIVED,
                1_204_300L,
                Count.LOST_ARCHIVE,
                8L,
                Count.REFUSED_ADDRESS,
                31L,
                Count.MALFORMED,
                17L));
        Map<Count, Long> before = new EnumMap<>(Map.of(Count.RECEIVED, 1_000_000L, Count.ARCHIVED, 1_000_000L));
        CountsSince counts = new CountsSince(Lines.SEVEN.minusSeconds(40_000), Lines.SEVEN, now, before);

        ReportPlaces places = new ReportPlaces(
                "loghost.example.com",
                ZoneId.of("Europe/Berlin"),
                Path.of("/var/log/loghost/hosts"),
                Path.of("/etc/loghost/rules/logcheck.ignore.d/local"),
                data);
        Letter letter = build(new ReportBuilder(config(2_000, false), places), lines, List.of(notice), counts);

        assertThat(letter.subject())
                .isEqualTo("[loghost] ATTACK 2, Violations 3, Unusual 4 - web01 +2 hosts (08:00-08:30)");
        assertThat(letter.text().replace(data.toString(), "/var/lib/loghost/reports"))
                .isEqualTo(resource("golden-report.txt"));
        assertThat(letter.text().lines().filter(line -> !line.startsWith("Nov 22") && !line.contains(data.toString())))
                .allMatch(line -> line.length() <= 78, "own text keeps to 78 columns");
    }

    @Test
    void lineInSeveralTiersIsPrintedInTheHighestAndCountedInTheOthers() throws Exception {
        Lines lines = new Lines()
                .add("a", Lines.INFO, "r:1", null, "one line", Tier.ATTACK, Tier.UNUSUAL)
                .unusual("a", "another line");

        Letter letter = build(builder(2_000, false), lines);

        assertThat(letter.text()).containsOnlyOnce("\none line\n");
        assertThat(section(letter, Tier.ATTACK)).contains("one line");
        assertThat(section(letter, Tier.UNUSUAL))
                .contains("1 line from 1 host\nalso: 1 line above is Unusual System Activity too\n")
                .contains("another line");
        assertThat(letter.subject()).startsWith("[loghost] ATTACK 1, Unusual 2 - a (");
        assertThat(letter.text())
                .as("why the head has three and two stand below")
                .contains("""

                    In all 2 lines: one that is in several tiers counts in each, and stands once,
                    in the highest.
                    """);
        assertThat(letter.urgency()).isEqualTo(Letter.Urgency.ATTACK);
    }

    @Test
    void headThatAgreesWithWhatStandsBelowNeedsNoReason() throws Exception {
        Letter once = build(builder(2_000, false), new Lines().unusual("a", "one line"));
        Letter repeated = build(
                builder(2_000, true), new Lines().add("a", Lines.INFO, "r:1", null, "x", Tier.ATTACK, Tier.UNUSUAL));

        assertThat(once.text()).doesNotContain("In all");
        assertThat(once.urgency()).isEqualTo(Letter.Urgency.UNUSUAL);
        assertThat(repeated.text()).doesNotContain("In all");
    }

    @Test
    void subjectIsAsciiWhateverHostsAreCalled() throws Exception {
        assertThat(build(builder(2_000, false), new Lines().unusual("größer\u2028", "x"))
                        .subject())
                .matches("[ -~]+");
    }

    @Test
    void repeatPrintsALineInEachOfItsTiers() throws Exception {
        Lines lines =
                new Lines().add("a", Lines.INFO, "r:1", null, "one line", Tier.ATTACK, Tier.VIOLATION, Tier.UNUSUAL);

        Letter letter = build(builder(2_000, true), lines);

        for (Tier tier : Tier.values()) {
            assertThat(section(letter, tier)).contains("\none line\n").doesNotContain("also:");
        }
    }

    @Test
    void floodOfOneHostDoesNotHideTheOthers() throws Exception {
        Lines lines = new Lines()
                .many(5_000, "flood", Tier.UNUSUAL)
                .many(3, "quiet", Tier.UNUSUAL)
                .many(4, "calm", Tier.UNUSUAL);

        Letter letter = build(builder(100, false), lines);

        assertThat(letter.text().lines().filter(line -> line.startsWith("Nov 22")))
                .hasSize(100);
        assertThat(letter.text().lines().filter(line -> line.contains(" quiet app")))
                .hasSize(3);
        assertThat(letter.text().lines().filter(line -> line.contains(" calm app")))
                .hasSize(4);
        assertThat(letter.text())
                .contains("100 of 5,007 lines are shown")
                .contains("[... flood: 4,907 more lines ...]\n")
                .contains("  flood: 4,907 more lines\n")
                .contains(" flood app[1]: event 1\n")
                .contains(" flood app[1]: event 5000\n");
    }

    @Test
    void floodOfOneTierLeavesTheOthersAShare() throws Exception {
        Lines lines = new Lines()
                .many(500, "a", Tier.ATTACK)
                .many(500, "a", Tier.VIOLATION)
                .many(500, "a", Tier.UNUSUAL);

        Letter letter = build(builder(100, false), lines);

        assertThat(section(letter, Tier.ATTACK).lines().filter(line -> line.startsWith("Nov 22")))
                .hasSize(80);
        assertThat(section(letter, Tier.VIOLATION).lines().filter(line -> line.startsWith("Nov 22")))
                .hasSize(10);
        assertThat(section(letter, Tier.UNUSUAL).lines().filter(line -> line.startsWith("Nov 22")))
                .hasSize(10);
    }

    @Test
    void criticalMessagesAreNeverCut() throws Exception {
        Lines lines = new Lines().many(1_000, "a", Tier.UNUSUAL);
        for (int i = 0; i < 300; i++) {
            lines.add("a", 8 * 3 + i % 3, null, null, "critical " + i + ".", Tier.UNUSUAL);
            lines.many(3, "a", Tier.UNUSUAL);
        }

        Letter letter = build(builder(50, false), lines);

        for (int i = 0; i < 300; i++) {
            assertThat(letter.text()).contains("\ncritical " + i + ".\n");
        }
        assertThat(letter.text().lines().filter(line -> line.startsWith("Nov 22")))
                .hasSize(5);
    }

    @Test
    void onlyTheGreatestSizeCutsCriticalMessagesAndTheReportSaysSo() throws Exception {
        Lines lines = new Lines().many(200, "b", Tier.UNUSUAL);
        for (int i = 0; i < 100; i++) {
            lines.add("a", Lines.CRIT, null, null, "c" + "x".repeat(1_000), Tier.UNUSUAL);
        }

        Letter letter = build(new ReportBuilder(config(2_000, false), places(), 50_000), lines);

        assertThat(letter.text().length()).isLessThan(55_000);
        assertThat(letter.text().lines().filter(line -> line.startsWith("cx"))).hasSize(44);
        assertThat(letter.text().lines().filter(line -> line.contains(" b app")))
                .hasSizeGreaterThan(50);
        assertThat(letter.text())
                .contains("greatest size: among the others are 56 lines of\n  severity emerg, alert or crit.");
    }

    @Test
    void hugeLinesAreWholeOrCounted() throws Exception {
        String huge = "x".repeat(65_000) + " end";
        Lines lines = new Lines()
                .unusual("a", huge)
                .unusual("b", huge)
                .unusual("b", huge)
                .unusual("b", "short");

        Letter letter = build(new ReportBuilder(config(2_000, false), places(), 140_000), lines);

        assertThat(letter.text())
                .contains("\n" + huge + "\n")
                .contains("\nshort\n")
                .contains("b: 1 more line\n");
        assertThat(letter.text().lines().filter(line -> line.startsWith("xxx"))).allMatch(huge::equals);
    }

    @Test
    void hostileTextStaysVisibleText() throws Exception {
        String bidi = latin1("evil \u202egnp.exe\u2066 \ufeff\u200b");
        Lines lines = new Lines()
                .add("a", Lines.INFO, "r:1", null, bidi, Tier.ATTACK)
                .unusual("a", "${jndi:ldap://x} $(reboot) <b>bold</b>")
                .unusual("a", "bytes \u0080\u00ff\u00c3\u00b6\u001b[2J")
                .unusual("a\r\nBcc: everyone@example.com", "a host that cannot be");

        Letter letter = build(builder(2_000, false), lines);

        assertThat(letter.text())
                .contains("evil \\u{202E}gnp.exe\\u{2066} \\u{FEFF}\\u{200B}\n")
                .contains("\n${jndi:ldap://x} $(reboot) <b>bold</b>\n")
                .contains("\nbytes \\x80\\xFF\u00f6\\x1B[2J\n");
        assertThat(letter.text()).matches(text -> text.chars().noneMatch(c -> c < ' ' && c != '\n'));
        assertThat(letter.subject()).doesNotContain("\n", "\r");
    }

    @Test
    void repeatedMessageSaysHowManyEventsItStandsFor() throws Exception {
        Lines lines = new Lines();
        lines.findings.add(
                new Finding(Lines.SEVEN.toEpochMilli(), "a", 38, Set.of(Tier.UNUSUAL), null, null, 1_500, "again"));

        assertThat(build(builder(2_000, false), lines).text()).contains("again\n    ^ stands for 1,500 events\n");
    }

    @Test
    void noticesAloneMakeAReport() throws Exception {
        Notice notice = new Notice(Notice.Level.WARNING, "disk „data“: full \u202e", 1, Lines.SEVEN, Lines.SEVEN);

        Letter letter = build(
                builder(2_000, false), new Lines(), List.of(notice, notice, notice), CountsSince.none(Lines.SEVEN));

        assertThat(letter.subject()).isEqualTo("[loghost] Notices 3 (07:00-07:30)");
        assertThat(letter.text())
                .contains("! 07:00:00  disk „data“: full \\u{202E}\n")
                .doesNotContain("complete.txt.gz");
    }

    @Test
    void completeListHasEveryLineAndIsForTheOwnerAlone() throws Exception {
        build(builder(10, false), new Lines().many(500, "a", Tier.UNUSUAL).many(1, "b", Tier.ATTACK));

        Path folder = data.resolve(ID);
        assertThat(complete(folder).lines()).hasSize(501);
        assertThat(complete(folder))
                .startsWith("2026-11-22T07:00:00 --U Nov 22 07:00:00 a app[1]: event 1\n")
                .endsWith("2026-11-22T07:08:20 A-- Nov 22 07:00:00 b app[1]: event 1\n");
        assertThat(folder.resolve("report.txt")).content().contains("10 of 501 lines");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxr-x---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("complete.txt.gz"))))
                .isEqualTo("rw-------");
    }

    @Test
    void oldestReportsMakeRoomAndAHugeListIsCutAndSaysSo() throws Exception {
        ReportConfig config = new ReportConfig(Duration.ofMinutes(30), List.of(), 10, false, 400_000);
        ReportBuilder builder = new ReportBuilder(config, places());
        Lines lines = new Lines();
        Random random = new Random(20_261_122);
        for (int i = 0; i < 20_000; i++) {
            lines.unusual("a", Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()));
        }

        for (int segment = 1; segment <= 4; segment++) {
            Tally tally = builder.tally(lines);
            Letter letter = letter(builder, ReportBuilder.id(tally, segment), tally, lines);
            assertThat(letter.text()).containsPattern("complete.txt.gz\n  \\(its first [0-9,]+ lines; ");
        }

        try (var reports = Files.list(data)) {
            assertThat(reports.map(path -> path.getFileName().toString()))
                    .contains("20261122-070000-00000004")
                    .doesNotContain("20261122-070000-00000001")
                    .hasSizeLessThan(4);
        }
    }

    @Test
    void reportGoesOutWhenItCannotBeKept() throws Exception {
        Path file = Files.createFile(data.resolve("a-file"));
        ReportPlaces places = new ReportPlaces("lh", ZoneId.of("UTC"), data, data, file);

        Letter letter = build(new ReportBuilder(config(2_000, false), places), new Lines().unusual("a", "the line"));

        assertThat(letter.text()).contains("\nthe line\n").contains("not kept:");
    }

    @Test
    void listThatCannotGetItsNameIsNotNamed() throws Exception {
        ReportBuilder builder = builder(2_000, false);
        Lines lines = new Lines().unusual("a", "the line");
        FindingSource sabotage = reader -> {
            lines.read(reader);
            Path unfinished = data.resolve(ID + ".tmp");
            if (Files.exists(unfinished)) {
                Files.createDirectory(unfinished.resolve("report.txt"));
            }
        };

        Letter letter = build(builder, sabotage);

        assertThat(letter.text())
                .contains("\nthe line\n")
                .contains("not kept:")
                .doesNotContain(data.resolve(ID).resolve("complete.txt.gz").toString());
    }

    @Test
    void damageGivesWhatCouldBeReadAndANotice() throws Exception {
        Lines readable = new Lines().unusual("a", "readable");
        FindingSource damaged = new FindingSource() {
            @Override
            public void read(Consumer<Finding> reader) throws IOException {
                readable.read(reader);
                throw new DamagedFindingsException("segment 1: damaged at octet 99");
            }
        };

        Letter letter = build(builder(2_000, false), damaged);

        assertThat(letter.text()).contains("\nreadable\n").contains("findings: segment 1: damaged at octet 99");
    }

    @Test
    void secondReadingThatDiffersMakesNoReport() throws Exception {
        Lines lines = new Lines().many(3, "a", Tier.UNUSUAL);
        ReportBuilder builder = builder(2_000, false);
        Tally tally = builder.tally(lines);
        Lines fewer = new Lines().many(2, "a", Tier.UNUSUAL);
        FindingSource damaged = reader -> {
            lines.read(reader);
            throw new DamagedFindingsException("9 bytes");
        };

        assertThatThrownBy(() -> letter(builder, ID, tally, fewer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 lines the second time (expected: 3");
        assertThatThrownBy(() -> letter(builder, ID, tally, damaged)).isInstanceOf(IOException.class);
        assertThat(data.resolve(ID)).doesNotExist();
    }

    @Test
    void idIsTheSameWhenTheReportIsMadeAgain() throws Exception {
        ReportBuilder builder = builder(2_000, false);
        Lines lines = new Lines().many(3, "a", Tier.UNUSUAL);

        assertThat(ReportBuilder.id(builder.tally(lines), 17)).isEqualTo("20261122-070000-00000017");
        assertThat(ReportBuilder.id(builder.tally(lines), 17)).isEqualTo("20261122-070000-00000017");
        assertThat(ReportBuilder.id(builder.tally(lines), 18)).isNotEqualTo("20261122-070000-00000017");
    }

    @Test
    void greatFloodsAreCountedWithoutBeingHeld() throws Exception {
        FindingSource flood = reader -> {
            Finding finding = new Finding(
                    Lines.SEVEN.toEpochMilli(), "a", 38, Set.of(Tier.UNUSUAL), null, null, 1, "x".repeat(200));
            for (int i = 0; i < 300_000; i++) {
                reader.accept(finding);
            }
        };
        ReportBuilder builder = builder(2_000, false);
        Tally tally = builder.tally(flood);
        Room.divide(tally, 2_000, 8 << 20);
        Excerpts excerpts = new Excerpts(tally);
        flood.read(excerpts::add);

        assertThat(tally.lines()).isEqualTo(300_000);
        assertThat(excerpts.shown()).isEqualTo(2_000);
        assertThat(excerpts.cut()).isEqualTo(298_000);
    }

    @Test
    void linesThatAreCutAreCountedForEveryHost() throws Exception {
        Lines lines = new Lines();
        for (int i = 1; i <= 300; i++) {
            lines.many(i < 10 ? 3 : 2, String.format("host%03d", i), Tier.UNUSUAL);
        }

        Letter letter = build(builder(10, false), lines);

        String text = section(letter, Tier.UNUSUAL);
        assertThat(text).contains("  host002: 2 more lines\n").contains("  more lines of further hosts: host");
        for (int i = 1; i <= 300; i++) {
            assertThat(text).containsPattern(String.format("host%03d(=|: )[123]", i));
        }
        assertThat(text.lines()).allMatch(line -> line.length() <= 78);
    }

    @Test
    void inventedHostsAreCountedTogether() throws Exception {
        Lines lines = new Lines();
        for (int i = 0; i < Tally.MAX_HOSTS + 500; i++) {
            lines.unusual("h" + i, "line of " + i);
        }

        Letter letter = build(builder(100, false), lines);

        assertThat(letter.text().length()).isLessThan(200_000);
        assertThat(letter.text())
                .contains("100 of 20,500 lines are shown")
                .containsPattern("\\n  [0-9,]+ more hosts: [0-9,]+ more lines\n")
                .contains("(other hosts): 499 more lines");
    }

    private ReportBuilder builder(int maxLines, boolean repeat) {
        return new ReportBuilder(config(maxLines, repeat), places());
    }

    private static ReportConfig config(int maxLines, boolean repeat) {
        return new ReportConfig(Duration.ofMinutes(30), List.of("root@localhost"), maxLines, repeat, 1 << 30);
    }

    private ReportPlaces places() {
        return new ReportPlaces("lh", ZoneId.of("UTC"), Path.of("/a"), Path.of("/r/logcheck.ignore.d/local"), data);
    }

    private static Letter build(ReportBuilder builder, FindingSource lines) throws IOException {
        return build(builder, lines, List.of(), CountsSince.none(Lines.SEVEN));
    }

    private static Letter build(ReportBuilder builder, FindingSource lines, List<Notice> notices, CountsSince counts)
            throws IOException {
        Tally tally = builder.tally(lines);
        ZoneId zone = counts.now().isEmpty() ? ZoneId.of("UTC") : ZoneId.of("Europe/Berlin");
        return builder.letter(ID, tally, lines, new Period(Lines.SEVEN, HALF_PAST, zone), notices, counts);
    }

    private static Letter letter(ReportBuilder builder, String id, Tally tally, FindingSource lines)
            throws IOException {
        Period period = new Period(Lines.SEVEN, HALF_PAST, ZoneId.of("UTC"));
        return builder.letter(id, tally, lines, period, List.of(), CountsSince.none(Lines.SEVEN));
    }

    private static String section(Letter letter, Tier tier) {
        String text = letter.text();
        int start = text.indexOf("\n" + tier.heading() + "\n==");
        assertThat(start).as(tier.heading()).isPositive();
        int end = text.indexOf("\n===", text.indexOf("===\n", start) + 4);
        return text.substring(start, end);
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String complete(Path folder) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("complete.txt.gz")))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportBuilderTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
