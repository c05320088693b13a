package org.loghost.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticesTest {
    @TempDir
    Path folder;

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

    @Test
    void whatOthersCanCauseNeverPushesOutWhatConcernsTheServer() {
        notices.post(Notice.Level.WARNING, "archive", "lines are lost");
        for (int i = 0; i < 100_000; i++) {
            String address = "198.51." + i / 256 % 256 + "." + i % 256;
            notices.postExample(
                    Notice.Topic.OUTSIDERS,
                    Notice.Level.WARNING,
                    "refused",
                    "refused, not in the access list",
                    address);
            notices.post(Notice.Topic.OUTSIDERS, Notice.Level.WARNING, "odd " + i, "odd " + i);
        }
        notices.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, "reload", "configuration not reloaded");

        assertThat(notices.current()).hasSizeLessThan(60);
        assertThat(notices.current())
                .extracting(Notice::text)
                .startsWith("lines are lost", "configuration not reloaded")
                .contains("refused, not in the access list: 198.51.0.0; 198.51.0.1; 198.51.0.2; 198.51.0.3; 198.51.0.4"
                        + " and others, the latest 198.51.134.159");
        assertThat(notices.current()).anyMatch(notice -> notice.times() == 100_000);
    }

    @Test
    void whereATopicIsFullAWarningTakesThePlaceOfWhatIsNone() {
        for (int i = 0; i < 10_000; i++) {
            notices.post(Notice.Level.INFO, "k" + i, "of no importance " + i);
        }
        notices.post(Notice.Level.WARNING, "disk", "the disk is full");

        assertThat(notices.current())
                .hasSize(Notice.Topic.SERVER.most() + 1)
                .extracting(Notice::text)
                .contains("the disk is full")
                .last()
                .asString()
                .startsWith("9800 further notices");
    }

    @Test
    void oneNoticeBeyondAFullTopicIsToldInTheSingular() {
        for (int i = 0; i <= Notice.Topic.SERVER.most(); i++) {
            notices.post(Notice.Level.INFO, "k" + i, "of no importance " + i);
        }
        assertThat(notices.current()).last().extracting(Notice::text).isEqualTo("1 further notice is not shown");
    }

    @Test
    void noNoticeIsLongerThanAFewLines() {
        notices.postExample(
                Notice.Topic.OUTSIDERS,
                Notice.Level.WARNING,
                "k".repeat(1_000_000),
                "line\n".repeat(1_000_000),
                "e".repeat(1_000_000));

        assertThat(notices.current()).singleElement().satisfies(notice -> {
            assertThat(notice.text()).hasSizeLessThan(2_500).doesNotContain("\n");
        });
    }

    @Test
    void whatComesWhileAReportIsMadeGoesWithTheNextOne() {
        notices.post(Notice.Level.WARNING, "k", "before");
        notices.take();
        notices.post(Notice.Level.WARNING, "k", "meanwhile");
        notices.post(Notice.Level.INFO, "m", "new");
        notices.forgetTaken();

        assertThat(notices.current()).extracting(Notice::text).containsExactly("meanwhile", "new");
        assertThat(notices.current()).extracting(Notice::times).containsExactly(1L, 1L);
    }

    @Test
    void noticesOutliveTheProcessAsSoonAsTheyAreSaved() {
        Path file = folder.resolve("notices");
        Notices first = Notices.open(file, Clock.systemUTC());
        first.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, "k", "a\ttab, a \\ and Köln");
        first.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, "k", "a\ttab, a \\ and Köln");
        for (int i = 0; i < 9; i++) {
            first.postExample(Notice.Topic.OUTSIDERS, Notice.Level.INFO, "x", "who", "host" + i);
        }
        first.save();

        Notices second = Notices.open(file, Clock.systemUTC());

        assertThat(second.current())
                .extracting(Notice::text, Notice::times, Notice::level)
                .containsExactlyElementsOf(first.current().stream()
                        .map(n -> tuple(n.text(), n.times(), n.level()))
                        .toList());
        assertThat(second.current().get(1).text())
                .isEqualTo("who: host0; host1; host2; host3; host4 and others, the latest host8");
        second.drain();
        second.save();
        assertThat(Notices.open(file, Clock.systemUTC()).current()).isEmpty();
    }

    @Test
    void damagedFileIsSetAsideAndSaidAndNeverThrows() throws Exception {
        Path file = folder.resolve("notices");
        Notices first = Notices.open(file, Clock.systemUTC());
        first.post(Notice.Level.WARNING, "a", "first");
        first.post(Notice.Level.WARNING, "b", "second");
        first.save();
        byte[] sound = Files.readAllBytes(file);
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= (byte) 0x81;
            Files.write(file, damaged);

            Notices next = Notices.open(file, Clock.systemUTC());

            assertThat(next.current())
                    .as("byte %d", at)
                    .extracting(Notice::text)
                    .anyMatch(text -> text.contains("is damaged") && text.contains("notices.damaged"));
            assertThat(file).doesNotExist();
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSizeLessThanOrEqualTo(9);
        }
    }
}
