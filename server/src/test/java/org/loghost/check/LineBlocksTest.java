package org.loghost.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LineBlocksTest {
    private static final long SEED = 20261123;

    /** Looking at the whole line again after each read would take minutes. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLongLineInSmallReadsTakesTimeByItsLength() throws IOException {
        byte[] text = new byte[1 << 23];
        Arrays.fill(text, (byte) 'x');
        text[text.length - 2] = '\n';

        LineBlocks blocks = new LineBlocks(reads(text, () -> 64));

        assertThat(blocks.next()).isTrue();
        assertThat(blocks.lengths()[0]).isEqualTo(text.length - 2);
        assertThat(blocks.next()).isTrue();
        assertThat(blocks.isUnfinished()).isTrue();
        assertThat(blocks.consumed()).isEqualTo(text.length);
        assertThat(blocks.next()).isFalse();
    }

    @Test
    void linesAreTheSameHoweverTheStreamComesInPieces() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            List<String> lines = IntStream.range(0, random.nextInt(200))
                    .mapToObj(
                            i -> i + "y".repeat(random.nextInt(10) == 0 ? random.nextInt(300_000) : random.nextInt(90)))
                    .collect(Collectors.toList());
            byte[] text = String.join("\n", lines).getBytes(StandardCharsets.US_ASCII);
            int most = 1 + random.nextInt(100_000);

            assertThat(lines(new LineBlocks(reads(text, () -> 1 + random.nextInt(most)))))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(lines);
        }
    }

    @Test
    void ofALongLineThePiecesAreHandedOutAndTheNextLineBegins() throws IOException {
        String text = "a\n" + "b".repeat(700_000) + "\nc\n";
        Random random = new Random(SEED);
        LineBlocks blocks =
                LineBlocks.cutting(reads(text.getBytes(StandardCharsets.US_ASCII), () -> 1 + random.nextInt(50_000)));
        List<String> begun = new ArrayList<>();
        while (blocks.next()) {
            for (int i = 0; i < blocks.count() && !blocks.isContinuation(); i++) {
                begun.add(text(blocks, i));
            }
        }

        assertThat(begun).as("seed " + SEED).hasSize(3).startsWith("a").endsWith("c");
        assertThat(begun.get(1)).hasSizeGreaterThanOrEqualTo(1 << 18).matches("b*");
        assertThat(blocks.consumed()).isEqualTo(text.length());
    }

    private static List<String> lines(LineBlocks blocks) throws IOException {
        List<String> lines = new ArrayList<>();
        while (blocks.next()) {
            for (int i = 0; i < blocks.count(); i++) {
                lines.add(text(blocks, i));
            }
        }
        return lines;
    }

    private static String text(LineBlocks blocks, int i) {
        return new String(blocks.bytes(), blocks.offsets()[i], blocks.lengths()[i], StandardCharsets.US_ASCII);
    }

    private interface Sizes {
        int next();
    }

    private static InputStream reads(byte[] text, Sizes sizes) {
        return new ByteArrayInputStream(text) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, sizes.next()));
            }
        };
    }
}
