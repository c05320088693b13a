package org.loghost.frame;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
        assertThat(frames).containsExactly("<13>a", "<13>b", "<13>c", "<13>d", "", "<13>e");
    }

    @Test
    void everySplitOfAStreamGivesTheSameFrames() {
        String stream = "<13>a\n7 <14>b\nc\n200 OK\n12\n12 \n12 x\n0 <1>z\n0000005 <15>d00000005 <15>e\n\n\r\n<1>"
                + "x".repeat(50) + "\n50 <" + "y".repeat(49) + "<16>f\nrest";
        List<String> whole = reference(stream);
        assertThat(whole)
                .contains("200 OK", "12", "12 ", "12 x", "<1>z", "<15>d", "00000005 <15>e", "<16>f", "rest")
                .contains("TRUNCATED <1>" + "x".repeat(MAX - 3), "TRUNCATED <" + "y".repeat(MAX - 1));
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
        framer.end(this::take);
        assertThat(frames).containsExactly("<13>a", "<13>b\r", "<14>c\nd\ne", "MALFORMED <cut");
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
        read(text + "yy 5 <13>a");
        read("more<13>b");
        read("\n<13>c\n");
        assertThat(frames).containsExactly("TRUNCATED " + text, "<13>c");
    }

    @Test
    void aCountedFrameOverTheLimitIsCutAndItsRestSkipped() {
        String text = "<1>" + "x".repeat(MAX - 3);
        read("60 " + text + "\n<13>no\n");
        read("<13>no\n12345<13>yes\n");
        assertThat(frames).containsExactly("TRUNCATED " + text, "<13>yes");
    }

    @Test
    void nineHundredLeadingZerosAreText() {
        read("0".repeat(900) + "5 <13>a\n<13>b\n");
        assertThat(frames).containsExactly("TRUNCATED " + "0".repeat(MAX), "<13>b");
    }

    @Test
    void endlessDigitsKeepNoMoreThanTheLimit() {
        for (int i = 0; i < 1_000; i++) {
            read("1".repeat(1_000));
            assertThat(framer.pending()).isLessThanOrEqualTo(MAX + 2);
        }
        read("\n<13>a\n");
        assertThat(frames).containsExactly("TRUNCATED " + "1".repeat(MAX), "<13>a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"214000000000", "4000000000", "2147483648", "18446744073709551617", "10000000", "-5", "+5", "5\t"
            })
    void whatIsNoCountOfOneToSevenDigitsIsText(String count) {
        read(count + " <13>a\n<13>b\n");
        assertThat(frames).containsExactly(count + " <13>a", "<13>b");
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
        read("\0\1\2\377garbage\n<<<>>>\n<13>a\n");
        assertThat(frames).containsExactly("\0\1\2\377garbage", "<<<>>>", "<13>a");
    }

    @Test
    void closeInMidLineIsARecord() {
        read("<13>half");
        framer.end(this::take);
        assertThat(frames).containsExactly("<13>half");
    }

    @Test
    void closeInMidCountIsARecord() {
        read("12");
        framer.end(this::take);
        assertThat(frames).containsExactly("12");
    }

    @Test
    void closeInMidCountedFrameIsAMarkedRecord() {
        read("30 <13>half");
        framer.end(this::take);
        assertThat(frames).containsExactly("MALFORMED <13>half");
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
    void aHalfCountedFrameExpiresAndTheCountStaysInForce() {
        read("12 <13>ha");
        assertThat(framer.expire(2_000, this::take)).isTrue();
        read("lf\nlf<13>b\n");
        assertThat(frames).containsExactly("MALFORMED <13>ha", "lf\nlf<", "13>b");
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

    /** Random frames, cut at random places, against a splitter that sees the whole stream at once. */
    @Test
    void randomStreamsInRandomSplitsEqualTheReference() {
        for (long seed = 1; seed <= 3_000; seed++) {
            Random random = new Random(seed);
            String stream = randomStream(random);
            List<String> expected = reference(stream);
            frames.clear();
            StreamFramer one = new StreamFramer(MAX, partials);
            int at = 0;
            while (at < stream.length()) {
                int next = Math.min(stream.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 60));
                feed(one, stream.substring(at, next));
                at = next;
            }
            one.end(this::take);
            assertThat(frames).as("seed %d: %s", seed, stream).isEqualTo(expected);
            assertThat(partials.taken()).as("seed %d", seed).isZero();
        }
    }

    private static String randomStream(Random random) {
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            int length = random.nextInt(4) == 0 ? random.nextInt(2 * MAX) : random.nextInt(10);
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append("<13> 12\r\nab0".charAt(random.nextInt(12)));
            }
            switch (random.nextInt(5)) {
                case 0 -> stream.append(text.length() + 1).append(" <").append(text);
                case 1 ->
                    stream.append("0".repeat(random.nextInt(9)))
                            .append(text.length())
                            .append(' ')
                            .append(text);
                case 2 -> stream.append(text);
                default -> stream.append("<13>").append(text).append('\n');
            }
        }
        return stream.toString();
    }

    /** The rules once more, plainly, for a stream that is there as a whole. */
    private static List<String> reference(String stream) {
        List<String> found = new ArrayList<>();
        int at = 0;
        while (at < stream.length()) {
            java.util.regex.Matcher count =
                    java.util.regex.Pattern.compile("([0-9]{1,7}) <").matcher(stream);
            if (count.region(at, stream.length()).lookingAt()) {
                int begin = count.end() - 1;
                int end = begin + Integer.parseInt(count.group(1));
                boolean cut = end > stream.length();
                String text = stream.substring(begin, Math.min(end, stream.length()));
                found.add(describe(text, cut));
                at = begin + text.length();
            } else {
                int lf = stream.indexOf('\n', at);
                int end = lf < 0 ? stream.length() : lf;
                found.add(describe(stream.substring(at, end), false));
                at = end + 1;
            }
        }
        return found;
    }

    private static String describe(String text, boolean cut) {
        if (text.length() == MAX + 1 && "\r\n\0".indexOf(text.charAt(MAX)) >= 0) {
            return (cut ? "MALFORMED " : "") + text.substring(0, MAX);
        }
        if (text.length() > MAX) {
            return "TRUNCATED " + text.substring(0, MAX);
        }
        return (cut ? "MALFORMED " : "") + text;
    }

    private List<String> split(String stream, int i, int j) {
        frames.clear();
        StreamFramer one = new StreamFramer(MAX, partials);
        feed(one, stream.substring(0, i));
        feed(one, stream.substring(i, j));
        feed(one, stream.substring(j));
        one.end(this::take);
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
