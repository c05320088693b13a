package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlBytesTest {

    @ParameterizedTest
    @CsvSource({
        "a\\x1b[2Jb, a#033[2Jb",
        "a\\x09b, a#011b",
        "a\\x7f, a#177",
        "a\\x00b, a#000b",
        "\\xc3\\xa4, \\xc3\\xa4",
        "\\xe4\\xf6, \\xe4\\xf6",
        "x\\xc2\\x9b1m, x#302#2331m",
        "x\\x9b1m, x#2331m",
        "\\xe2\\x82\\xac, \\xe2\\x82\\xac",
        "\\xf0\\x9f\\x98\\x80\\x80, \\xf0\\x9f\\x98\\x80#200",
        "\\xc0\\x9b, \\xc0#233",
        "\\xed\\xa0\\x80, \\xed\\xa0#200",
        "\\xe2\\x82, \\xe2#202",
        "1234567\\x1b, 1234567#033",
        "12345678\\x1b, 12345678#033",
    })
    void whatATerminalWouldInterpretIsEscaped(String raw, String escaped) {
        byte[] bytes = Frames.unescape(raw);
        byte[] out = new byte[bytes.length * ControlBytes.GROWTH];

        int end = ControlBytes.escape(bytes, 0, bytes.length, out, 0);

        assertThat(new String(out, 0, end, StandardCharsets.ISO_8859_1))
                .isEqualTo(new String(Frames.unescape(escaped), StandardCharsets.ISO_8859_1));
    }

    @Test
    void findsWhatTheSlowWayFinds() {
        long seed = 4711;
        Random random = new Random(seed);
        byte[] bytes = new byte[40];
        for (int round = 0; round < 200_000; round++) {
            int length = random.nextInt(bytes.length + 1);
            boolean rare = random.nextBoolean();
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (rare && random.nextInt(20) > 0 ? random.nextInt(0x20, 0x7f) : random.nextInt(256));
            }
            int slow = Lines.slowFind(bytes, 0, length);
            assertThat(ControlBytes.find(bytes, 0, length))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(slow < 0 ? length : slow);
        }
    }

    @Test
    void everySingleByteIsJudgedAtEveryPlaceOfAWord() {
        for (int b = 0; b < 256; b++) {
            for (int place = 0; place < 17; place++) {
                byte[] bytes = "abcdefghijklmnopq".getBytes(StandardCharsets.US_ASCII);
                bytes[place] = (byte) b;
                boolean bad = b < 0x20 || (b >= 0x7f && b < 0xa0);
                assertThat(ControlBytes.find(bytes, 0, bytes.length)).isEqualTo(bad ? place : bytes.length);
            }
        }
    }
}
