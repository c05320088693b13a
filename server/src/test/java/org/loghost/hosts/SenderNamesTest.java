package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SenderNamesTest {
    private final SenderNames names = new SenderNames();

    @Test
    void lookUpsUnderWayAreBoundedAndTheNextBeginsWithAnAnswer() throws Exception {
        for (int i = 0; i < 200; i++) {
            names.ask(names.entry(address(i)), 0);
        }
        SenderNames.Entry first = names.next(0);
        for (int i = 1; i < SenderNames.MAX_IN_FLIGHT; i++) {
            assertThat(names.next(0)).isNotNull();
        }
        assertThat(names.next(0)).isNull();
        assertThat(names.waitsForTime()).isFalse();

        names.answered(first, ReverseDns.Answer.NONE, 0);

        assertThat(names.next(0)).isNotNull();
        assertThat(names.next(0)).isNull();
    }

    @Test
    void lookUpsBegunInASecondAreBounded() throws Exception {
        int begun = 0;
        for (int i = 0; i < 2 * SenderNames.MAX_PER_SECOND; i++) {
            names.ask(names.entry(address(i)), 0);
        }
        for (SenderNames.Entry entry = names.next(999); entry != null; entry = names.next(999)) {
            names.answered(entry, ReverseDns.Answer.NONE, 999);
            begun++;
        }

        assertThat(begun).isEqualTo(SenderNames.MAX_PER_SECOND);
        assertThat(names.waitsForTime()).isTrue();
        assertThat(names.next(1_000)).isNotNull();
    }

    @Test
    void whoFindsTheQueueFullGoesByItsAddressAndMayAskAgain() throws Exception {
        for (int i = 0; i < SenderNames.MAX_WAITING; i++) {
            names.ask(names.entry(address(i)), 0);
        }
        SenderNames.Entry late = names.entry(address(SenderNames.MAX_WAITING));
        names.ask(late, 0);
        assertThat(late.settled).isTrue();

        names.giveUp();
        names.ask(late, 0);

        assertThat(names.next(0)).isSameAs(late);
    }

    @Test
    void pausesGrowWhileThereIsNoName() throws Exception {
        SenderNames.Entry entry = names.entry(address(1));
        long now = 0;
        for (long pause = 30; pause <= Duration.ofHours(6).toSeconds(); pause *= 2) {
            names.ask(entry, now);
            assertThat(names.next(now)).isSameAs(entry);
            names.answered(entry, ReverseDns.Answer.NONE, now);
            names.ask(entry, now + pause * 1000 - 1);
            assertThat(names.isWaiting()).as("pause %s s", pause).isFalse();
            now += pause * 1000;
        }
        names.ask(entry, now + Duration.ofHours(6).toMillis());
        assertThat(names.isWaiting()).isTrue();
    }

    @Test
    void foundNameIsRefreshedAfterItsTimeToLiveButNotBeforeAnHour() throws Exception {
        SenderNames.Entry entry = names.entry(address(1));
        answer(entry, 5, 0);
        names.ask(entry, Duration.ofHours(1).toMillis() - 1);
        assertThat(names.isWaiting()).isFalse();
        names.ask(entry, Duration.ofMinutes(75).toMillis());
        assertThat(names.isWaiting()).isTrue();

        answer(entry, Duration.ofDays(90).toSeconds(), 0);
        names.ask(entry, Duration.ofHours(30).toMillis());
        assertThat(names.isWaiting()).as("a day at most, and a quarter").isTrue();
    }

    @Test
    void clockSetBackDoesNotPutLookUpsOffForAsLong() throws Exception {
        SenderNames.Entry entry = names.entry(address(1));
        answer(entry, 3600, Duration.ofDays(365).toMillis());
        names.ask(entry, 0);
        assertThat(names.isWaiting()).isTrue();
    }

    @Test
    void floodOfAddressesDoesNotPushAFoundNameOut() throws Exception {
        SenderNames.Entry goblin = names.entry(address(0));
        names.name(goblin, "goblin.example.com", 0);
        for (int i = 1; i <= SenderNames.MAX_ADDRESSES + 10; i++) {
            names.entry(address(i));
        }

        assertThat(names.entry(address(0))).isSameAs(goblin);
        assertThat(names.named()).containsExactly(goblin);
    }

    private void answer(SenderNames.Entry entry, long ttlSeconds, long now) {
        names.ask(entry, now);
        names.next(now);
        names.answered(entry, new ReverseDns.Answer("goblin.example.com", ttlSeconds), now);
    }

    private static InetAddress address(int i) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
    }
}
