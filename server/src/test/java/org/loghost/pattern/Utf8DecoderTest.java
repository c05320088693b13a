package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8DecoderTest {
    private static final CharSet UPPER = CharSet.where(Character::isUpperCase);
    private static final CharSet FEW = CharSet.range(0x7FE, 0x801).or(CharSet.of(0x1F600));

    @Test
    void sortsEachCharacterAsItsSetsDo() {
        Utf8Decoder decoder = new Utf8Decoder(List.of(UPPER, FEW));
        for (int c = 0x80; c < 0x110000; c++) {
            if (Character.getType(c) != Character.SURROGATE) {
                byte[] bytes = Character.toString(c).getBytes(UTF_8);
                int sample = decoder.representative(~read(decoder, bytes));
                assertThat(UPPER.has(sample)).as("U+%04X", c).isEqualTo(UPPER.has(c));
                assertThat(FEW.has(sample)).as("U+%04X", c).isEqualTo(FEW.has(c));
                assertThat(Utf8Decoder.decode(bytes, 0, bytes.length)).isEqualTo(c);
                assertThat(Utf8Decoder.length(c)).isEqualTo(bytes.length);
            }
        }
    }

    @Test
    void takesNothingOverlongNoSurrogatesAndNothingBeyondTheLastCharacter() {
        Utf8Decoder decoder = new Utf8Decoder(List.of(CharSet.ANY));
        for (String malformed : List.of("c1bf", "e09fbf", "eda080", "f08fbfbf", "f4908080", "ff", "80", "e282", "c3")) {
            byte[] bytes = java.util.HexFormat.of().parseHex(malformed);
            int outcome = read(decoder, bytes);
            assertThat(outcome == Utf8Decoder.MALFORMED || outcome > 0)
                    .as(malformed)
                    .isTrue();
            assertThat(Utf8Decoder.decode(bytes, 0, bytes.length)).as(malformed).isEqualTo(CharSet.INVALID);
        }
    }

    /** A range with ends beyond ASCII: grep refuses it. */
    @Test
    void aRangeGoesByCodePoints() throws PatternException {
        PatternSet set = PatternSet.builder()
                .utf8(true)
                .add("^[à-ü]$".getBytes(UTF_8), false, 0, 0)
                .build();
        for (String line : List.of("à", "é", "ü")) {
            assertThat(set.match(line.getBytes(UTF_8), 0, 2).has(0)).as(line).isTrue();
        }
        assertThat(set.match("ý".getBytes(UTF_8), 0, 2).has(0)).isFalse();
    }

    private static int read(Utf8Decoder decoder, byte[] bytes) {
        int node = Utf8Decoder.ROOT;
        for (byte b : bytes) {
            node = decoder.next(node, b & 0xff);
            if (node < 0) {
                return node;
            }
        }
        return node;
    }
}
