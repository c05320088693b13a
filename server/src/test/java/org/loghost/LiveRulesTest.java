package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;
import org.loghost.rules.Verdicts;

class LiveRulesTest {
    @TempDir
    private Path folder;

    private final Notices notices = new Notices(Clock.systemUTC());

    @Test
    void whateverGoesWrongInAReloadIsToldAndTheNextChangeIsStillSeen() throws IOException {
        Path written = write("attack");
        try (LiveRules rules = open(written)) {
            List<String> told = new ArrayList<>();
            write("attack\nanother");
            lookTwice(rules, told, new StackOverflowError());
            assertThat(told).isEmpty();
            assertThat(notices.current())
                    .anySatisfy(notice -> assertThat(notice.text()).contains("StackOverflowError"))
                    .anyMatch(notice -> notice.level() == Notice.Level.WARNING);
            write("attack\nanother\nthird");
            lookTwice(rules, told, null);
            assertThat(told).hasSize(1);
            assertThat(rules.current().rules()).hasSize(3);
        }
    }

    @Test
    void aRuleNestedTooDeepIsAFaultAndTheOthersAreUsed() throws IOException {
        Path written = write("attack\n" + "(".repeat(198) + "a" + (")" + "?".repeat(20)).repeat(198) + "\nbreak-in");
        try (LiveRules rules = open(written)) {
            assertThat(rules.current().rules()).hasSize(2);
            assertThat(rules.current().faults())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.toString()).contains("nested deeper than 200"));
        }
    }

    @Test
    void aRuleThatGivesUpOnLinesIsToldOnceForThem() throws IOException {
        Path written = write("(a*)(a*)(a*)(a*)b\\1\\2\\3\\4c");
        try (LiveRules rules = open(written)) {
            byte[] line = ("a".repeat(200) + "b" + "a".repeat(199)).getBytes(StandardCharsets.ISO_8859_1);
            rules.current().classify(line, new int[] {0}, new int[] {line.length}, 1, new Verdicts());
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(notices.drain()).singleElement().satisfies(notice -> {
                assertThat(notice.text()).startsWith(written.resolve("logcheck.hacking") + ":1: gave up on 1 line");
                assertThat(notice.level()).isEqualTo(Notice.Level.WARNING);
            });
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(notices.drain()).isEmpty();
        }
    }

    @Test
    void whenTheFirstLoadFailsEveryLineIsUnusualUntilTheFilesAreMended() throws IOException {
        RulesConfig config = RulesConfig.of(List.of(write("attack")));
        AtomicBoolean fails = new AtomicBoolean(true);
        try (LiveRules rules = new LiveRules(
                config,
                read -> {
                    if (fails.get()) {
                        throw new StackOverflowError();
                    }
                    return RuleLoader.load(read);
                },
                data(),
                new ServerMetrics(),
                notices,
                Clock.systemUTC())) {
            rules.load();
            assertThat(rules.summary())
                    .startsWith("none, as they could not be loaded")
                    .contains("every line is Unusual");
            assertThat(notices.current())
                    .anySatisfy(notice -> assertThat(notice.text()).contains("StackOverflowError"));
            fails.set(false);
            write("attack\nanother");
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.summary()).startsWith("2 from 1 files");
        }
    }

    @Test
    void aStopDoesNotWaitForALongLoadAndWhatWaitedIsClassifiedWithoutRules() throws Exception {
        write("attack");
        Path data = data();
        Path hits = data.resolve("rule-hits");
        try (LiveRules loaded = open(folder.resolve("rules"))) {
            assertThat(loaded.summary()).startsWith("1 from 1 files");
        }
        byte[] before = Files.readAllBytes(hits);
        CountDownLatch forever = new CountDownLatch(1);
        CompletableFuture<Thread> loader = new CompletableFuture<>();
        LiveRules rules = new LiveRules(
                RulesConfig.of(List.of(folder.resolve("rules"))),
                read -> {
                    loader.complete(Thread.currentThread());
                    awaitQuietly(forever);
                    return RuleLoader.load(read);
                },
                data,
                new ServerMetrics(),
                notices,
                Clock.systemUTC());
        rules.load();
        CompletableFuture<RuleSet> waiting = CompletableFuture.supplyAsync(rules::current);
        rules.close();
        assertThat(waiting.get().rules()).isEmpty();
        assertThat(rules.summary()).startsWith("none, as the server stopped before they were loaded");
        assertThat(hits).hasBinaryContent(before);
        forever.countDown();
        loader.get().join(); // it still writes to the folder, which is deleted after the test
    }

    private static void lookTwice(LiveRules rules, List<String> told, Error failure) {
        for (int i = 0; i < 2; i++) {
            rules.look(changed -> {
                if (failure != null) {
                    throw failure;
                }
                told.add(changed);
            });
        }
    }

    private Path write(String patterns) throws IOException {
        Path rules = Files.createDirectories(folder.resolve("rules"));
        Files.write(rules.resolve("logcheck.hacking"), (patterns + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return rules;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Path data() throws IOException {
        return Files.createDirectories(folder.resolve("data"));
    }

    private LiveRules open(Path rules) throws IOException {
        LiveRules live =
                new LiveRules(RulesConfig.of(List.of(rules)), data(), new ServerMetrics(), notices, Clock.systemUTC());
        live.load();
        live.classifier(); // waits until it is loaded
        return live;
    }
}
