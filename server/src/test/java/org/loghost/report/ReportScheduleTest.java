package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;
import org.loghost.mail.MailFormat;
import org.loghost.mail.Maildir;
import org.loghost.mail.Outbox;
import org.loghost.mail.RetryPauses;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class ReportScheduleTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(Lines.SEVEN);
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(clock);
    private final InMemory findings = new InMemory();
    private Outbox outbox;
    private ReportSchedule schedule;

    @BeforeEach
    void open() throws IOException {
        outbox = openOutbox();
        schedule = schedule(Duration.ofMinutes(30));
    }

    @AfterEach
    void close() {
        schedule.close();
        outbox.close();
    }

    @Test
    void askedForReportIsHandedOverWhenTheAnswerComes() throws Exception {
        findings.next.many(2, "web01", Tier.ATTACK);
        schedule.start();

        ReportSchedule.Result result = schedule.now(Duration.ofSeconds(10));

        assertThat(result.failure()).isEmpty();
        assertThat(result.ids()).containsExactly("20261122-070000-00000001");
        assertThat(mails()).hasSize(1);
        assertThat(mails().get(0))
                .contains("X-Loghost-Report: 20261122-070000-00000001")
                .contains("event 2\n");
        assertThat(findings.sealed).isEmpty();
        assertThat(folder.resolve("reports/20261122-070000-00000001/complete.txt.gz"))
                .exists();
    }

    @Test
    void nothingToSayIsNoMailAndNoReport() throws Exception {
        notices.post(Notice.Level.INFO, "k", "of no importance alone");
        schedule.start();

        assertThat(schedule.now(Duration.ofSeconds(10)).ids()).isEmpty();

        assertThat(folder.resolve("mail")).doesNotExist();
        assertThat(folder.resolve("reports")).doesNotExist();
        assertThat(notices.current()).hasSize(1);
    }

    @Test
    void warningCausesAReportOfItsOwnOnce() throws Exception {
        notices.post(Notice.Level.WARNING, "k", "the disk is full");
        schedule.start();

        assertThat(schedule.now(Duration.ofSeconds(10)).ids()).hasSize(1);
        assertThat(schedule.now(Duration.ofSeconds(10)).ids()).isEmpty();

        assertThat(mails().get(0)).contains("Subject:").contains("the disk is full");
    }

    @Test
    void reportIsMadeWhenItsTimeComes() throws Exception {
        findings.next.many(1, "web01", Tier.UNUSUAL);
        clock.now = Instant.now();
        schedule.close();
        clock.isSystem = true;
        schedule = schedule(Duration.ofSeconds(1));
        assertThat(schedule.next()).isAfter(clock.now).isBefore(clock.now.plusSeconds(3));

        schedule.start();

        await().until(() -> mails().size() == 1);
    }

    @Test
    void countsAreThoseSinceTheLastReport() throws Exception {
        schedule.start();
        metrics.add(Count.RECEIVED, 10);
        metrics.add(Count.ARCHIVED, 9);
        findings.next.many(1, "a", Tier.UNUSUAL);
        schedule.now(Duration.ofSeconds(10));
        metrics.add(Count.RECEIVED, 5);
        metrics.add(Count.ARCHIVED, 6);
        clock.now = Lines.SEVEN.plusSeconds(1_800);
        findings.next.many(1, "a", Tier.UNUSUAL);
        schedule.now(Duration.ofSeconds(10));

        assertThat(mails().get(0))
                .contains("since start, Sun 22 Nov 2026, 07:00\n             10  messages received\n")
                .contains("\nreceived 10 = archived 9 + lost 0 + in flight 1\n");
        assertThat(mails().get(1))
                .contains("since the last report, Sun 22 Nov 2026, 07:00\n              5  messages received\n")
                .contains("since Sun 22 Nov 2026, 07:00, received 15 = archived 15 + lost 0 + in flight 0\n")
                .contains("Sun 22 Nov 2026, 07:00 - 07:30 (UTC)");
    }

    @Test
    void reportThatFailsIsNoticedAndMadeLater() throws Exception {
        findings.next.many(1, "a", Tier.UNUSUAL);
        findings.broken.set(true);
        schedule.start();

        assertThat(schedule.now(Duration.ofSeconds(10)).failure())
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("could not be made").contains("findings folder is gone"));
        findings.broken.set(false);
        assertThat(schedule.now(Duration.ofSeconds(10)).failure()).isEmpty();

        assertThat(mails()).hasSize(1);
        assertThat(mails().get(0)).contains("report: could not be made at its time");
    }

    @Test
    void findingsThatCannotBeReadThisTimeAreKeptForTheNext() throws Exception {
        for (String step : List.of("first pass", "second pass")) {
            findings.next.many(3, step.replace(' ', '-'), Tier.UNUSUAL);
            findings.failAt = step;
            Reporter reporter = reporter();

            assertThatThrownBy(reporter::report).hasMessageContaining("Too many open files");
            assertThat(findings.sealed).hasSize(1);
            assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();

            findings.failAt = "";
            assertThat(reporter.report()).hasSize(1);
            assertThat(findings.sealed).isEmpty();
        }
        outbox.deliverNow(Duration.ofSeconds(10));
        assertThat(mails()).hasSize(2).allMatch(mail -> mail.contains("event 3"));
    }

    @Test
    void segmentThatCannotBeReadDoesNotKeepTheOthersFromTheirReport() throws Exception {
        findings.next.many(1, "bad", Tier.UNUSUAL);
        findings.seal();
        findings.next.many(1, "good", Tier.UNUSUAL);
        findings.failAt = "first pass";
        findings.failingSegment = 1;

        assertThatThrownBy(reporter()::report).hasMessageContaining("findings segment 1 could not be read");

        outbox.deliverNow(Duration.ofSeconds(10));
        assertThat(mails()).hasSize(1);
        assertThat(mails().get(0)).contains(" good app");
        assertThat(findings.sealed).containsOnlyKeys(1L);
    }

    @Test
    void reportThatFailsEachTimeIsWorthAMailOnce() throws Exception {
        findings.broken.set(true);
        schedule.start();
        schedule.now(Duration.ofSeconds(10));
        assertThat(notices.drain()).allMatch(notice -> notice.level() == Notice.Level.WARNING);

        schedule.now(Duration.ofSeconds(10));

        assertThat(notices.drain()).isNotEmpty().allMatch(notice -> notice.level() == Notice.Level.INFO);
        findings.broken.set(false);
        schedule.now(Duration.ofSeconds(10));
        findings.broken.set(true);
        schedule.now(Duration.ofSeconds(10));
        assertThat(notices.drain()).anyMatch(notice -> notice.level() == Notice.Level.WARNING);
    }

    @Test
    void segmentsOfEarlierRunsAreReportsOfTheirOwnInOrder() throws Exception {
        findings.next.many(1, "first", Tier.UNUSUAL);
        findings.seal();
        findings.next.many(1, "second", Tier.UNUSUAL);
        findings.seal();
        schedule.start();

        assertThat(schedule.now(Duration.ofSeconds(10)).ids())
                .containsExactly("20261122-070000-00000001", "20261122-070000-00000002");
        assertThat(mails()).hasSize(2);
    }

    /** Each step's end is a place to crash at; the next run must neither repeat nor forget. */
    @Test
    void crashAtAnyStepRepeatsNothingAndForgetsNothing() throws Exception {
        for (String step : List.of("first pass", "second pass", "delete", "after")) {
            findings.next.many(3, step.replace(' ', '-'), Tier.UNUSUAL);
            findings.crashAt = step;
            Reporter crashing = reporter();
            if (step.equals("after")) {
                crashing.report();
            } else {
                assertThatThrownBy(crashing::report).hasMessage("crash at " + step);
            }
            findings.crashAt = "";
            outbox.close();
            outbox = openOutbox();

            reporter().report();
            assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
            assertThat(findings.sealed).isEmpty();
        }
        assertThat(mails()).hasSize(4);
        for (String step : List.of("first-pass", "second-pass", "delete", "after")) {
            assertThat(mails().stream().filter(mail -> mail.contains(" " + step + " app")))
                    .hasSize(1);
        }
    }

    @Test
    void crashBetweenDeliveryAndDeletionSendsNoSecondMail() throws Exception {
        findings.next.many(3, "a", Tier.UNUSUAL);
        findings.crashAt = "delete";
        assertThatThrownBy(reporter()::report).hasMessage("crash at delete");
        outbox.deliverNow(Duration.ofSeconds(10));
        outbox.close();
        findings.crashAt = "";

        outbox = openOutbox();
        assertThat(reporter().report()).isEmpty();

        outbox.deliverNow(Duration.ofSeconds(10));
        assertThat(mails()).hasSize(1);
        assertThat(findings.sealed).isEmpty();
    }

    @Test
    void fullOutboxDiskKeepsTheFindingsAndTheNotices() throws Exception {
        findings.next.many(3, "a", Tier.UNUSUAL);
        notices.post(Notice.Level.WARNING, "k", "a notice");
        Path box = folder.resolve("outbox");
        Files.delete(box);
        Reporter reporter = reporter();
        assertThatThrownBy(reporter::report).isInstanceOf(IOException.class);
        notices.post(Notice.Level.INFO, "m", "another notice");

        Files.createDirectory(box);
        reporter.report();

        outbox.deliverNow(Duration.ofSeconds(10));
        assertThat(mails().get(0))
                .contains("a notice")
                .contains("another notice")
                .contains("event 3");
    }

    @Test
    void closeGivesUpAReportInTheMakingAndLosesNothing() throws Exception {
        findings.next.many(3, "a", Tier.UNUSUAL);
        findings.endless.set(true);
        schedule.start();
        Thread asking = new Thread(() -> {
            try {
                schedule.now(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        asking.start();
        findings.reading.await();

        long begin = System.nanoTime();
        schedule.close();
        asking.join(5_000);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(asking.isAlive()).isFalse();
        assertThat(findings.sealed).hasSize(1);
        assertThat(outbox.waiting()).isZero();
    }

    private ReportSchedule schedule(Duration every) {
        ReportConfig config = new ReportConfig(every, List.of("root@localhost"), 2_000, false, 1 << 30);
        return new ReportSchedule(findings, outbox, config, places(), metrics, notices, clock);
    }

    private Reporter reporter() {
        ReportBuilder builder = new ReportBuilder(ReportConfig.defaults(), places());
        return new Reporter(findings, outbox, builder, places(), metrics, notices, clock, () -> false);
    }

    private ReportPlaces places() {
        return new ReportPlaces("lh", UTC, Path.of("/a"), Path.of("/r"), folder.resolve("reports"));
    }

    private Outbox openOutbox() throws IOException {
        Outbox opened = new Outbox(
                folder.resolve("outbox"),
                new MailFormat("loghost@localhost", List.of("root@localhost"), "lh"),
                List.of(new Maildir(folder.resolve("mail"), "lh")),
                RetryPauses.defaults(),
                metrics,
                notices);
        opened.start();
        return opened;
    }

    private List<String> mails() throws IOException {
        Path delivered = folder.resolve("mail/new");
        if (!Files.exists(delivered)) {
            return List.of();
        }
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(delivered)) {
            for (Path file : files.sorted((a, b) -> id(a).compareTo(id(b))).toList()) {
                mails.add(Files.readString(file));
            }
        }
        return mails;
    }

    private static String id(Path mail) {
        String name = mail.getFileName().toString();
        return name.substring(name.indexOf(".R"));
    }

    private static final class InMemory implements SealedFindings {
        final TreeMap<Long, Lines> sealed = new TreeMap<>();
        final AtomicBoolean broken = new AtomicBoolean();
        final AtomicBoolean endless = new AtomicBoolean();
        final CountDownLatch reading = new CountDownLatch(1);
        volatile Lines next = new Lines();
        volatile String crashAt = "";
        volatile String failAt = "";
        volatile long failingSegment;
        private long number;
        private int pass;

        @Override
        public List<Long> seal() throws IOException {
            if (broken.get()) {
                throw new IOException("findings folder is gone");
            }
            if (!next.findings.isEmpty()) {
                sealed.put(++number, next);
                next = new Lines();
            }
            pass = 0;
            return List.copyOf(sealed.keySet());
        }

        @Override
        public void read(long segment, Consumer<Finding> reader) throws IOException {
            String step = ++pass == 1 ? "first pass" : "second pass";
            crash(step);
            if (step.equals(failAt) && (failingSegment == 0 || segment == failingSegment)) {
                throw new FileSystemException("1.sealed", null, "Too many open files");
            }
            do {
                sealed.get(segment).read(reader);
                reading.countDown();
            } while (endless.get());
        }

        @Override
        public void delete(long segment) {
            crash("delete");
            sealed.remove(segment);
        }

        private void crash(String step) {
            if (step.equals(crashAt)) {
                throw new IllegalStateException("crash at " + step);
            }
        }
    }

    private static final class SettableClock extends Clock {
        volatile Instant now;
        volatile boolean isSystem;

        SettableClock(Instant now) {
            this.now = now;
        }

        @Override
        public ZoneId getZone() {
            return UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return isSystem ? Instant.now() : now;
        }
    }
}
