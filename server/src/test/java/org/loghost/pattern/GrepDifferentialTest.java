package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks the system's own grep about each pattern and line, and expects the same answer. */
class GrepDifferentialTest {
    @TempDir
    static Path folder;

    private static boolean grepIsGnu;

    @BeforeAll
    static void findGrep() throws Exception {
        Process process = new ProcessBuilder("grep", "--version").start();
        grepIsGnu = new String(process.getInputStream().readAllBytes(), ISO_8859_1).contains("GNU grep");
        process.waitFor();
        assertThat(grepIsGnu).as("GNU grep on the path").isTrue();
    }

    /** Every operator, meaningful and meaningless, over a few letters. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesOnOddPatterns(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("", "a", "b", "ab", "{", "a{1", ")", "*", "^a", "a$"));
        PatternGenerator generator = new PatternGenerator(random);
        while (lines.size() < 160) {
            lines.add(generator.oddLine());
        }
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            patterns.add(generator.oddPattern());
        }
        assertAgreement("seed " + seed, patterns, lines, random.nextBoolean());
    }

    /** Well-formed patterns whose lines are made from them, so that many match. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void agreesOnNestedPatterns(long seed) throws Exception {
        Random random = new Random(seed);
        PatternGenerator generator = new PatternGenerator(random);
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 350; i++) {
            patterns.add(generator.nestedPattern(4));
        }
        List<String> lines = new ArrayList<>();
        while (lines.size() < 200) {
            lines.add(generator.oddLine());
        }
        assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void agreesOnBackReferences(long seed) throws Exception {
        Random random = new Random(seed);
        PatternGenerator generator = new PatternGenerator(random);
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            patterns.add(generator.backReferencePattern());
        }
        List<String> lines = new ArrayList<>();
        while (lines.size() < 200) {
            lines.add(generator.oddLine());
        }
        assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void agreesOnBrackets(long seed) throws Exception {
        Random random = new Random(seed);
        PatternGenerator generator = new PatternGenerator(random);
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            patterns.add(generator.bracketPattern());
        }
        List<String> lines = new ArrayList<>();
        for (int c = 0; c < 256; c++) {
            if (c != '\n') {
                lines.add(String.valueOf((char) c));
            }
        }
        assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
    }

    @Test
    void agreesOnRulesAndLinesOfTheKindPeopleHave() throws Exception {
        List<String> rules = resource("rules.txt");
        List<String> lines = resource("lines.txt");
        assertAgreement("resource", rules, lines, false);
        assertAgreement("resource", rules, lines, true);
    }

    private static List<String> resource(String name) throws IOException {
        try (var in = GrepDifferentialTest.class.getResourceAsStream("/pattern/" + name)) {
            return List.of(
                    new String(in.readAllBytes(), ISO_8859_1).stripTrailing().split("\n"));
        }
    }

    private static void assertAgreement(String origin, List<String> patterns, List<String> lines, boolean ignoreCase)
            throws Exception {
        Path file = Files.write(folder.resolve("lines"), (String.join("\n", lines) + "\n").getBytes(ISO_8859_1));
        List<String> differences = Collections.synchronizedList(new ArrayList<>());
        patterns.parallelStream().forEach(pattern -> {
            try {
                compare(pattern, lines, file, ignoreCase, differences);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(differences).as(origin + (ignoreCase ? " -i" : "")).isEmpty();
    }

    private static void compare(
            String pattern, List<String> lines, Path file, boolean ignoreCase, List<String> differences)
            throws IOException, InterruptedException {
        BitSet theirs = grep(pattern, file, ignoreCase);
        BitSet ours = engine(pattern, lines, ignoreCase);
        if (theirs == null || ours == null) {
            if ((theirs == null) != (ours == null)) {
                differences.add("/" + pattern + "/ is " + (theirs == null ? "refused" : "taken") + " by grep only");
            }
            return;
        }
        BitSet different = (BitSet) theirs.clone();
        different.xor(ours);
        if (!different.isEmpty()) {
            int line = different.nextSetBit(0);
            differences.add("/" + pattern + "/ " + (theirs.get(line) ? "matches" : "does not match") + " <"
                    + lines.get(line) + "> in grep only");
        }
    }

    /** The numbers of the lines that match, from 0, or null when the pattern is refused. */
    private static BitSet grep(String pattern, Path file, boolean ignoreCase) throws IOException, InterruptedException {
        Path patternFile = Files.createTempFile(folder, "pattern", "");
        Files.write(patternFile, pattern.getBytes(ISO_8859_1));
        List<String> command = new ArrayList<>(List.of("grep", "-E", "-a", "-n", "-f", patternFile.toString()));
        if (ignoreCase) {
            command.add("-i");
        }
        command.add(file.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        int status = process.waitFor();
        Files.delete(patternFile);
        if (status > 1) {
            return null;
        }
        BitSet matching = new BitSet();
        for (String line : output.split("\n", -1)) {
            if (!line.isEmpty()) {
                matching.set(Integer.parseInt(line.substring(0, line.indexOf(':'))) - 1);
            }
        }
        return matching;
    }

    private static BitSet engine(String pattern, List<String> lines, boolean ignoreCase) {
        PatternSet set;
        try {
            set = PatternSet.builder()
                    .add(pattern.getBytes(ISO_8859_1), ignoreCase, 0, 0)
                    .build();
        } catch (PatternException e) {
            return null;
        }
        BitSet matching = new BitSet();
        for (int i = 0; i < lines.size(); i++) {
            matching.set(i, !PatternSetTest.match(set, lines.get(i)).isEmpty());
        }
        return matching;
    }
}
