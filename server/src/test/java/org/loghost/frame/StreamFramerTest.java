package org.loghost.frame;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.message.MessageBatch;

class StreamFramerTest {
    private static final int MAX = 40;

    private final PartialFrames partials = new PartialFrames(1 << 20);
    private final List<String> frames = new ArrayList<>();
    private final StreamFramer framer = new StreamFramer(MAX, partials);
    private long now = 1_000;

    @Test
    void wholeLines() {
        read("<13>a\n<14>b\n");
        assertThat(frames).containsExactly("<13>a", "<14>b");
        assertThat(framer.pending()).isZero();
    }

    @Test
    void wholeCountedFrames() {
        read("5 <13>a7 <14>b\nc<13>d\n");
        assertThat(frames).containsExactly("<13>a", "<14>b\nc", "<13>d");
    }

    @Test
    void countedAndLinesMixOnOneStream() {
        read("<13>a\n5 <13>b<13>c\n5 <13>d\n5 <13>e");
        assertThat(frames).containsExactly("<13>a", "<13>b", "<13>c", "<13>d", "<13>e");
    }

    @Test
    void everySplitOfAStreamGivesTheSameFrames() {
        String stream = "<13>a\n7 <14>b\nc\n200 OK\n12\n12 \n12 x\n0 <1>z\n0000005 <15>d\n\n\r\n<1>" + "x".repeat(50)
                + "\n<16>f\0\0<17>g\r\n   <18>h\n   i\n50 <2>" + "y".repeat(47) + "8 <19>rest";
        List<String> whole = split(stream, 0, 0);
        String x = "TRUNCATED <1>" + "x".repeat(MAX - 3);
        String y = "TRUNCATED <2>" + "y".repeat(MAX - 3);
        assertThat(whole)
                .startsWith("<13>a", "<14>b\nc", "200 OK", "12", "12 ", "12 x", "", "<1>z", "<15>d")
                .endsWith(x, "<16>f", "<17>g\r", "<18>h", "   i", y, "<19>rest");
        for (int i = 0; i <= stream.length(); i++) {
            for (int j = i; j <= stream.length(); j++) {
                assertThat(split(stream, i, j)).as("split at %d and %d", i, j).isEqualTo(whole);
            }
        }
        assertThat(partials.taken()).isZero();
    }

    @Test
    void byteByByte() {
        String stream = "5 <13>a<13>b\r\n9 <14>c\nd\ne20 <cut";
        for (int i = 0; i < stream.length(); i++) {
            read(stream.substring(i, i + 1));
        }
        framer.end(true, this::take);
        assertThat(frames).containsExactly("<13>a", "<13>b\r", "<14>c\nd\ne", "TRUNCATED <cut");
    }

    @Test
    void aFrameAtTheLimitIsWhole() {
        String text = "<1>" + "x".repeat(MAX - 3);
        read(text + "\n" + text + "\r\n" + MAX + " " + text + (MAX + 1) + " " + text + "\n");
        assertThat(frames).containsExactly(text, text, text, text);
    }

    @Test
    void aLineOverTheLimitIsCutAndItsRestSkipped() {
        String text = "<1>" + "x".repeat(MAX - 3);
        read("<1>first\n" + text + "yy 5 (13)a");
        read("more<13>b");
        read("\n<13>c\n");
        assertThat(frames).containsExactly("<1>first", "TRUNCATED " + text, "<13>c");
        assertThat(framer.skipped()).isEqualTo("yy 5 (13)amore<13>b\n".length());
    }

    @Test
    void aCountedFrameOverTheLimitIsCutAndItsRestSkipped() {
        String text = "<1>" + "x".repeat(MAX - 3);
        read("60 " + text + "\n(13)no\n");
        read("(13)no\n12345<13>yes\n");
        assertThat(frames).containsExactly("TRUNCATED " + text, "<13>yes");
        assertThat(framer.skipped()).isEqualTo(20);
    }

    @Test
    void nineHundredLeadingZerosAreText() {
        read("0".repeat(900) + "5 (13)a\n<13>b\n");
        assertThat(frames).containsExactly("TRUNCATED " + "0".repeat(MAX), "<13>b");
    }

