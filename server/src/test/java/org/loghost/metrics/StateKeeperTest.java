package org.loghost.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateKeeperTest {
    private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");

    @TempDir
    Path folder;

    /** One start of the server; without {@link StateKeeper#close} its end is that of a killed one. */
    private final class Run {
        final Clock clock;
        final ServerMetrics metrics = new ServerMetrics();
        final Notices notices;
        final StateKeeper state;

        Run(Instant now) {
            clock = Clock.fixed(now, ZoneOffset.UTC);
            notices = new Notices(clock);
            state = StateKeeper.open(file(), metrics, notices, clock);
            state.running(() -> Duration.ZERO);
        }

        void received(long received, long archived) {
            metrics.add(Count.RECEIVED, received);
            metrics.add(Count.ARCHIVED, archived);
        }

        String told() {
            return notices.current().toString();
        }
    }

    @Test
    void firstStartHasNothingToTell() {
        Run run = new Run(NINE);
        assertThat(run.notices.current()).isEmpty();
        assertThat(run.metrics.since()).isEqualTo(NINE);
        run.state.close();
    }

    @Test
    void countsGoOnAndAShortStopInOrderIsNoNews() {
        Run first = new Run(NINE);
        first.received(10, 10);
        first.metrics.reported(new ServerMetrics.Reported(NINE, NINE, Map.of(Count.RECEIVED, 4L)));
        first.state.close();

        Run second = new Run(NINE.plusSeconds(30));

        assertThat(second.metrics.get(Count.RECEIVED)).isEqualTo(10);
        assertThat(second.metrics.since()).isEqualTo(NINE);
        assertThat(second.metrics.reported()).isEqualTo(first.metrics.reported());
        assertThat(second.notices.current()).isEmpty();
        second.state.close();
    }

    @Test
    void longStopInOrderIsTold() {
        new Run(NINE).state.close();
        Run second = new Run(NINE.plusSeconds(3_600));
        assertThat(second.told())
                .contains("not running after a stop in order")
                .contains("from 2026-11-22 09:00:00 to 2026-11-22 10:00:00");
        second.state.close();
    }

    @Test
    void afterAnUncleanEndWhatWasInFlightCountsAsLostAndTheGapIsTold() {
        Run first = new Run(NINE);
        first.received(100, 90);
        Awaitility.await().until(() -> saved().contains("count RECEIVED 100"));

        Run second = new Run(NINE.plusSeconds(5));

        assertThat(second.metrics.get(Count.LOST_UNCLEAN_END)).isEqualTo(10);
        assertThat(ServerMetrics.inFlight(second.metrics.snapshot())).isZero();
        assertThat(second.told())
                .contains("unclean end", "from 2026-11-22 09:00:00 to 2026-11-22 09:00:05")
                .contains("10 messages received and not on file yet");
        second.state.close();
        first.state.close();
    }

    @Test
    void aStartThatDidNotComeToListenHidesNoGap() {
        new Run(NINE).state.close();
        for (int i = 1; i < 100; i++) {
            Clock clock = Clock.fixed(NINE.plusSeconds(i * 40L), ZoneOffset.UTC);
            StateKeeper.open(file(), new ServerMetrics(), new Notices(clock), clock)
                    .close();
        }
        Run last = new Run(NINE.plusSeconds(4_000));
        assertThat(last.told()).contains("from 2026-11-22 09:00:00 to 2026-11-22 10:06:40");
        last.state.close();
    }

    @Test
    void countsOfAnotherVersionAreForgottenAndNewOnesBeginAtZero() throws IOException {
        Run first = new Run(NINE);
        first.received(7, 7);
        first.state.close();
        RunFile file = new RunFile(file());
        LastRun run = file.read();
        assertThat(run).isNotNull();
        assertThat(run.counts()).containsEntry(Count.RECEIVED, 7L);
        // The same text with a count that this version does not know, and without one that it does.
        String text = saved();
        assertThat(text).contains("count EMPTY 0");
        assertThat(RunFileTexts.reread(folder, text.replace("count EMPTY 0", "count OF_TOMORROW 5"))
                        .counts())
                .containsEntry(Count.RECEIVED, 7L)
                .doesNotContainKey(Count.EMPTY);
    }

    @Test
    void oneDamagedPlaceCostsTheLastWriteAloneAndTwoAreSetAside() throws IOException {
        Run first = new Run(NINE);
        first.received(7, 7);
        first.state.close();
        byte[] sound = Files.readAllBytes(file());
        for (int at = 0; at < 500; at++) {
            for (int place : new int[] {0, sound.length / 2}) {
                byte[] damaged = sound.clone();
                damaged[place + at] ^= 0x41;
                Files.write(file(), damaged);
                assertThat(new RunFile(file()).read()).as("byte %d", place + at).isNotNull();
            }
        }
        Files.write(file(), new byte[] {1, 2, 3});
        Run second = new Run(NINE.plusSeconds(1));
        assertThat(second.told()).contains("run is damaged").contains("run.damaged");
        assertThat(second.metrics.get(Count.RECEIVED)).isZero();
        second.state.close();
        assertThat(folder.resolve("run.damaged")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    private String saved() throws IOException {
        return Files.readString(file(), StandardCharsets.ISO_8859_1);
    }

    private Path file() {
        return folder.resolve("run");
    }

    /** Makes the checksum of a changed text right again. */
    private static final class RunFileTexts {
        static LastRun reread(Path folder, String text) throws IOException {
            int newest = text.indexOf("clean 1");
            String last = text.substring(text.lastIndexOf("loghost run 1", newest));
            String lines = last.substring(0, last.indexOf("sum "));
            java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
            sum.update(lines.getBytes(StandardCharsets.ISO_8859_1));
            Path file = folder.resolve("changed");
            Files.writeString(file, lines + String.format("sum %08x\n", sum.getValue()));
            LastRun run = new RunFile(file).read();
            if (run == null) {
                throw new AssertionError("nothing read");
            }
            return run;
        }
    }
}
