package org.loghost.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Any mixture of good and bad frames, split anywhere: every good frame that begins where the connection can come back
 * into step is a message, and every byte is accounted for.
 */
class MixedStreamTest {
    private static final int MAX = 300;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzäöß日";

    /** What the stream's end means for the frame behind it. */
    private enum Place {
        /** Behind a line's end, or where a good counted frame ended: every frame is found. */
        POINT,
        /** Behind what is recognised as bad: a counted frame is found; a line is not told from the rest of the bad one. */
        OUT_OF_STEP,
        /** In a line without its end: all is text up to its end. */
        IN_A_LINE
    }

    /** A count at {@code at} in the stream. */
    private record WrongCount(int at, int digits, int count, boolean tooLarge) {
        int text() {
            return at + digits + 1;
        }
    }

    /** A stream, and the frames that must be found in it. */
    static final class Mixture {
        private final Random random;
        private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        private final List<String> good = new ArrayList<>();
        final List<String> required = new ArrayList<>();
        private final List<WrongCount> wrongCounts = new ArrayList<>();
        final Set<Integer> noReadEnds = new HashSet<>();
        private int frames;
        private Place place = Place.POINT;
        private boolean endIsOpen;

        Mixture(Random random) {
            this.random = random;
        }

        Mixture add(int pieces, int badInHundred) {
            for (int i = 0; i < pieces; i++) {
                if (random.nextInt(100) < badInHundred) {
                    bad(1 + random.nextInt(6));
                } else {
                    good();
                }
            }
            return this;
        }

        private void good() {
            String frame = frame();
            good.add(frame);
            if (random.nextBoolean()) {
                String end = List.of("", "", "\n", "\0", "\r\n", " ").get(random.nextInt(6));
                write(length(frame) + " " + frame + end);
                if (place != Place.IN_A_LINE) {
                    required.add(frame);
                    place = Place.POINT;
                    endIsOpen = end.isEmpty() || end.equals(" ");
                } else if (!end.isBlank() || end.contains("\n")) {
                    place = Place.POINT;
                    endIsOpen = false;
                }
            } else {
                write(frame + List.of("\n", "\0", "\r\n", "\n\0", "\n  ").get(random.nextInt(5)));
                if (place == Place.POINT) {
                    required.add(frame);
                }
                place = Place.POINT;
                endIsOpen = false;
            }
        }

        private void bad(int kind) {
            String frame = frame();
            switch (kind) {
                case 1 -> {
                    // Below the number of characters: otherwise it may be right as such, and after two such counts
                    // all of the connection are taken so.
                    writeWrong(Math.max(1, frame.length() - 1 - random.nextInt(20)), frame, false);
                }
                case 2 -> writeWrong(Math.max(100, length(frame) + 1 + random.nextInt(120)), frame, true);
                case 3 -> {
                    write(MAX + 2 + random.nextInt(9_000_000) + " " + frame);
                    outOfStep();
                }
                case 4 -> {
                    write(frame);
                    place = Place.IN_A_LINE;
                }
                case 5 -> rubbish();
                default -> {
                    boolean end = random.nextBoolean();
                    write(frame + text(MAX + random.nextInt(2 * MAX)) + (end ? "\n" : ""));
                    place = end ? Place.POINT : Place.IN_A_LINE;
                }
            }
            endIsOpen = false;
        }

        private void outOfStep() {
            if (place == Place.POINT) {
                place = Place.OUT_OF_STEP;
            }
        }

        /** It begins with a control byte: text without any may be a line, in which a count is text. */
        private void rubbish() {
            if (endIsOpen) {
                // A counted frame and rubbish behind it, or a count too small: both can be read.
                required.remove(required.size() - 1);
            }
            byte[] rubbish = new byte[2 + random.nextInt(60)];
            random.nextBytes(rubbish);
            rubbish[0] = 1;
            rubbish[rubbish.length - 1] = '.'; // not a digit, which would be one of the next count's
            for (byte b : rubbish) {
                stream.write(b == '<' ? '(' : b);
            }
            outOfStep();
        }

        private void writeWrong(int count, String frame, boolean tooLarge) {
            wrongCounts.add(
                    new WrongCount(stream.size(), Integer.toString(count).length(), count, tooLarge));
            write(count + " " + frame);
            outOfStep();
        }

