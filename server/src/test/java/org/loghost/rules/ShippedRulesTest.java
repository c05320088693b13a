package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules that ship: sound, explained, and right about their sample lines. */
class ShippedRulesTest {
    private final RuleSet rules = RuleLoader.load(RulesConfig.of(List.of(Path.of("rules"))));

    @Test
    void noneIsFaulty() {
        assertThat(rules.faults()).isEmpty();
        assertThat(rules.rules()).isNotEmpty();
    }

    @Test
    void everyAlarmHasAMeaningAndAFirstResponse() {
        assertThat(rules.rules())
                .filteredOn(rule -> rule.kind() == Rule.Kind.ATTACK || rule.kind() == Rule.Kind.VIOLATION)
                .isNotEmpty()
                .allSatisfy(rule -> {
                    assertThat(rule.meaning()).as(rule.name()).isNotNull();
                    assertThat(rule.meaning().lines().count()).as(rule.name()).isGreaterThanOrEqualTo(2);
                });
    }

    /** A sample is a line of {@code AVU}, with a hyphen for each tier it must not fall into, a tab, and the log line. */
    @TestFactory
    Stream<DynamicTest> samplesFallIntoTheirTiers() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/rules/samples"))) {
            return files.sorted().toList().stream()
                    .map(file -> dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private void check(Path file) throws IOException {
        assertThat(Files.readAllLines(file, StandardCharsets.ISO_8859_1))
                .filteredOn(line -> !line.isEmpty() && !line.startsWith("#"))
                .isNotEmpty()
                .allSatisfy(sample -> {
                    String[] fields = sample.split("\t", 2);
                    int tiers = RuleFolder.verdict(rules, fields[1]).tiers(0);
                    String found = ((tiers & RuleSet.ATTACK) != 0 ? "A" : "-")
                            + ((tiers & RuleSet.VIOLATION) != 0 ? "V" : "-")
                            + ((tiers & RuleSet.UNUSUAL) != 0 ? "U" : "-");
                    assertThat(found).as(fields[1]).isEqualTo(fields[0]);
                });
    }
}
