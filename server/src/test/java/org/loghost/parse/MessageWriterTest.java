package org.loghost.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.message.MessageBatch;

class MessageWriterTest {
    private static final String CLASSIC = "Nov 22 06:30:00 goblin sshd[42]: Failed password for root";

    private final Frames frames = new Frames();

    @Test
    void classicLineIsASliceOfTheFrame() {
        byte[] frame = ("<35>" + CLASSIC + "\n").getBytes(ISO_8859_1);

        assertThat(frames.line(frame, Frames.NOW)).isEqualTo(CLASSIC);
        assertThat(frames.batch.lineOffset(0)).isEqualTo(4);
        assertThat(frames.batch.used()).isEqualTo(frame.length);
        assertThat(frames.batch.ruleOffset(0)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<35>Nov  5 06:30:00 goblin last message repeated 3 times",
                "<35>Nov 22 06:30:00 goblin kernel: gr\u00fc\u00dfe",
                "<35>Nov 22 06:30:00 goblin text without any tag",
                "<35>Nov 22 06:30:00 goblin -- MARK --",
            })
    void otherClassicLinesAreSlicesToo(String frame) {
        byte[] bytes = frame.getBytes(UTF_8);

        frames.line(bytes, Frames.NOW);

        assertThat(frames.batch.lineOffset(0)).isEqualTo(4);
        assertThat(frames.batch.lineLength(0)).isEqualTo(bytes.length - 4);
        assertThat(frames.batch.used()).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<35>Nov 22 06:30:00 GOBLIN su: x|Nov 22 06:30:00 goblin su: x",
                "<35>NOV 22 06:30:00 goblin su: x|Nov 22 06:30:00 goblin su: x",
                "<35>Nov 05 06:30:00 goblin su: x|Nov  5 06:30:00 goblin su: x",
                "<35>Nov 22 06:30:00 goblin  su: x|Nov 22 06:30:00 goblin su: x",
                "<35>Nov 22 06:30:00 2026 goblin su: x|Nov 22 06:30:00 goblin su: x",
                "<35>Nov 22 06:30:00 UTC goblin su: x|Nov 22 06:30:00 goblin su: x",
                "<35>2026 Nov 22 06:30:00 goblin su: x|Nov 22 06:30:00 goblin su: x",
                "<35>Nov 22 06:30:00 goblin : su: x|Nov 22 06:30:00 goblin su: x",
            })
    void nearlyClassicLineIsRendered(String frame, String line) {
        assertThat(frames.line(frame)).isEqualTo(line);
        assertThat(frames.batch.lineOffset(0)).isEqualTo(frame.length());
        assertThat(frames.batch.used()).isEqualTo(frame.length() + line.length());
    }

    @Test
    void growingSlabKeepsEarlierLinesAndRendersTheNext() {
        frames.line("<35>Nov 22 06:30:00 WEB01 app: first");
        byte[] filler = new byte[frames.batch.slab().length - frames.batch.used() - 30];
        frames.put(filler);
        byte[] before = frames.batch.slab();

        String line = frames.line("<35>Nov 22 06:30:00 WEB");
        assertThat(line).isEqualTo("Nov 22 06:30:00 192.0.2.50 WEB");
        assertThat(frames.batch.slab()).matches(slab -> slab != before, "another array");
        assertThat(frames.batch.line(0)).isEqualTo("Nov 22 06:30:00 web01 app: first");
    }

    @Test
    void controlBytesAloneFitWhateverRoomTheSlabHas() {
        byte[] frame = new byte[70_000];
        Arrays.fill(frame, (byte) 1);

        for (int i = 0; i < 4; i++) {
            assertThat(frames.line(frame, Frames.NOW)).hasSize("Nov 22 06:30:05 192.0.2.50 ".length() + 4 * 70_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\0", "\0\r\n\0", "\u00ff\u00fe", "\u00ff\u00fe\n\0"})
    void nothingIsWrittenForNothing(String frame) {
        assertThat(frames.line(frame)).isNull();
        assertThat(frames.batch.count()).isZero();
        assertThat(frames.batch.used()).isEqualTo(frame.length());
    }

    @Test
    void flagsOfTheFramingAreKept() {
        frames.write("<13>Foo".getBytes(ISO_8859_1), Frames.NOW, MessageBatch.TRUNCATED);

        assertThat(frames.batch.has(0, MessageBatch.TRUNCATED)).isTrue();
        assertThat(frames.batch.line(0)).endsWith(" Foo [cut]");
        assertThat(frames.batch.has(0, MessageBatch.NO_TIMESTAMP)).isTrue();
        assertThat(frames.batch.has(0, MessageBatch.MALFORMED)).isFalse();
        assertThat(frames.batch.deviceMicros(0)).isEqualTo(MessageBatch.NO_TIME);
    }

    @Test
    void messageWithoutHostWaitsForTheSendersName() {
        frames.names.pending = true;
        byte[] frame = "<13>\u00ffFoo".getBytes(ISO_8859_1);

        assertThat(frames.write(frame, Frames.NOW, 0)).isEqualTo(MessageWriter.Result.NAME_PENDING);
        assertThat(frames.batch.count()).isZero();
        assertThat(frames.batch.used()).isEqualTo(frame.length);
    }

    @Test
    void decodedTextIsGivenBackWhileTheNameIsPending() {
        frames.names.pending = true;
        byte[] frame = "\ufeff<13>Foo".getBytes(UTF_16BE);

        assertThat(frames.write(frame, Frames.NOW, 0)).isEqualTo(MessageWriter.Result.NAME_PENDING);
        assertThat(frames.batch.used()).isEqualTo(frame.length);
    }

    @Test
    void messageThatNamesItsHostDoesNotWait() {
        frames.names.pending = true;

        assertThat(frames.line("<35>" + CLASSIC)).isEqualTo(CLASSIC);
    }

    @Test
    void whoeverCannotWaitGetsTheAddress() {
        frames.names.pending = true;
        byte[] frame = "<13>Foo".getBytes(ISO_8859_1);
        int offset = frames.put(frame);

        MessageWriter.Result result =
                frames.writer.writeNow(frames.batch, offset, frame.length, frames.sender, Frames.NOW.toEpochMilli(), 0);

        assertThat(result).isEqualTo(MessageWriter.Result.WRITTEN);
        assertThat(frames.batch.line(0)).isEqualTo("Nov 22 06:30:05 192.0.2.50 Foo");
    }

    @Test
    void trustedSenderIsTheHostWhateverTheHeaderSays() {
        Frames trusting = new Frames(ZoneOffset.UTC, ZoneOffset.UTC, true);

        assertThat(trusting.line("<35>" + CLASSIC))
                .isEqualTo("Nov 22 06:30:00 192.0.2.50 sshd[42]: Failed password for root");
    }

    @Test
    void senderThatLeavesTheHostOutIsRemembered() {
        frames.line("<6>Nov 22 06:30:00 udhcpc[12]: sending discover");

        assertThat(frames.sender.tagsInHostPlace()).isTrue();
        assertThat(frames.line("<6>Nov 22 06:30:00 mt1 login failed")).endsWith(" 192.0.2.50 mt1 login failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Nov 22 06:30:00 web01 kernel: x",
                "Nov 22 06:30:00 sw1 %LINK-3-UPDOWN: Interface Gi0/1",
                "Nov 22 06:30:00 192.0.2.7 Detected an unauthorized user",
                "Nov 22 06:30:00 mt1 login: failed",
            })
    void oneHostlessLineOfARelayHidesNoHostWithATag(String line) {
        frames.line("<13>Nov 22 06:30:00 root: hi");

        for (int i = 0; i < 2; i++) {
            assertThat(frames.line("<4>" + line)).isEqualTo(line);
            frames.line("<13>Nov 22 06:30:00 cron[12]: hi");
        }
    }

    @Test
    void oneHostlessLineOfARelayHidesNoHostThatIsKnown() {
        frames.line("<4>Nov 22 06:30:00 sw1 link down");
        frames.line("<13>Nov 22 06:30:00 root: hi");

        assertThat(frames.line("<4>Nov 22 06:30:00 sw1 link up")).isEqualTo("Nov 22 06:30:00 sw1 link up");
        assertThat(frames.line("<4>Nov 22 06:30:00 sw2 link up")).isEqualTo("Nov 22 06:30:00 192.0.2.50 sw2 link up");
    }

    @Test
    void oneStrayLineDoesNotHideARelaysHosts() {
        frames.line("<35>" + CLASSIC);
        frames.line("<6>Nov 22 06:30:00 haproxy[1]: Proxy started");

        assertThat(frames.line("<6>Nov 22 06:30:00 web01 kernel: x")).isEqualTo("Nov 22 06:30:00 web01 kernel: x");
    }

    @Test
    void hostWithTagAndIdIsBelievedFromASenderKnownForTags() {
        frames.line("<6>Nov 22 06:30:00 haproxy[1]: Proxy started");

        assertThat(frames.line("<35>" + CLASSIC)).isEqualTo(CLASSIC);
        assertThat(frames.line("<6>Nov 22 06:30:00 web01 kernel: x")).isEqualTo("Nov 22 06:30:00 web01 kernel: x");
    }

    @Test
    void registeredStructuredDataStaysOutOfTheLine() {
        String data = "[meta sequenceId=\"7\"][a@1 b=\"c\"][origin ip=\"192.0.2.1\"][timeQuality tzKnown=\"1\"]";

        String line = frames.line("<14>1 2026-11-22T06:30:00Z h app 7 ID47 " + data + " text");

        assertThat(line).isEqualTo("Nov 22 06:30:00 h app[7]: [a@1 b=\"c\"] text");
        MessageBatch batch = frames.batch;
        assertThat(frames.text(batch.structuredDataOffset(0), batch.structuredDataLength(0)))
                .isEqualTo(data);
        assertThat(frames.text(batch.msgIdOffset(0), batch.msgIdLength(0))).isEqualTo("ID47");
    }

    @Test
    void controlBytesInStructuredDataAreEscapedEverywhere() {
        frames.line("<14>1 2026-11-22T06:30:00Z h app - I\u001bD [a@1 b=\"x\ny\"] text");

        MessageBatch batch = frames.batch;
        assertThat(batch.line(0)).isEqualTo("Nov 22 06:30:00 h app: [a@1 b=\"x#012y\"] text");
        assertThat(frames.text(batch.structuredDataOffset(0), batch.structuredDataLength(0)))
                .isEqualTo("[a@1 b=\"x#012y\"]");
        assertThat(frames.text(batch.msgIdOffset(0), batch.msgIdLength(0))).isEqualTo("I#033D");
    }

    @Test
    void implausibleHostOf5424StaysInTheText() {
        assertThat(frames.line("<14>1 2026-11-22T06:30:00Z ../../etc/cron.d/x app 7 - - text"))
                .isEqualTo("Nov 22 06:30:00 192.0.2.50 ../../etc/cron.d/x app[7]: text");
        assertThat(frames.batch.has(0, MessageBatch.MALFORMED)).isTrue();
    }

    @Test
    void rulesSeeRepeatedMessagesUnwrapped() {
        String line = "Oct 11 22:14:15 h app[3]: message repeated 5 times: [ real text]";

        assertThat(frames.line("<13>" + line)).isEqualTo(line);
        assertThat(frames.ruleText()).isEqualTo("Oct 11 22:14:15 h app[3]: real text");
        assertThat(frames.batch.repeat(0)).isEqualTo(5);
    }

    @Test
    void rulesSeeSolarisMessagesWithoutTheirId() {
        String line = "Nov 22 06:30:00 sol10 sshd[800]: [ID 800047 auth.info] Accepted publickey for root";

        assertThat(frames.line("<38>" + line)).isEqualTo(line);
        assertThat(frames.ruleText()).isEqualTo("Nov 22 06:30:00 sol10 sshd[800]: Accepted publickey for root");
        assertThat(frames.batch.repeat(0)).isEqualTo(1);
    }

    @Test
    void rulesSeeRepeatedMessagesOf5424Unwrapped() {
        frames.line("<13>1 2026-10-11T22:14:15Z h app 3 - [a@1 b=\"c\"] message repeated 2 times: [ real text]");

        assertThat(frames.ruleText()).isEqualTo("Oct 11 22:14:15 h app[3]: [a@1 b=\"c\"] real text");
        assertThat(frames.batch.repeat(0)).isEqualTo(2);
    }

    @Test
    void rulesSeeTrueNasMessagesUnwrapped() {
        frames.line("<78>Jan 1 12:15:00 nas 1 1970-01-01T12:15:00.005048-00:00 nas /usr/sbin/cron 61898 - - (root) x");

        assertThat(frames.ruleText()).isEqualTo("Jan  1 12:15:00 nas /usr/sbin/cron[61898]: (root) x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "last message repeated 5 times|5",
                "--- last message repeated 1 time ---|1",
                "last message repeated 0 times|1",
                "last message repeated times|1",
                "last message repeated 99999999999999999999 times|1000000",
                "app: last message repeated 7 times|7",
                "the last message repeated 7 times|1",
            })
    void repeatIsCounted(String text, int repeat) {
        frames.line("<13>Oct 11 22:14:15 h " + text);

        assertThat(frames.batch.repeat(0)).isEqualTo(repeat);
        assertThat(frames.batch.ruleOffset(0)).isEqualTo(frames.batch.lineOffset(0));
    }

    @Test
    void receiveTimeIsShownInTheServersZone() {
        Frames berlin = new Frames(ZoneId.of("Europe/Berlin"), ZoneOffset.UTC, false);

        assertThat(berlin.line("<13>Foo")).isEqualTo("Nov 22 07:30:05 192.0.2.50 Foo");
        assertThat(berlin.line("<13>Foo".getBytes(ISO_8859_1), Instant.parse("2026-07-01T22:30:00.999Z")))
                .isEqualTo("Jul  2 00:30:00 192.0.2.50 Foo");
    }

    @Test
    void secondsSinceTheEpochAreShownInTheDevicesZone() {
        Frames device = new Frames(ZoneOffset.UTC, ZoneOffset.ofHours(-5), false);

        assertThat(device.line("<13>1770312738.123 h app: x")).isEqualTo("Feb  5 12:32:18 h app: x");
        assertThat(device.deviceTime()).isEqualTo("2026-02-05T17:32:18.123Z");
    }

    @Test
    void wallClockStaysAsSentWhateverItsOffset() {
        assertThat(frames.line("<13>2026-02-05T23:59:59+05:30 h app: x")).isEqualTo("Feb  5 23:59:59 h app: x");
        assertThat(frames.deviceTime()).isEqualTo("2026-02-05T18:29:59Z");
    }
}
