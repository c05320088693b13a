package org.loghost.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.Test;

class NoticesTest {
    private final Notices notices = new Notices(Clock.systemUTC());

    @Test
    void warningStaysOneWhateverIsSaidOfItLater() {
        notices.post(Notice.Level.INFO, "k", "first");
        notices.post(Notice.Level.WARNING, "k", "second");
        notices.post(Notice.Level.INFO, "k", "third");

        assertThat(notices.current()).hasSize(1);
        Notice notice = notices.current().get(0);
        assertThat(notice.level()).isEqualTo(Notice.Level.WARNING);
        assertThat(notice.text()).isEqualTo("third");
        assertThat(notice.times()).isEqualTo(3);
    }

    @Test
    void levelIsForgottenWithTheReport() {
        notices.post(Notice.Level.WARNING, "k", "first");
        notices.drain();

        notices.post(Notice.Level.INFO, "k", "second");

        assertThat(notices.current()).allMatch(notice -> notice.level() == Notice.Level.INFO);
    }
}
