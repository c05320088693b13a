package org.loghost.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;

class ClassifierTest {
    @TempDir
    Path path;

    private final ServerMetrics metrics = new ServerMetrics();
    private final Batches batches = new Batches();
    private final FindingsBuffer out = new FindingsBuffer();
    private Classifier classifier;

    @BeforeEach
    void makeRules() throws IOException {
        rule("logcheck.hacking", "#: Someone breaks in.\n#: Look for grüne Männchen.\nattackalert\n");
        rule("logcheck.violations", "failed\n");
        rule("logcheck.ignore", "quiet\n");
        classifier = new Classifier(load(), new RuleHits(), metrics, Clock.systemUTC());
    }

    @Test
    void aFindingCarriesEverythingAReportTells() throws IOException {
        batches.line("goblin", "sshd[7]: quiet");
        int odd = batches.line("goblin", "sshd[7]: attackAlert \u00ff failed");
        batches.batch.repeat(odd, 5);
        batches.line("troll", "something else");
        assertThat(found())
                .containsExactly(
                        new Finding(
                                Batches.RECEIVED + 1,
                                "goblin",
                                38,
                                java.util.EnumSet.allOf(Tier.class),
                                "logcheck.hacking:3",
                                "Someone breaks in.\nLook for grüne Männchen.",
                                5,
                                "Nov 22 06:55:58 goblin sshd[7]: attackAlert \u00ff failed"),
                        new Finding(
                                Batches.RECEIVED + 2,
                                "troll",
                                38,
                                java.util.EnumSet.of(Tier.UNUSUAL),
                                null,
                                null,
                                1,
                                "Nov 22 06:55:58 troll something else"));
        assertThat(metrics.get(Count.CLASSIFIED)).isEqualTo(3);
        assertThat(metrics.get(Count.FOUND_ATTACK)).isEqualTo(1);
        assertThat(metrics.get(Count.FOUND_VIOLATION)).isEqualTo(1);
        assertThat(metrics.get(Count.FOUND_UNUSUAL)).isEqualTo(2);
    }

    @Test
    void theRuleTextDecidesAndTheLineIsKept() throws IOException {
        int i = batches.line("h", "app: message repeated 5 times: [ quiet ]");
        byte[] inner = "Nov 22 06:55:58 h app: failed".getBytes(StandardCharsets.US_ASCII);
        batches.batch.ruleText(i, batches.put(inner), inner.length);
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.tiers()).containsExactly(Tier.VIOLATION, Tier.UNUSUAL);
            assertThat(finding.line()).endsWith("app: message repeated 5 times: [ quiet ]");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last message repeated 5 times",
                "last message repeated 1 time",
                "--- last message repeated 1 time ---",
                "--- last message repeated 12 times ---"
            })
    void aRepeatInheritsFromItsHostsPreviousMessage(String repeat) throws IOException {
        batches.line("a", "attackalert");
        batches.line("b", "quiet");
        int again = batches.line("a", repeat);
        batches.batch.repeat(again, 5);
        batches.line("b", repeat);
        batches.line("c", repeat);
        assertThat(found())
                .extracting(finding -> finding.host() + finding.tiers() + finding.rule() + finding.repeat())
                .containsExactly(
                        "a[ATTACK, UNUSUAL]logcheck.hacking:3" + 1,
                        "a[ATTACK, UNUSUAL]logcheck.hacking:3" + 5,
                        "c[UNUSUAL]null" + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "su: last message repeated 5 times",
                "last message repeated 5 times by me",
                "last message repeated times",
                "last message repeated",
                "last message repeated 5 timesx",
                "-- last message repeated 5 times"
            })
    void whatMerelyLooksLikeARepeatIsJudgedByItself(String line) throws IOException {
        batches.line("a", "quiet");
        batches.line("a", line);
        assertThat(found()).singleElement().extracting(Finding::line).isEqualTo("Nov 22 06:55:58 a " + line);
    }

    @Test
    void aRepeatThatRulesOfViolationMatchIsAViolationToo() throws IOException {
        rule("logcheck.violations", "failed\nmessage repeated\n");
        classifier.use(load());
        batches.line("a", "quiet");
        batches.line("a", "last message repeated 5 times");
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.tiers()).containsExactly(Tier.VIOLATION);
            assertThat(finding.rule()).isEqualTo("logcheck.violations:2");
        });
    }

    @Test
    void newRulesJudgeTheNextBatch() throws IOException {
        batches.line("a", "strange");
        assertThat(found()).hasSize(1);
        rule("logcheck.ignore", "quiet\nstrange\n");
        classifier.use(load());
        out.clear();
        assertThat(found()).isEmpty();
        assertThat(classifier.counters().times(classifier.rules().rules().size() - 1))
                .isEqualTo(1);
    }

    @Test
    void newRulesAreWarmedByRecentLines() throws IOException {
        batches.line("a", "strange and stranger, failed quietly");
        found();
        RuleSet fresh = load();
        long cold = fresh.states();

        classifier.use(fresh);

        long warm = fresh.states();
        assertThat(warm).as("the states of the line are there").isGreaterThan(cold);
        out.clear();
        found();
        assertThat(fresh.states()).isEqualTo(warm);
    }

    @Test
    void threadsShareOneClassifierWhileRulesChange() throws Exception {
        for (int i = 0; i < 500; i++) {
            batches.line("h" + i % 7, i % 3 == 0 ? "failed " + i : "quiet " + i);
        }
        List<RuleSet> sets = List.of(load(), load());
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Callable<Integer> work = () -> {
                    FindingsBuffer own = new FindingsBuffer();
                    for (int n = 0; n < 50; n++) {
                        classifier.classify(batches.batch, own);
                        classifier.use(sets.get(n % 2));
                    }
                    return own.count();
                };
                results.add(threads.submit(work));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(50 * 167);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(metrics.get(Count.CLASSIFIED)).isEqualTo(3 * 50 * 500);
        assertThat(classifier.counters().times(1)).isEqualTo(3 * 50 * 167);
    }

    @Test
    void aWarmClassifierAllocatesNothing() {
        for (int i = 0; i < 4000; i++) {
            String text = i % 10 == 0 ? "failed " + i : i % 100 == 1 ? "last message repeated 2 times" : "quiet " + i;
            batches.line("h" + i % 50, text);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long own = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int n = 0; n < 50; n++) {
            out.clear();
            long before = threads.getThreadAllocatedBytes(own);
            classifier.classify(batches.batch, out);
            least = Math.min(least, threads.getThreadAllocatedBytes(own) - before);
        }
        assertThat(out.count()).isPositive();
        // The measuring itself allocates a little; a message of 4,000 would show as thousands of bytes.
        assertThat(least).isLessThan(1_000);
    }

    private void rule(String file, String text) throws IOException {
        Files.writeString(path.resolve(file), text);
    }

    private RuleSet load() {
        return RuleLoader.load(RulesConfig.of(List.of(path)));
    }

    private List<Finding> found() throws IOException {
        classifier.classify(batches.batch, out);
        Path file = path.resolve("findings");
        try (var stream = Files.newOutputStream(file)) {
            stream.write(out.bytes(), 0, out.length());
        }
        List<Finding> findings = new ArrayList<>();
        FindingsSegment.read(file, findings::add);
        assertThat(findings).hasSize(out.count());
        return findings;
    }
}
