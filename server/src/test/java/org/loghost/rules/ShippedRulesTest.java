package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that ship: free of faults, explained, and right on every sample line. */
class ShippedRulesTest {
    private static final RuleSet RULES =
            RuleLoader.load(RulesConfig.of(List.of(Path.of("rules").toAbsolutePath())));

    @Test
    void haveNoFault() {
        assertThat(RULES.faults()).isEmpty();
        assertThat(RULES.rules()).hasSizeGreaterThan(100);
    }

    @Test
    void eachIsOfUse() {
        RulesConfig config = RulesConfig.of(List.of(Path.of("rules").toAbsolutePath()));
        assertThat(Lint.redundant(RULES, Lint.Progress.NONE)).isEmpty();
        assertThat(Lint.folders(config, Lint.Progress.NONE))
                .noneMatch(one -> one.what().equals("never reports"))
                .noneMatch(one -> one.why().startsWith("each of its lines is reported"));
    }

    @Test
    void attackAndViolationRulesSayWhatTheyMeanAndWhatToDoFirst() {
        assertThat(RULES.rules())
                .filteredOn(rule -> rule.kind() == Rule.Kind.ATTACK || rule.kind() == Rule.Kind.VIOLATION)
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(String.valueOf(rule.meaning()).lines())
                        .as("%s", rule)
                        .hasSizeGreaterThanOrEqualTo(2));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sampleLineFallsIntoItsTiers(String tiers, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);

        Explanation found = RULES.explain(bytes, 0, bytes.length);

        assertThat(text(found.tiers(), tiers)).as("%s%n%s", line, found.rules()).isEqualTo(tiers);
    }

    /**
     * Tiers, tab, line: one row for every line of every file. Where the tiers have a question mark, such as {@code ??U},
     * that tier may be either.
     */
    static Stream<Arguments> samples() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of("rules/samples"))) {
            files = all.sorted().toList();
        }
        return files.stream().flatMap(ShippedRulesTest::lines).map(line -> {
            int tab = line.indexOf('\t');
            return Arguments.of(line.substring(0, tab), line.substring(tab + 1));
        });
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(int tiers, String wanted) {
        String text = ((tiers & RuleSet.ATTACK) != 0 ? "A" : "-")
                + ((tiers & RuleSet.VIOLATION) != 0 ? "V" : "-")
                + ((tiers & RuleSet.UNUSUAL) != 0 ? "U" : "-");
        StringBuilder masked = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (wanted.charAt(i) == '?') {
                masked.setCharAt(i, '?');
            }
        }
        return masked.toString();
    }
}
