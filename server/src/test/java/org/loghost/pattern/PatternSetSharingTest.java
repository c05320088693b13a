package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many patterns in one set, in little memory and from several threads, answer as each does alone. */
class PatternSetSharingTest {
    private static final long PLENTY = 32 << 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aSetAnswersAsItsPatternsDoAlone(long seed) throws PatternException {
        Sample sample = new Sample(seed);
        sample.assertAnswers(oneByOne(sample.set(PLENTY), sample.lines));
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 10_000, 30_000})
    void aSmallMemoryCostsTimeOnly(long memory) throws PatternException {
        Sample sample = new Sample(memory);
        PatternSet set = sample.set(memory);
        for (int round = 0; round < 3; round++) {
            sample.assertAnswers(oneByOne(set, sample.lines));
        }
        assertThat(set.flushes() + set.simulatedLines()).isPositive();
    }

    @Test
    void linesInStepAnswerAsLinesOneByOne() throws PatternException {
        for (long seed = 0; seed < 20; seed++) {
            Sample sample = new Sample(seed);
            PatternSet set = sample.set(seed % 2 == 0 ? PLENTY : 30_000);
            for (int round = 0; round < 2; round++) {
                sample.assertAnswers(inStep(set, sample.lines));
            }
        }
    }

    @Test
    void threadsThatShareASetGetTheSameAnswers() throws Exception {
        for (long memory : new long[] {PLENTY, 40_000}) {
            Sample sample = new Sample(memory);
            PatternSet set = sample.set(memory);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<List<Matches>>> tasks = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    boolean step = i % 2 == 0;
                    tasks.add(() -> step ? inStep(set, sample.lines) : oneByOne(set, sample.lines));
                }
                for (Future<List<Matches>> result : threads.invokeAll(tasks)) {
                    sample.assertAnswers(result.get());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void manyRulesOfOneShapeStayInTheirMemory() throws PatternException {
        PatternSet.Builder builder = PatternSet.builder().memory(1 << 20);
        for (int i = 0; i < 2_000; i++) {
            builder.add(rule(i).getBytes(ISO_8859_1), false, 0, i);
        }
        PatternSet set = builder.build();
        long idle = set.memoryUsed();
        for (int i = 0; i < 2_000; i++) {
            String line = "Nov 14 11:14:01 hop prog" + i + "[" + i + "]: word" + i + " from 10.1.2.3 done";
            assertThat(PatternSetTest.match(set, line).rule(0)).isEqualTo(i);
            assertThat(PatternSetTest.match(set, line + ".").isEmpty()).isTrue();
        }
        assertThat(set.memoryUsed() - idle).isLessThan(1 << 20);
        assertThat(set.flushes()).isPositive();
    }

    /** Most of what is made apart is small, so that what is reserved for it must be counted and not guessed. */
    @Test
    void thousandsOfRulesThatAreMatchedApartStayInTheirMemory() throws PatternException {
        long before = heap();
        PatternSet.Builder builder = PatternSet.builder().memory(8 << 20);
        Random random = new Random(9);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            words.add(Long.toString(1_000_000_000L + random.nextInt(1_000_000_000), 36));
            builder.add((words.get(i) + ".*" + words.get(random.nextInt(i + 1))).getBytes(ISO_8859_1), false, i % 9, i);
        }
        PatternSet set = builder.build();
        for (int i = 0; i < 1_000; i++) {
            StringBuilder line = new StringBuilder();
            while (line.length() < 330) {
                line.append(words.get(random.nextInt(3_000))).append(' ');
            }
            PatternSetTest.match(set, line.toString());
        }
        assertThat(set.apart()).isGreaterThan(2_900);
        assertThat(set.memoryUsed()).isBetween(1L << 20, 9L << 20);
        assertThat(heap() - before).isLessThan(20L << 20);
        assertThat(set.size() + builder.hashCode()).isNotZero(); // both are still there
    }

    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Wide rows become narrow ones in the middle of a batch, while other threads walk the wide ones. */
    @Test
    void rowsThatBecomeNarrowAnswerAsBefore() throws Exception {
        PatternSet.Builder builder = PatternSet.builder();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            builder.add(rule(i).getBytes(ISO_8859_1), false, i % 500, i);
            lines.add("Nov 14 11:14:01 hop prog" + i + "[" + i + "]: word" + i + " from 10.1.2.3 done");
            lines.add("Nov 14 11:14:01 hop prog" + i + "[" + i + "]: word" + i + " from 10.1.2.3 done.");
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 20; round++) {
                PatternSet set = builder.build();
                Callable<List<Matches>> task = () -> inStep(set, lines);
                for (Future<List<Matches>> result : threads.invokeAll(List.of(task, task, task))) {
                    for (int i = 0; i < lines.size(); i++) {
                        assertThat(result.get().get(i).rule(i / 2 % 500)).isEqualTo(i % 2 == 0 ? i / 2 : -1);
                    }
                }
                // One for each byte of a text in wide rows, one for a whole text in narrow ones.
                assertThat(set.states()).isLessThan(20_000);
                assertThat(set.flushes()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Little memory makes rows narrow at once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void charactersInNarrowRowsAnswerAsInWideOnes(long seed) throws PatternException {
        Random random = new Random(seed);
        PatternSet.Builder together = PatternSet.builder().utf8(true).memory(100_000);
        List<PatternSet> alone = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String pattern = "^(" + GrepUtf8DifferentialTest.pattern(random, GrepUtf8DifferentialTest.ATOMS) + ")";
            byte[] bytes = GrepUtf8DifferentialTest.bytes(pattern).getBytes(ISO_8859_1);
            together.add(bytes, i % 4 == 0, i, i);
            alone.add(
                    PatternSet.builder().utf8(true).add(bytes, i % 4 == 0, i, i).build());
        }
        PatternSet set = together.build();
        List<String> lines = GrepUtf8DifferentialTest.lines(random);
        for (int round = 0; round < 2; round++) {
            List<Matches> stepped = inStep(set, lines);
            for (int k = 0; k < lines.size(); k++) {
                Matches expected = Matches.NONE;
                for (PatternSet one : alone) {
                    expected = expected.and(PatternSetTest.match(one, lines.get(k)));
                }
                assertThat(stepped.get(k))
                        .as("seed %d, <%s>", seed, lines.get(k))
                        .isEqualTo(expected);
                assertThat(PatternSetTest.match(set, lines.get(k))).isEqualTo(expected);
            }
        }
    }

    @Test
    void aPatternThatMultipliesStatesIsKeptApart() throws PatternException {
        PatternSet set = PatternSet.builder()
                .memory(1 << 20)
                .add("a.{20}b".getBytes(ISO_8859_1), false, 0, 0)
                .add("plain".getBytes(ISO_8859_1), false, 1, 1)
                .build();
        assertThat(set.apart()).isEqualTo(1);
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            StringBuilder line = new StringBuilder();
            for (int k = 0; k < 150; k++) {
                line.append(random.nextInt(3) == 0 ? 'a' : random.nextInt(9) == 0 ? 'b' : 'x');
            }
            boolean expected = line.toString().matches(".*a.{20}b.*");
            assertThat(PatternSetTest.match(set, line.toString()).has(0)).isEqualTo(expected);
        }
        assertThat(set.memoryUsed()).isLessThan(3 << 20);
    }

    @Test
    void manyPatternsThatMustRememberTheirBeginningDoNotMultiply() throws PatternException {
        PatternSet.Builder builder = PatternSet.builder().memory(4 << 20);
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            builder.add(("from" + i + "!.*to" + i + "!").getBytes(ISO_8859_1), false, i, i);
            line.append(i % 2 == 0 ? "from" + i + "! to" : "to" + i + "! from")
                    .append(i)
                    .append('!');
        }
        PatternSet set = builder.build();
        Matches matches = PatternSetTest.match(set, line.toString());
        for (int i = 0; i < 60; i++) {
            assertThat(matches.has(i)).as("rule " + i).isEqualTo(i % 2 == 0);
        }
        assertThat(set.states()).isLessThan(20_000);
    }

    private static String rule(int i) {
        return "^([[:alpha:]]{3} [ :[:digit:]]{11}|[0-9T:.+-]{32}) [._[:alnum:]-]+ prog" + i + "\\[[0-9]+\\]: word" + i
                + " from [0-9]{1,3}(\\.[0-9]{1,3}){3} done$";
    }

    private static List<Matches> oneByOne(PatternSet set, List<String> lines) {
        List<Matches> answers = new ArrayList<>();
        lines.forEach(line -> answers.add(PatternSetTest.match(set, line)));
        return answers;
    }

    private static List<Matches> inStep(PatternSet set, List<String> lines) {
        byte[] bytes = String.join("\n", lines).getBytes(ISO_8859_1);
        int[] offsets = new int[lines.size()];
        int[] lengths = new int[lines.size()];
        for (int i = 0, at = 0; i < lines.size(); i++) {
            offsets[i] = at;
            lengths[i] = lines.get(i).length();
            at += lengths[i] + 1;
        }
        Matches[] out = new Matches[lines.size()];
        set.match(bytes, offsets, lengths, 0, out.length, out);
        return List.of(out);
    }

    /** Random patterns and lines, with the answer that each pattern alone gives. */
    private static final class Sample {
        final long seed;
        final List<String> patterns = new ArrayList<>();
        final List<String> lines = new ArrayList<>();
        final List<Matches> answers = new ArrayList<>();

        Sample(long seed) throws PatternException {
            this.seed = seed;
            Random random = new Random(seed);
            PatternGenerator generator = new PatternGenerator(random);
            while (patterns.size() < 80) {
                String pattern = random.nextInt(8) == 0
                        ? generator.backReferencePattern()
                        : random.nextInt(6) == 0 ? "b.{9,}c.{12}" : generator.nestedPattern(3);
                patterns.add((random.nextInt(2) == 0 ? "^" : "") + "(" + pattern + ")");
            }
            patterns.replaceAll(
                    pattern -> pattern.contains("\\1") ? pattern.replaceAll("[()]$|^\\^?\\(", "") : pattern);
            patterns.removeIf(pattern -> !valid(pattern));
            for (int i = 0; i < 300; i++) {
                lines.add(generator.oddLine() + (i % 3 == 0 ? generator.oddLine() + generator.oddLine() : ""));
            }
            lines.forEach(line -> answers.add(Matches.NONE));
            for (int i = 0; i < patterns.size(); i++) {
                PatternSet alone = builder(PLENTY, i).build();
                for (int k = 0; k < lines.size(); k++) {
                    answers.set(k, answers.get(k).and(PatternSetTest.match(alone, lines.get(k))));
                }
            }
        }

        PatternSet set(long memory) throws PatternException {
            PatternSet.Builder builder = PatternSet.builder().memory(memory);
            for (int i = patterns.size() - 1; i >= 0; i--) {
                builder.add(patterns.get(i).getBytes(ISO_8859_1), i % 5 == 0, i % 70, i);
            }
            return builder.build();
        }

        void assertAnswers(List<Matches> actual) {
            for (int i = 0; i < lines.size(); i++) {
                for (int group = 0; group < 70; group++) {
                    int rule = answers.get(i).rule(group);
                    assertThat(actual.get(i).rule(group))
                            .as(
                                    "seed %d, line <%s>, rule expected: %s",
                                    seed, lines.get(i), rule < 0 ? "none" : patterns.get(rule))
                            .isEqualTo(rule);
                }
            }
        }

        private PatternSet.Builder builder(long memory, int i) throws PatternException {
            return PatternSet.builder().memory(memory).add(patterns.get(i).getBytes(ISO_8859_1), i % 5 == 0, i % 70, i);
        }

        private static boolean valid(String pattern) {
            try {
                PatternSet.builder().add(pattern.getBytes(ISO_8859_1), false, 0, 0);
                return true;
            } catch (PatternException e) {
                return false;
            }
        }
    }
}
