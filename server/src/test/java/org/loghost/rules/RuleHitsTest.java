package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.loghost.rules.RuleFolder.verdict;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleHitsTest {
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    Path state;

    private final RuleFolder folder;

    RuleHitsTest(@TempDir Path path) {
        folder = new RuleFolder(path);
    }

    @Test
    void everyRuleThatDecidedIsCredited() {
        folder.file("logcheck.hacking", "attack")
                .file("logcheck.violations", "bad")
                .file("logcheck.violations.ignore", "fine")
                .file("logcheck.ignore", "quiet", "quieter");
        RuleSet rules = folder.logSentry();
        RuleHits.Counters counters = new RuleHits().of(rules, NOW);
        counters.add(verdict(rules, "attack bad fine quieter"), NOW + 1);
        counters.add(verdict(rules, "quiet"), NOW + 2);
        counters.add(verdict(rules, "nothing"), NOW + 3);
        assertThat(times(rules, counters)).isEqualTo("attack=1 bad=1 fine=1 quiet=2 quieter=0");
        assertThat(counters.lastMillis(3)).isEqualTo(NOW + 2);
        assertThat(counters.lastMillis(4)).isZero();
        assertThat(counters.sinceMillis(4)).isEqualTo(NOW);
    }

    @Test
    void countsOutliveRestartAndMovedLines() throws Exception {
        folder.file("logcheck.ignore", "quiet\tx", "silent", "a\rb").file("logcheck.ignore.d/grün", "other");
        RuleSet rules = folder.logSentry();
        RuleHits hits = new RuleHits();
        RuleHits.Counters counters = hits.of(rules, NOW);
        counters.add(verdict(rules, "quiet\tx"), NOW);
        counters.add(verdict(rules, "silent"), NOW);
        counters.add(verdict(rules, "silent"), NOW);
        counters.add(verdict(rules, "a\rb"), NOW);
        counters.add(verdict(rules, "other"), NOW);
        Path file = state.resolve("hits");
        hits.save(file, rules, NOW);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        RuleSet edited = folder.file("logcheck.ignore", "# moved", "new", "silent", "quiet\tx", "a\rb")
                .logSentry();
        assertThat(times(edited, RuleHits.load(file).of(edited, NOW + 9)))
                .isEqualTo("new=0 silent=2 quiet\tx=1 a\rb=1 other=1");
    }

    @Test
    void aReloadSharesTheCountersOfRulesThatStay() {
        RuleHits hits = new RuleHits();
        RuleSet old = folder.file("logcheck.ignore", "quiet").logSentry();
        RuleHits.Counters oldCounters = hits.of(old, NOW);
        RuleSet fresh = folder.file("logcheck.ignore", "new", "quiet").logSentry();
        RuleHits.Counters freshCounters = hits.of(fresh, NOW);
        oldCounters.add(verdict(old, "quiet"), NOW);
        freshCounters.add(verdict(fresh, "quiet"), NOW);
        assertThat(times(fresh, freshCounters)).isEqualTo("new=0 quiet=2");
    }

    @Test
    void rulesThatAreGoneAreForgottenAfterNinetyDays() throws Exception {
        RuleHits hits = new RuleHits();
        RuleSet both = folder.file("logcheck.ignore", "quiet", "silent").logSentry();
        hits.of(both, NOW).add(verdict(both, "quiet"), NOW);
        RuleSet one = folder.file("logcheck.ignore", "silent").logSentry();
        Path file = state.resolve("hits");
        hits.save(file, one, NOW + Duration.ofDays(89).toMillis());
        assertThat(Files.readString(file)).contains("\tquiet\n").contains("\tsilent\n");
        hits.save(file, one, NOW + Duration.ofDays(91).toMillis());
        assertThat(Files.readString(file)).doesNotContain("\tquiet\n").contains("\tsilent\n");
    }

    @Test
    void damageCostsTheDamagedLinesAlone() throws Exception {
        RuleHits hits = new RuleHits();
        RuleSet rules = folder.file("logcheck.ignore", "quiet").logSentry();
        hits.of(rules, NOW).add(verdict(rules, "quiet"), NOW);
        Path file = state.resolve("hits");
        hits.save(file, rules, NOW);
        Files.writeString(file, Files.readString(file) + "x\ty\tz\tIGNORE\tf\tp\n1\t2\n\0\0\0\n1\t1\t1\tWHAT\tf\tp\n");
        assertThat(times(rules, RuleHits.load(file).of(rules, NOW))).isEqualTo("quiet=1");
        assertThat(times(rules, RuleHits.load(state.resolve("none")).of(rules, NOW)))
                .isEqualTo("quiet=0");
    }

    private static String times(RuleSet rules, RuleHits.Counters counters) {
        StringBuilder text = new StringBuilder();
        for (Rule rule : rules.rules()) {
            text.append(rule.pattern())
                    .append('=')
                    .append(counters.times(rule.id()))
                    .append(' ');
        }
        return text.toString().strip();
    }
}
