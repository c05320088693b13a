package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/** The outbox neither grows for ever nor hides what it gives up; and damage in it stops nobody. */
class OutboxLimitsTest {
    private static final RetryPauses QUICK = new RetryPauses(Duration.ofMillis(5), Duration.ofMillis(20));
    private static final OutboxLimits FIVE_DAYS = new OutboxLimits(Duration.ofDays(5), 1 << 20, Duration.ofMillis(50));

    @TempDir
    Path folder;

    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());
    private final Mailbox first = new Mailbox("first");
    private final Mailbox second = new Mailbox("second");
    private final List<Outbox> opened = new ArrayList<>();
    private Path box;

    @BeforeEach
    void createFolder() throws IOException {
        box = Files.createDirectories(folder.resolve("outbox"));
    }

    @AfterEach
    void close() {
        opened.forEach(Outbox::close);
    }

    @Test
    void refusedReportIsPutAsideWhenItsTimeIsOverAndThatIsTold() throws Exception {
        first.answer = (id, accepted) -> Delivery.refused("550 no such user");
        leave(1, Duration.ofDays(6));
        leave(2, Duration.ofDays(4));

        Outbox outbox = open(FIVE_DAYS, first, second);

        await().until(() -> outbox.waiting() == 1 && second.taken.size() == 2);
        assertThat(files("dead")).containsExactly(Letters.letter(1).id() + ".eml");
        assertThat(outbox.contains(Letters.letter(1).id())).isTrue();
        assertThat(metrics.get(Count.REPORTS_GIVEN_UP)).isEqualTo(1);
        assertThat(notices.current())
                .anyMatch(notice -> notice.level() == Notice.Level.WARNING
                        && notice.text()
                                .startsWith("mail: first is no longer tried with report "
                                        + Letters.letter(1).id()
                                        + ": not taken within 5 days (first: 550 no such user); put aside in "));
    }

    @Test
    void serverThatCannotBeReachedForDaysIsGivenUpToo() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("connection refused");
        leave(1, Duration.ofDays(6));
        leave(2, Duration.ofDays(6));

        Outbox outbox = open(FIVE_DAYS, first);

        await().until(() -> outbox.waiting() == 0);
        assertThat(files("dead")).hasSize(2);
        assertThat(first.taken).isEmpty();
    }

    /** After a week without power, or with a clock that is years ahead. */
    @Test
    void oldReportIsTriedForAWhileBeforeItIsGivenUp() throws Exception {
        first.answer = (id, accepted) -> first.tries < 5 ? Delivery.later("not yet") : Delivery.done();
        leave(1, Duration.ofDays(3_000));

        Outbox outbox = open(new OutboxLimits(Duration.ofDays(5), 1 << 20, Duration.ofHours(1)), first);

        await().until(() -> outbox.waiting() == 0);
        assertThat(first.taken).hasSize(1);
        assertThat(box.resolve("dead")).doesNotExist();
    }

    @Test
    void fullOutboxPutsTheLeastUrgentAsideFirst() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("down");
        Outbox outbox = open(new OutboxLimits(Duration.ofDays(5), 25_000, Duration.ofHours(1)), first);

        outbox.put(letter(1, Letter.Urgency.ATTACK));
        outbox.put(letter(2, Letter.Urgency.UNUSUAL));
        outbox.put(letter(3, Letter.Urgency.VIOLATIONS));
        outbox.put(letter(4, Letter.Urgency.ATTACK));

        await().until(() -> outbox.waiting() == 2);
        assertThat(files("dead"))
                .containsExactly(
                        Letters.letter(2).id() + ".eml", Letters.letter(3).id() + ".eml");
        assertThat(notices.current()).anyMatch(notice -> notice.text().contains("the outbox is full (outbox-size)"));
    }

    @Test
    void urgencySurvivesARestart() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("down");
        Outbox outbox = open(FIVE_DAYS, first);
        outbox.put(letter(1, Letter.Urgency.ATTACK));
        outbox.put(letter(2, Letter.Urgency.UNUSUAL));
        outbox.close();

        Outbox reopened = open(new OutboxLimits(Duration.ofDays(5), 15_000, Duration.ofHours(1)), first);

        await().until(() -> reopened.waiting() == 1);
        assertThat(files("dead")).containsExactly(Letters.letter(2).id() + ".eml");
    }

    @Test
    void thosePutAsideAreBoundedTooAndADeletionIsCounted() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("down");
        Outbox outbox = open(new OutboxLimits(Duration.ofDays(5), 15_000, Duration.ofHours(1)), first);
        for (int i = 1; i <= 5; i++) {
            outbox.put(letter(i, i == 1 ? Letter.Urgency.VIOLATIONS : Letter.Urgency.UNUSUAL));
        }

        await().until(() -> metrics.get(Count.LOST_REPORTS) == 3);

        assertThat(outbox.waiting()).isEqualTo(1);
        assertThat(files("dead")).hasSize(1);
    }

    @Test
    void givingUpIsAWarningOnceOrEachReportWouldCauseTheNext() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("down");
        Outbox outbox = open(new OutboxLimits(Duration.ofDays(5), 15_000, Duration.ofHours(1)), first);
        outbox.put(letter(1, Letter.Urgency.UNUSUAL));
        outbox.put(letter(2, Letter.Urgency.UNUSUAL));
        await().until(() -> metrics.get(Count.REPORTS_GIVEN_UP) == 1);
        assertThat(notices.drain()).anyMatch(notice -> notice.level() == Notice.Level.WARNING);

        outbox.put(letter(3, Letter.Urgency.UNUSUAL));
        await().until(() -> metrics.get(Count.REPORTS_GIVEN_UP) == 2);

        assertThat(notices.current()).isNotEmpty().allMatch(notice -> notice.level() == Notice.Level.INFO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9-1\n", "\u0000\u0000\u0000", "../../etc\n"})
    void damagedListOfSentReportsIsSetAsideAndTheServerStarts(String damage) throws Exception {
        String known = Letters.letter(1).id();
        Files.write(box.resolve("sent"), (known + "\n" + damage).getBytes(StandardCharsets.ISO_8859_1));

        Outbox outbox = open(FIVE_DAYS, first);

        assertThat(outbox.contains(known)).isTrue();
        assertThat(box.resolve("sent.damaged")).exists();
        assertThat(notices.current())
                .anyMatch(notice -> notice.level() == Notice.Level.WARNING
                        && notice.text().startsWith("outbox: " + box.resolve("sent") + ": damaged, 1 line unreadable"));
        outbox.put(Letters.letter(2));
        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
    }

    @Test
    void damagedStateOfAMailIsSetAsideAndItsSoundLinesCount() throws Exception {
        leave(1, Duration.ZERO);
        Files.write(
                box.resolve(Letters.letter(1).id() + ".state"),
                "done first\nacc\u00e9pted second x\n".getBytes(StandardCharsets.ISO_8859_1));

        Outbox outbox = open(FIVE_DAYS, first, second);

        await().until(() -> outbox.waiting() == 0);
        assertThat(first.taken).isEmpty();
        assertThat(second.taken).hasSize(1);
        assertThat(box.resolve("state.damaged")).exists();
    }

    @Test
    void foldersInThePlaceOfFilesStopNoStart() throws Exception {
        leave(1, Duration.ZERO);
        Files.createDirectories(box.resolve("sent/x"));
        Files.createDirectories(box.resolve(Letters.letter(1).id() + ".state/x"));
        Files.createDirectories(box.resolve("half.eml.tmp/x"));
        Files.createDirectories(box.resolve(Letters.letter(2).id() + ".eml/x"));

        Outbox outbox = open(FIVE_DAYS, first);

        await().until(() -> outbox.waiting() == 0);
        assertThat(first.taken).hasSize(1);
    }

    private Outbox open(OutboxLimits limits, Destination... destinations) throws IOException {
        Outbox outbox = new Outbox(box, Letters.FORMAT, List.of(destinations), QUICK, limits, metrics, notices);
        opened.add(outbox);
        outbox.start();
        return outbox;
    }

    /** As an earlier run has left it. */
    private void leave(int number, Duration age) throws IOException {
        Path mail = box.resolve(Letters.letter(number).id() + ".eml");
        Files.write(mail, Letters.FORMAT.format(Letters.letter(number)));
        Files.setLastModifiedTime(mail, FileTime.from(Instant.now().minus(age)));
    }

    /** Of a little over 10,000 octets. */
    private static Letter letter(int number, Letter.Urgency urgency) {
        Letter plain = Letters.letter(number, ("x".repeat(99) + "\n").repeat(100));
        return new Letter(plain.id(), plain.date(), plain.subject(), plain.text(), urgency);
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(box.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