    @Test
    void endlessDigitsKeepNoMoreThanTheLimit() {
        for (int i = 0; i < 1_000; i++) {
            read("1".repeat(1_000));
            assertThat(framer.pending()).isLessThanOrEqualTo(MAX + StreamWindow.SLACK);
        }
        read("\n<13>a\n");
        assertThat(frames).containsExactly("TRUNCATED " + "1".repeat(MAX), "<13>a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"214000000000", "4000000000", "2147483648", "18446744073709551617", "10000000", "5\t"})
    void whatIsNoCountOfOneToSevenDigitsIsText(String count) {
        read("<13>z\n" + count + " <13>a\n<13>b\n");
        assertThat(frames).containsExactly("<13>z", count + " <13>a", "<13>b");
    }

    @Test
    void aCountOfZeroIsAnEmptyFrame() {
        read("0 <13>a\n");
        assertThat(frames).containsExactly("", "<13>a");
    }

    @Test
    void aStackTraceLineSwallowsNothing() {
        read("200 OK\n404 Not Found\n<13>a\n");
        assertThat(frames).containsExactly("200 OK", "404 Not Found", "<13>a");
    }

    @Test
    void garbageThenValid() {
        read("\0\1\2\377garb\0age\n<<<>>>\n<13>a\n");
        assertThat(frames).containsExactly("\1\2\377garb", "age", "<<<>>>", "<13>a");
    }

    @Test
    void closeInMidLineIsARecord() {
        read("<13>half");
        framer.end(true, this::take);
        assertThat(frames).containsExactly("<13>half");
    }

    @Test
    void closeInMidCountIsARecord() {
        read("12");
        framer.end(true, this::take);
        assertThat(frames).containsExactly("12");
    }

    @Test
    void closeInMidCountedFrameIsAMarkedRecord() {
        read("30 <13>half");
        framer.end(true, this::take);
        assertThat(frames).containsExactly("TRUNCATED <13>half");
        assertThat(partials.taken()).isZero();
    }

    @Test
    void aHalfLineExpiresAndItsRestIsARecordOfItsOwn() {
        read("<13>half");
        now = 2_000;
        read(" and");
        assertThat(framer.expire(1_000, this::take)).isFalse();
        assertThat(framer.expire(1_001, this::take)).isTrue();
        assertThat(framer.expire(9_999, this::take)).isFalse();
        read(" rest\n<13>b\n");
        assertThat(frames).containsExactly("<13>half and", " rest", "<13>b");
    }

    @Test
    void aHalfCountedFrameExpiresAndItsRestIsARecordOfItsOwn() {
        read("15 <13>ha");
        assertThat(framer.expire(2_000, this::take)).isTrue();
        read("lf\nlf5 <13>b5 <13>c");
        assertThat(frames).containsExactly("TRUNCATED <13>ha", "lf", "MALFORMED lf", "<13>b", "<13>c");
    }

    @Test
    void aHalfFrameThatFindsNoRoomIsCut() {
        PartialFrames small = new PartialFrames(8_192);
        StreamFramer first = new StreamFramer(65_536, small);
        StreamFramer second = new StreamFramer(65_536, small);
        feed(first, "<1>" + "x".repeat(8_000));
        assertThat(small.taken()).isEqualTo(8_192);
        feed(second, "<2>" + "y".repeat(500));
        feed(second, "y".repeat(1_500));
        feed(second, "yyy\n<2>next\n");
        assertThat(frames).hasSize(2);
        assertThat(frames.get(0)).startsWith("TRUNCATED <2>y").hasSize("TRUNCATED ".length() + PartialFrames.SMALL);
        assertThat(frames.get(1)).isEqualTo("<2>next");
        feed(first, "\n");
        assertThat(frames.get(2)).hasSize(8_003);
        assertThat(small.taken()).isZero();
    }

    @Test
    void aHalfFrameOfOneReadThatFindsNoRoomIsCut() {
        StreamFramer poor = new StreamFramer(65_536, new PartialFrames(0));
        feed(poor, "<1>" + "x".repeat(5_000));
        feed(poor, "x\n20 <2>" + "y".repeat(2));
        feed(poor, "y".repeat(15) + "<3>z\n");
        assertThat(frames).containsExactly("TRUNCATED <1>" + "x".repeat(5_000), "<2>" + "y".repeat(17), "<3>z");
    }

    private List<String> split(String stream, int i, int j) {
        frames.clear();
        StreamFramer one = new StreamFramer(MAX, partials);
        feed(one, stream.substring(0, i));
        feed(one, stream.substring(i, j));
        feed(one, stream.substring(j));
        one.end(true, this::take);
        return List.copyOf(frames);
    }

    private void read(String text) {
        feed(framer, text);
    }

    private void feed(StreamFramer to, String text) {
        byte[] bytes = ("##" + text + "##").getBytes(ISO_8859_1); // what lies around must not matter
        to.read(bytes, 2, bytes.length - 4, now, this::take);
    }

    private void take(byte[] bytes, int offset, int length, int flags) {
        String mark = (flags & MessageBatch.TRUNCATED) != 0
                ? "TRUNCATED "
                : (flags & MessageBatch.MALFORMED) != 0 ? "MALFORMED " : "";
        frames.add(mark + new String(bytes, offset, length, ISO_8859_1));
    }
}
