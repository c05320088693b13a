package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line that makes a rule give up is not hidden by that. */
class UndecidedRulesTest {
    private static final String TWICE = "login (.*) failed.*login \\1 failed";

    @TempDir
    private Path folder;

    @Test
    void whatReportsIsTakenToMatchAndWhatHidesIsNot() {
        RuleSet rules = new RuleFolder(folder)
                .file("logcheck.hacking", TWICE)
                .file("logcheck.violations", "failed x|" + TWICE)
                .file("logcheck.violations.ignore", ".*" + TWICE)
                .file("logcheck.ignore", "[l]" + TWICE.substring(1))
                .logSentry();
        assertThat(RuleFolder.tiers(rules, logins(400))).isEqualTo("AVU");
        assertThat(rules.undecided())
                .hasSize(4)
                .anyMatch(text -> text.startsWith(folder.resolve("logcheck.hacking") + ":1: gave up on 1 line after")
                        && text.contains("taken to match"))
                .anyMatch(text -> text.startsWith(folder.resolve("logcheck.ignore") + ":1: gave up on 1 line after")
                        && text.contains("taken not to match"));
        assertThat(RuleFolder.tiers(rules, logins(3) + "login b failed")).isEqualTo("U");
        Explanation explanation = RuleFolder.explain(rules, logins(400));
        assertThat(explanation.undecided()).hasSize(4);
        assertThat(explanation.rules()).extracting(Rule::kind).containsExactly(Rule.Kind.ATTACK, Rule.Kind.VIOLATION);
        assertThat(rules.overLimit().values()).allMatch(lines -> lines == 2);
    }

    @Test
    void whatWouldCancelAnUndecidedViolationDoesNotHideTheLine() {
        RuleSet rules = new RuleFolder(folder)
                .file("violations.d/logcheck", "login")
                .file("violations.d/foo", TWICE)
                .file("violations.ignore.d/foo", "failed")
                .logcheck(RulesConfig.Level.SERVER);
        assertThat(RuleFolder.tiers(rules, logins(400))).isEqualTo("V");
        assertThat(RuleFolder.tiers(rules, "login a failed login a failed")).isEqualTo("-");
    }

    private static String logins(int count) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            line.append("login ")
                    .append((char) ('a' + i % 26))
                    .append((char) ('A' + i / 26))
                    .append(" failed ");
        }
        return line.toString();
    }
}
