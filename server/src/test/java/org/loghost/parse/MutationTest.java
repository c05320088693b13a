package org.loghost.parse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real shapes with bytes changed, taken out, doubled and joined: whatever comes, one harmless line goes out. */
class MutationTest {
    private static final int ROUNDS = 50_000;
    private static final byte[] SPICE = "<>[]:%*. -\"=\\/,\n\0\u001b1@Z".getBytes(StandardCharsets.ISO_8859_1);

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122})
    void mutatedFramesGiveOneHarmlessLine(long seed) throws IOException {
        Random random = new Random(seed);
        List<Cases.Case> cases = Cases.all();
        Frames frames = new Frames();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] frame = mutate(cases, random);
            try {
                Lines.check(frames, frame);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + Arrays.toString(frame), e);
            }
            frames.clear();
        }
    }

    private static byte[] mutate(List<Cases.Case> cases, Random random) {
        byte[] frame = pick(cases, random);
        for (int i = random.nextInt(6); i >= 0 && frame.length > 0; i--) {
            int at = random.nextInt(frame.length);
            switch (random.nextInt(4)) {
                case 0 -> frame[at] = (byte) random.nextInt(256);
                case 1 -> frame[at] = SPICE[random.nextInt(SPICE.length)];
                case 2 -> frame = join(Arrays.copyOf(frame, at), Arrays.copyOfRange(frame, at + 1, frame.length));
                default -> frame = join(Arrays.copyOf(frame, at), tail(pick(cases, random), random));
            }
        }
        return frame;
    }

    private static byte[] pick(List<Cases.Case> cases, Random random) {
        byte[] raw = cases.get(random.nextInt(cases.size())).raw();
        return Arrays.copyOf(raw, Math.min(raw.length, 300));
    }

    private static byte[] tail(byte[] bytes, Random random) {
        return Arrays.copyOfRange(bytes, bytes.length == 0 ? 0 : random.nextInt(bytes.length), bytes.length);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