        /**
         * A count too large that ends where a frame may start can be read as right, and so can its last digits behind a
         * text that ends in digits: such are changed, with the same number of digits, until they end inside a word.
         *
         * <p>A wrong count, be it of octets or of characters, can also be read as right when a read ends where it ends,
         * as nothing behind it is there yet, and a message is not held back to see what comes: no read ends there.
         */
        byte[] bytes() {
            byte[] bytes = stream.toByteArray();
            JoinedBytes all = new JoinedBytes();
            all.wrap(bytes, 0, bytes, 0, bytes.length);
            for (WrongCount wrong : wrongCounts) {
                int count = wrong.count;
                while (wrong.tooLarge && !endsInAWord(bytes, wrong.text(), count)) {
                    count++;
                }
                byte[] text = Integer.toString(count).getBytes(UTF_8);
                assertThat(text).hasSize(wrong.digits);
                System.arraycopy(text, 0, bytes, wrong.at, text.length);
                if (wrong.tooLarge) {
                    noReadEnds.add(wrong.text() + count);
                }
                noReadEnds.add(all.endInCharacters(wrong.text(), count, 1));
            }
            return bytes;
        }

        private static boolean endsInAWord(byte[] bytes, int text, int count) {
            return isInAWord(bytes, text + count)
                    && isInAWord(bytes, text + count % 100)
                    && isInAWord(bytes, text + count % 10);
        }

        private static boolean isInAWord(byte[] bytes, int end) {
            return end > bytes.length || (end < bytes.length && bytes[end] >= 'a' && bytes[end] <= 'z');
        }

        private String frame() {
            return "<" + random.nextInt(192) + ">n" + frames++ + "n" + text(random.nextInt(40));
        }

        private String text(int length) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            return text.toString();
        }

        private static int length(String text) {
            return text.getBytes(UTF_8).length;
        }

        private void write(String text) {
            stream.writeBytes(text.getBytes(UTF_8));
        }
    }

    @Test
    void goodFramesAloneAreExactlyTheMessages() {
        for (long seed = 1; seed <= 700; seed++) {
            Random random = new Random(seed);
            Mixture mixture = new Mixture(random).add(1 + random.nextInt(40), 0);
            FramesOf frames = read(mixture, random);
            assertThat(trimmed(frames)).as("seed %d", seed).isEqualTo(mixture.good);
            assertThat(frames.framer().skipped()).as("seed %d", seed).isZero();
            assertThat(frames.marked()).as("seed %d", seed).noneMatch(frame -> frame.contains("|"));
        }
    }

    @Test
    void everyGoodFrameAtAPointOfResynchronisationIsAMessage() {
        int required = 0;
        int good = 0;
        StringBuilder missing = new StringBuilder();
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            Mixture mixture = new Mixture(random).add(10 + random.nextInt(60), 15);
            List<String> messages = trimmed(read(mixture, random));
            required += mixture.required.size();
            good += mixture.good.size();
            List<String> gone = new ArrayList<>(mixture.required);
            gone.removeAll(messages);
            if (!gone.isEmpty()) {
                missing.append("seed ").append(seed).append(": ").append(gone).append('\n');
            }
        }
        assertThat(missing).asString().isEmpty();
        assertThat(required).isGreaterThan(good * 8 / 10);
    }

    @Test
    void everyByteIsInAMessageOrACountOrADelimiterOrSkipped() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = withCharactersCounted(random);
            FramesOf frames = new FramesOf(MAX).readInPieces(bytes, random, 1 + random.nextInt(500));
            assertThat(frames.between())
                    .as("seed %d", seed)
                    .isEqualTo(frames.framer().between());
            if (random.nextBoolean()) {
                frames.expire();
                assertThat(frames.between())
                        .as("seed %d", seed)
                        .isEqualTo(frames.framer().between());
            }
            frames.end();
            assertThat(frames.between())
                    .as("seed %d", seed)
                    .isEqualTo(frames.framer().between())
                    .isLessThanOrEqualTo(digitsAndDelimiters(bytes));
        }
    }

    private static byte[] withCharactersCounted(Random random) {
        Mixture mixture = new Mixture(random);
        for (int i = 0; i < 10; i++) {
            mixture.add(1 + random.nextInt(5), 30);
            String frame = mixture.frame();
            mixture.write(frame.length() + " " + frame);
        }
        return mixture.stream.toByteArray();
    }

    private static long digitsAndDelimiters(byte[] bytes) {
        long found = 0;
        for (byte b : bytes) {
            found += LineEnd.is(b) || b == ' ' || JoinedBytes.isDigit(b) ? 1 : 0;
        }
        return found;
    }

    private static FramesOf read(Mixture mixture, Random random) {
        byte[] stream = mixture.bytes();
        int most = random.nextBoolean() ? 5 : 1 + random.nextInt(2_000);
        return new FramesOf(MAX)
                .readInPieces(stream, random, most, mixture.noReadEnds)
                .end();
    }

    private static List<String> trimmed(FramesOf frames) {
        return frames.texts().stream().map(String::stripTrailing).toList();
    }
}
