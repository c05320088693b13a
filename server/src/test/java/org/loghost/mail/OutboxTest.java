package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class OutboxTest {
    private static final RetryPauses QUICK = new RetryPauses(Duration.ofMillis(5), Duration.ofMillis(40));
    private static final RetryPauses NEVER = new RetryPauses(Duration.ofHours(9), Duration.ofHours(9));

    @TempDir
    Path folder;

    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());
    private final Mailbox first = new Mailbox("first");
    private final Mailbox second = new Mailbox("second");
    private final List<Outbox> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Outbox::close);
    }

    @Test
    void letterIsAWholePrivateMailOnDiskBeforeItIsTried() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("down");
        Outbox outbox = open(NEVER, first);

        outbox.put(Letters.letter(1));

        Path mail = folder.resolve("outbox").resolve(Letters.letter(1).id() + ".eml");
        assertThat(Files.readAllBytes(mail)).isEqualTo(Letters.FORMAT.format(Letters.letter(1)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mail)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("outbox"))))
                .isEqualTo("rwx------");
        assertThat(outbox.waiting()).isEqualTo(1);
    }

    @Test
    void everyDestinationGetsEveryLetterInOrderAndNothingIsLeft() throws Exception {
        Outbox outbox = open(QUICK, first, second);
        for (int i = 1; i <= 5; i++) {
            outbox.put(Letters.letter(i));
        }

        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();

        assertThat(first.taken).containsExactlyElementsOf(ids(1, 5));
        assertThat(second.taken).containsExactlyElementsOf(ids(1, 5));
        assertThat(files()).containsExactly("sent");
        assertThat(metrics.get(Count.REPORTS_SENT)).isEqualTo(5);
    }

    @Test
    void troubleIsRepeatedUntilAcceptedAndKeepsTheOrder() throws Exception {
        first.answer = (id, accepted) -> first.tries < 6 ? Delivery.later("down") : Delivery.done();
        Outbox outbox = open(QUICK, first, second);
        outbox.put(Letters.letter(1));
        outbox.put(Letters.letter(2));

        await().until(() -> outbox.waiting() == 0);

        assertThat(first.taken).containsExactlyElementsOf(ids(1, 2));
        assertThat(second.taken).containsExactlyElementsOf(ids(1, 2));
        assertThat(metrics.get(Count.MAIL_RETRIES)).isEqualTo(5);
        assertThat(notices.current()).allMatch(notice -> notice.level() == Notice.Level.INFO);
    }

    @Test
    void restartGoesOnWithTheDestinationThatHasNot() throws Exception {
        second.answer = (id, accepted) -> Delivery.later("down");
        Outbox outbox = open(NEVER, first, second);
        outbox.put(Letters.letter(1));
        await().until(() -> first.taken.size() == 1 && second.tries == 1);
        outbox.close();

        second.answer = (id, accepted) -> Delivery.done();
        Outbox reopened = open(NEVER, first, second);

        await().until(() -> reopened.waiting() == 0);
        assertThat(first.taken).hasSize(1);
        assertThat(second.taken).hasSize(1);
    }

    @Test
    void recipientsThatHaveItAreRememberedOverARestart() throws Exception {
        first.answer = (id, accepted) ->
                new Delivery(Delivery.Outcome.LATER, List.of("root@localhost"), "ops@localhost is greylisted");
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        await().until(() -> first.tries == 1 && !outbox.lastFailure().isEmpty());
        outbox.close();

        List<Set<String>> seen = new CopyOnWriteArrayList<>();
        first.answer = (id, accepted) -> {
            seen.add(accepted);
            return Delivery.done();
        };
        Outbox reopened = open(NEVER, first);

        await().until(() -> reopened.waiting() == 0);
        assertThat(seen).containsExactly(Set.of("root@localhost"));
    }

    @Test
    void crashBeforeTheMailIsRenamedLeavesNothingToSend() throws Exception {
        Files.createDirectories(folder.resolve("outbox"));
        Files.writeString(folder.resolve("outbox/" + Letters.letter(1).id() + ".eml.tmp"), "half a mai");
        Files.writeString(folder.resolve("outbox/of-a-mail-that-is-gone.state"), "done first\n");

        Outbox outbox = open(QUICK, first);
        outbox.put(Letters.letter(1));

        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
        assertThat(first.taken).hasSize(1);
        assertThat(files()).containsExactly("sent");
    }

    @Test
    void crashBetweenTheLastDeliveryAndTheRemovalSendsNothingAgain() throws Exception {
        String id = Letters.letter(1).id();
        Path box = Files.createDirectories(folder.resolve("outbox"));
        Files.write(box.resolve(id + ".eml"), Letters.FORMAT.format(Letters.letter(1)));
        Files.writeString(box.resolve(id + ".state"), "done first\ndone second\n");

        Outbox outbox = open(QUICK, first, second);

        await().until(() -> outbox.waiting() == 0);
        assertThat(first.tries).isZero();
        assertThat(outbox.contains(id)).isTrue();
        assertThat(files()).containsExactly("sent");
    }

    @Test
    void deliveredIdIsKnownOverARestartAndGoesNoSecondTime() throws Exception {
        Outbox outbox = open(QUICK, first);
        outbox.put(Letters.letter(1));
        outbox.deliverNow(Duration.ofSeconds(10));
        outbox.close();

        Outbox reopened = open(QUICK, first);
        reopened.put(Letters.letter(1));

        assertThat(reopened.contains(Letters.letter(1).id())).isTrue();
        assertThat(reopened.deliverNow(Duration.ofSeconds(10))).isEmpty();
        assertThat(first.taken).hasSize(1);
    }

    @Test
    void mailRefusedForGoodIsKeptNoticedOnceAndLetsOthersPass() throws Exception {
        String refused = Letters.letter(1).id();
        first.answer = (id, accepted) ->
                id.equals(refused) ? new Delivery(Delivery.Outcome.REFUSED, List.of(), "552 too big") : Delivery.done();
        Outbox outbox = open(QUICK, first);
        outbox.put(Letters.letter(1));
        outbox.put(Letters.letter(2));

        await().until(() -> first.taken.size() == 1 && first.tries > 4);

        assertThat(first.taken).containsExactly(Letters.letter(2).id());
        assertThat(outbox.contains(refused)).isTrue();
        assertThat(folder.resolve("outbox").resolve(refused + ".eml")).exists();
        assertThat(notices.drain()).anyMatch(notice -> notice.text().contains("refuses report " + refused));
        int tries = first.tries;
        await().until(() -> first.tries > tries + 1);
        assertThat(notices.current()).allMatch(notice -> notice.level() == Notice.Level.INFO);
    }

    @Test
    void refusedMailIsNoWarningAgainWhenOthersAreAcceptedBetween() throws Exception {
        String refused = Letters.letter(1).id();
        first.answer = (id, accepted) -> id.equals(refused) ? Delivery.refused("552 too big") : Delivery.done();
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        outbox.put(Letters.letter(2));
        await().until(() -> first.taken.size() == 1);
        assertThat(notices.drain()).anyMatch(notice -> notice.level() == Notice.Level.WARNING);

        for (int i = 3; i <= 5; i++) {
            outbox.put(Letters.letter(i));
            outbox.deliverNow(Duration.ofSeconds(10));
        }

        assertThat(first.taken).hasSize(4);
        assertThat(notices.current()).isNotEmpty().allMatch(notice -> notice.level() == Notice.Level.INFO);
    }

    @Test
    void refusalAndALostRecipientAreTwoNotices() throws Exception {
        first.answer = (id, accepted) -> id.equals(Letters.letter(1).id())
                ? Delivery.refused("552 too big")
                : new Delivery(Delivery.Outcome.ACCEPTED, List.of(), "ops@localhost refused: 550 no such user");
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        outbox.put(Letters.letter(2));
        outbox.put(Letters.letter(3));

        outbox.deliverNow(Duration.ofSeconds(10));

        assertThat(notices.current())
                .hasSize(2)
                .allMatch(notice -> notice.level() == Notice.Level.WARNING)
                .anyMatch(notice -> notice.text().contains("refuses report"))
                .anyMatch(notice -> notice.text().contains("did not reach everyone"));
    }

    @Test
    void deliverNowTellsTheReasonAndDoesNotWaitForThePause() throws Exception {
        first.answer = (id, accepted) -> Delivery.later("connection refused");
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        await().until(() -> first.tries == 1);

        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).contains("first: connection refused");

        first.answer = (id, accepted) -> Delivery.done();
        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
    }

    /** The pause that the failure ended in hides the reason from the round that the call asks for. */
    @Test
    void deliverNowTellsTheReasonOfATryThatBeganBeforeIt() throws Exception {
        FutureTask<Optional<String>> told = new FutureTask<>(() -> opened.get(0).deliverNow(Duration.ofSeconds(10)));
        Thread caller = new Thread(told);
        first.answer = (id, accepted) -> {
            caller.start();
            await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            return Delivery.later("connection refused");
        };
        open(NEVER, first).put(Letters.letter(1));

        assertThat(told.get()).contains("first: connection refused");
    }

    @Test
    void reasonOfAMailThatWaitsStaysWhenAnotherIsAccepted() throws Exception {
        String full = Letters.letter(1).id();
        first.answer = (id, accepted) -> id.equals(full) ? Delivery.deferred("452 mailbox full") : Delivery.done();
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        await().until(() -> !outbox.lastFailure().isEmpty());
        outbox.put(Letters.letter(2));
        await().until(() -> outbox.waiting() == 1);

        assertThat(outbox.lastFailure()).isEqualTo("first: 452 mailbox full");
    }

    @Test
    void destinationThatThrowsIsTriedAgainAndDoesNotStopTheOthers() throws Exception {
        first.answer = (id, accepted) -> {
            if (first.tries < 3) {
                throw new IllegalStateException("a fault of ours");
            }
            return Delivery.done();
        };
        Outbox outbox = open(QUICK, first, second);
        outbox.put(Letters.letter(1));

        await().until(() -> outbox.waiting() == 0);
        assertThat(second.taken).hasSize(1);
    }

    @Test
    void mailThatOneDestinationDoesNotTakeForNowHoldsUpNoOther() throws Exception {
        String full = Letters.letter(1).id();
        String odd = Letters.letter(2).id();
        first.answer = (id, accepted) -> {
            if (id.equals(odd)) {
                throw new IllegalStateException("a fault of ours");
            }
            return id.equals(full) ? Delivery.deferred("ops@localhost refused: 452 mailbox full") : Delivery.done();
        };
        Outbox outbox = open(NEVER, first);
        for (int i = 1; i <= 4; i++) {
            outbox.put(Letters.letter(i));
        }

        await().until(() -> first.taken.size() == 2);

        assertThat(first.taken).containsExactlyElementsOf(ids(3, 4));
        assertThat(outbox.waiting()).isEqualTo(2);
        assertThat(outbox.deliverNow(Duration.ofSeconds(10)))
                .hasValueSatisfying(why -> assertThat(why).startsWith("first: "));
        first.answer = (id, accepted) -> Delivery.done();
        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
    }

    @Test
    void mailThatCannotBeRemovedHoldsUpNoOtherAndIsNoFaultOfADestination() throws Exception {
        Outbox outbox = open(NEVER, first);
        Path kept = folder.resolve("outbox").resolve(Letters.letter(1).id() + ".state");
        first.answer = (id, accepted) -> {
            // A folder in the place of the state: it can be neither written nor removed.
            if (id.equals(Letters.letter(1).id())) {
                kept.resolve("full").toFile().mkdirs();
            }
            return Delivery.done();
        };
        outbox.put(Letters.letter(1));
        await().until(() -> first.taken.size() == 1);
        outbox.deliverNow(Duration.ofSeconds(10));

        outbox.put(Letters.letter(2));

        await().until(() -> first.taken.size() == 2);
        assertThat(first.taken).containsExactlyElementsOf(ids(1, 2));
        await().until(() -> outbox.waiting() == 1);
        assertThat(outbox.lastFailure())
                .startsWith("outbox: " + folder.resolve("outbox"))
                .contains("delivered, but not removed from the outbox")
                .doesNotContain("first");
        Files.delete(kept.resolve("full"));
        Files.delete(kept);
        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
        assertThat(outbox.lastFailure()).isEmpty();
    }

    @Test
    void deferredMailIsTriedAgainWithGrowingPausesOfItsOwn() throws Exception {
        String full = Letters.letter(1).id();
        List<Long> tries = new CopyOnWriteArrayList<>();
        first.answer = (id, accepted) -> {
            if (id.equals(full)) {
                tries.add(System.nanoTime());
            }
            return id.equals(full) && tries.size() < 4 ? Delivery.deferred("full") : Delivery.done();
        };
        Outbox outbox = open(new RetryPauses(Duration.ofMillis(100), Duration.ofMinutes(1)), first);
        outbox.put(Letters.letter(1));
        outbox.put(Letters.letter(2));

        await().until(() -> outbox.waiting() == 0);

        assertThat(tries).hasSize(4);
        assertThat(tries.get(3) - tries.get(2)).isGreaterThan(tries.get(1) - tries.get(0));
        assertThat(metrics.get(Count.MAIL_RETRIES)).isEqualTo(3);
    }

    @Test
    void destinationThatHangsDelaysNoOther() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        first.answer = (id, accepted) -> {
            awaitQuietly(over);
            return Delivery.done();
        };
        Outbox outbox = open(NEVER, first, second);
        for (int i = 1; i <= 3; i++) {
            outbox.put(Letters.letter(i));
        }

        await().until(() -> second.taken.size() == 3);

        assertThat(first.taken).isEmpty();
        assertThat(outbox.deliverNow(Duration.ofMillis(50)))
                .hasValueSatisfying(why -> assertThat(why).startsWith("still trying after"));
        over.countDown();
        await().until(() -> outbox.waiting() == 0);
        assertThat(first.taken).containsExactlyElementsOf(ids(1, 3));
    }

    @Test
    void newMailGoesBeforeThoseThatWereTriedInVain() throws Exception {
        List<String> tries = new CopyOnWriteArrayList<>();
        first.answer = (id, accepted) -> {
            tries.add(id);
            return Delivery.deferred("timed out");
        };
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        await().until(() -> tries.size() == 1 && !outbox.lastFailure().isEmpty());
        outbox.put(Letters.letter(2));
        await().until(() -> tries.size() == 2);
        outbox.put(Letters.letter(3));
        outbox.deliverNow(Duration.ofSeconds(10));

        await().until(() -> tries.size() >= 5);

        assertThat(tries.subList(2, 5)).startsWith(Letters.letter(3).id());
    }

    @Test
    void mailThatTheOperatorRemovesIsGivenUp() throws Exception {
        first.answer = (id, accepted) -> id.equals(Letters.letter(1).id()) ? Delivery.later("down") : Delivery.done();
        Outbox outbox = open(NEVER, first);
        outbox.put(Letters.letter(1));
        outbox.put(Letters.letter(2));
        await().until(() -> first.tries > 0);
        Files.delete(folder.resolve("outbox").resolve(Letters.letter(1).id() + ".eml"));

        outbox.deliverNow(Duration.ofSeconds(10));

        assertThat(outbox.deliverNow(Duration.ofSeconds(10))).isEmpty();
        assertThat(first.taken).containsExactly(Letters.letter(2).id());
    }

    @Test
    void closeCutsAHangingDeliveryShort() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        first.answer = (id, accepted) -> {
            hangs.countDown();
            first.awaitClose();
            return Delivery.later("cut short");
        };
        Outbox outbox = open(QUICK, first);
        outbox.put(Letters.letter(1));
        hangs.await();

        long begin = System.nanoTime();
        outbox.close();
        outbox.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(folder.resolve("outbox").resolve(Letters.letter(1).id() + ".eml"))
                .exists();
    }

    @Test
    void fullDiskAndWrongAddressesAreToldToTheCaller() throws Exception {
        Outbox outbox = open(QUICK, first);
        Files.delete(folder.resolve("outbox"));
        assertThatThrownBy(() -> outbox.put(Letters.letter(1))).isInstanceOf(IOException.class);
        assertThat(outbox.contains(Letters.letter(1).id())).isFalse();
        assertThatThrownBy(() -> new Outbox(folder, Letters.FORMAT, List.of(), QUICK, metrics, notices))
                .hasMessageContaining("expected: a Maildir or a mail server");
    }

    @Test
    void pausesGrowToTheLongest() {
        RetryPauses pauses = RetryPauses.defaults();
        assertThat(pauses.nanosAfter(1) / 1e9).isBetween(22.0, 38.0);
        assertThat(pauses.nanosAfter(3) / 1e9).isBetween(90.0, 150.0);
        assertThat(pauses.nanosAfter(1_000) / 1e9).isBetween(2_700.0, 4_500.0);
        assertThat(pauses.nanosAfterRefusal(1) / 1e9).isBetween(2_700.0, 4_500.0);
        assertThat(pauses.nanosAfterRefusal(2) / 1e9).isBetween(5_400.0, 9_000.0);
        assertThat(pauses.nanosAfterRefusal(1_000) / 1e9).isBetween(64_800.0, 108_000.0);
    }

    private Outbox open(RetryPauses pauses, Destination... destinations) throws IOException {
        Outbox outbox =
                new Outbox(folder.resolve("outbox"), Letters.FORMAT, List.of(destinations), pauses, metrics, notices);
        opened.add(outbox);
        outbox.start();
        return outbox;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> ids(int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            ids.add(Letters.letter(i).id());
        }
        return ids;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("outbox"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
