package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loghost.frame.CountedDatagram;
import org.loghost.frame.FrameReceiver;
import org.loghost.frame.PartialFrames;
import org.loghost.frame.StreamFramer;

/** Every row of {@code parse/cases.tsv}, whole and cut short at every byte. */
class CasesTest {
    private static final String SENDER = "192.0.2.50";
    private static final List<String> STRINGS =
            List.of("host", "program", "pid", "msgid", "message", "structured_data", "format", "line");

    static List<Cases.Case> cases() throws IOException {
        return Cases.all();
    }

    @Test
    void allShapesAreThere() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isUnderstoodAsTheRowSays(Cases.Case row) {
        Instant now = Instant.parse(row.get("received"));
        if (!row.get("frames").isEmpty()) {
            assertThat(messagesOfStream(row.raw())).isEqualTo(Integer.parseInt(row.get("frames")));
            return;
        }
        String json =
                ParseJsonTest.parseJson(SENDER, ZoneId.of(row.get("zone"))).json(withoutCount(row.raw()), now);
        if (row.get("line").isEmpty()) {
            assertThat(json).isNull();
            return;
        }
        Map<String, String> fields = JsonReader.read(json);
        SoftAssertions soft = new SoftAssertions();
        soft.assertThat(fields.get("pri")).isEqualTo(row.get("pri"));
        if (!row.get("malformed").equals("*")) {
            soft.assertThat(fields.get("malformed")).as("malformed").isEqualTo(row.get("malformed"));
        }
        for (String key : STRINGS) {
            if (!row.get(key).equals("*")) {
                String expected = new String(Frames.unescape(row.get(key)), StandardCharsets.UTF_8);
                boolean sender = key.equals("host") && expected.isEmpty();
                soft.assertThat(fields.get(key)).as(key).isEqualTo(sender ? SENDER : expected);
            }
        }
        checkTimestamp(soft, row.get("timestamp"), fields.get("timestamp"), now);
        soft.assertAll();
    }

    private static int messagesOfStream(byte[] stream) {
        AtomicInteger messages = new AtomicInteger();
        FrameReceiver receiver = (bytes, offset, length, flags) -> messages.incrementAndGet();
        StreamFramer framer = new StreamFramer(65_536, new PartialFrames(1 << 20));
        framer.read(stream, 0, stream.length, 0, receiver);
        assertThat(framer.pending()).as("bytes that wait for the frame timeout").isZero();
        framer.end(true, receiver);
        return messages.get();
    }

    private static byte[] withoutCount(byte[] datagram) {
        AtomicReference<byte[]> text = new AtomicReference<>(datagram);
        if (CountedDatagram.isCounted(datagram, 0, datagram.length)) {
            FrameReceiver receiver =
                    (bytes, offset, length, flags) -> text.set(Arrays.copyOfRange(bytes, offset, offset + length));
            CountedDatagram.frames(datagram, 0, datagram.length, 0, receiver);
        }
        return text.get();
    }

    private static void checkTimestamp(SoftAssertions soft, String expected, String actual, Instant now) {
        if (expected.equals("received")) {
            soft.assertThat(Instant.parse(actual)).isEqualTo(now);
        } else if (expected.startsWith("--")) {
            soft.assertThat(actual).matches("\\d{4}-.*").endsWith(expected.substring(1));
            soft.assertThat(actual.length()).isEqualTo(expected.length() + 3);
        } else if (!expected.equals("*")) {
            soft.assertThat(actual).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPrefixGivesOneHarmlessLine(Cases.Case row) {
        Frames frames = new Frames();
        for (int length = 0; length <= row.raw().length; length++) {
            Lines.check(frames, Arrays.copyOf(row.raw(), length));
            frames.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everySuffixGivesOneHarmlessLine(Cases.Case row) {
        Frames frames = new Frames();
        for (int from = 0; from <= row.raw().length; from++) {
            Lines.check(frames, Arrays.copyOfRange(row.raw(), from, row.raw().length));
            frames.clear();
        }
    }
}
