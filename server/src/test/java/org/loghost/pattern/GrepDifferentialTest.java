package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final GrepComparison grep = new GrepComparison(folder, false);

    @BeforeAll
    static void findGrep() throws Exception {
        GrepComparison.assertGnu();
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
        grep.assertAgreement("seed " + seed, patterns, lines, random.nextBoolean());
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
        grep.assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
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
        grep.assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
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
        grep.assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
    }

    @Test
    void agreesOnRulesAndLinesOfTheKindPeopleHave() throws Exception {
        List<String> rules = resource("rules.txt");
        List<String> lines = resource("lines.txt");
        grep.assertAgreement("resource", rules, lines, false);
        grep.assertAgreement("resource", rules, lines, true);
    }

    private static List<String> resource(String name) throws IOException {
        try (var in = GrepDifferentialTest.class.getResourceAsStream("/pattern/" + name)) {
            return List.of(
                    new String(in.readAllBytes(), ISO_8859_1).stripTrailing().split("\n"));
        }
    }
}
