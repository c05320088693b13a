package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link GrepDifferentialTest}, for patterns that match characters, against grep in the locale C.UTF-8. */
class GrepUtf8DifferentialTest {
    /** Whether U+0363 and its like are letters or punctuation differs between the C libraries of Debian 12 and 13. */
    private static boolean isCombiningMark(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK;
    }

    @TempDir
    static Path folder;

    private static final String[] CHARACTERS = {
        "a", "b", "A", "_", "1", "-", " ", "é", "É", "ß", "ä", "€", "中", "😀", "ſ", "K", "σ", "ς", "Σ", "\u00a0",
        "\u2028", "٣", "\u0301"
    };
    private static final String[] INVALID = {
        "\u0080", "\u00ff", "\u00c3", "\u00e2\u0082", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f0\u009f", "\u00e9"
    };
    static final String[] ATOMS = {
        ".",
        ".",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "[^a]",
        "[^é]",
        "[éa]",
        "[a-z]",
        "[A-Z]",
        "[^b-y]",
        "[[:alpha:]]",
        "[[:upper:]]",
        "[[:lower:]]",
        "[[:punct:]]",
        "[[:space:]]",
        "[^[:alnum:]]",
        "[[:digit:]]",
        "[0-9]",
        "[^中]",
        "[[:print:]€]",
        "(é|b)",
        "(a|€)",
        "[aA]",
        "[[:graph:]]"
    };
    private static final String[] REPEATS = {"*", "+", "?", "{2}", "{0,2}", "{1,3}"};
    private static final String[] EDGES = {"\\<", "\\>", "\\b", "\\B"};

    private final GrepComparison grep = new GrepComparison(folder, true);

    @BeforeAll
    static void findGrep() throws Exception {
        GrepComparison.assertGnu();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesOnCharacters(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 350; i++) {
            patterns.add(bytes(pattern(random, ATOMS)));
        }
        grep.assertAgreement("seed " + seed, patterns, lines(random), seed % 2 == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void agreesOnEdgesOfWordsAndBackReferences(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            String pattern = pattern(random, ATOMS);
            patterns.add(bytes(
                    i % 3 == 0
                            ? "(" + pick(random, ATOMS) + ")" + pattern.replaceAll("[\\^(|)]", "") + "\\1"
                            : pick(random, EDGES) + pattern + pick(random, EDGES)));
        }
        grep.assertAgreement("seed " + seed, patterns, lines(random), seed % 2 == 0);
    }

    /** Where the character after an odd byte begins, and that no part of a character matches. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void agreesOnLinesOfAnyBytes(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        int[] interesting = {0x41, 0x61, 0x80, 0x82, 0x90, 0x9f, 0xa0, 0xac, 0xbf, 0xc2, 0xc3, 0xe0, 0xe2, 0xed, 0xf0};
        while (lines.size() < 300) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(7); i >= 0; i--) {
                line.append((char) interesting[random.nextInt(interesting.length)]);
            }
            lines.add(line.toString());
        }
        List<String> patterns = new ArrayList<>(List.of(".", "^.$", "^..$", "^.*$", "^.*A", "a.*$", "^[^b]+$", "a.A"));
        for (int i = 0; i < 150; i++) {
            patterns.add(bytes(pattern(random, ATOMS)));
        }
        grep.assertAgreement("seed " + seed, patterns, lines, seed % 2 == 0);
    }

    @Test
    void agreesOnTheClassOfEachCharacterThatThisJdkKnows() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 7) {
            if (!isCombiningMark(c)
                    && c != 10
                    && Character.getType(c) != Character.SURROGATE
                    && Character.isDefined(c)) {
                lines.add(bytes(Character.toString(c)));
            }
        }
        List<String> patterns = new ArrayList<>(List.of("^.$", "^\\w$", "^\\W$", "^\\s$", "^[^a]$"));
        for (String name : List.of(
                "alpha", "alnum", "upper", "lower", "digit", "xdigit", "space", "blank", "punct", "cntrl", "print",
                "graph")) {
            patterns.add("^[[:" + name + ":]]$");
        }
        grep.assertAgreement("classes", patterns, lines, false);
    }

    static List<String> lines(Random random) {
        List<String> lines = new ArrayList<>(List.of("", "a"));
        while (lines.size() < 250) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(7); i > 0; i--) {
                boolean invalid = lines.size() % 3 == 0 && random.nextInt(4) == 0;
                line.append(invalid ? pick(random, INVALID) : bytes(pick(random, CHARACTERS)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    static String pattern(Random random, String[] atoms) {
        StringBuilder pattern = new StringBuilder(random.nextInt(3) == 0 ? "^" : "");
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            pattern.append(random.nextInt(2) == 0 ? pick(random, atoms) : pick(random, CHARACTERS));
            pattern.append(random.nextInt(3) == 0 ? pick(random, REPEATS) : "");
        }
        String alternative = random.nextInt(8) == 0 ? "|" + pick(random, CHARACTERS) : "";
        return pattern + alternative + (random.nextInt(3) == 0 ? "$" : "");
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }

    static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
