package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
            rules.current();
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

    @Test
    void aRulesFolderThatVanishesKeepsTheOldRulesAndIsToldUntilItIsBack() throws IOException {
        Path written = write("attack");
        try (LiveRules rules = open(written)) {
            List<String> told = new ArrayList<>();
            for (String inItsPlace :
                    List.of("nothing", "a file", "an empty folder", "a dangling link", "a closed folder")) {
                Path away = Files.move(written, folder.resolve("away"));
                put(inItsPlace, written);
                lookTwice(rules, told, null);
                lookTwice(rules, told, null);
                assertThat(rules.current().rules()).as(inItsPlace).hasSize(1);
                assertThat(rules.attention())
                        .as(inItsPlace)
                        .singleElement()
                        .asString()
                        .contains("the old ones stay");
                assertThat(notices.drain()).as(inItsPlace).anySatisfy(notice -> {
                    assertThat(notice.level()).isEqualTo(Notice.Level.WARNING);
                    assertThat(notice.text()).contains(written.toString()).contains("not reloaded");
                });
                assertThatThrownBy(() -> rules.reload(RulesConfig.of(List.of(written))))
                        .isInstanceOf(IOException.class);
                Files.deleteIfExists(written);
                Files.move(away, written);
                lookTwice(rules, told, null);
                assertThat(rules.attention()).as(inItsPlace).isEmpty();
                notices.drain();
            }
        }
    }

    @Test
    void aFolderInARulesFolderThatVanishesKeepsTheOldRules() throws IOException {
        Path written = write("attack");
        Path inside = Files.createDirectories(written.resolve("logcheck.violations.d"));
        Files.writeString(inside.resolve("local"), "refused\n");
        try (LiveRules rules = open(written)) {
            Files.move(inside, folder.resolve("away"));
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.current().rules()).hasSize(2);
            assertThat(rules.attention()).singleElement().asString().contains(inside + " is not there any more");
        }
    }

    @Test
    void aFolderEmptiedFileByFileIsAChange() throws IOException {
        Path written = write("attack");
        try (LiveRules rules = open(written)) {
            Files.delete(written.resolve("logcheck.hacking"));
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.current().rules()).isEmpty();
            assertThat(rules.attention()).singleElement().asString().contains("no attack is seen");
        }
    }

    @Test
    void anotherFolderWithRulesInItsPlaceIsAChange() throws IOException {
        Path written = write("attack");
        try (LiveRules rules = open(written)) {
            Files.move(written, folder.resolve("away"));
            write("attack\nanother");
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.current().rules()).hasSize(2);
            assertThat(rules.attention()).isEmpty();
        }
    }

    @Test
    void everyStartWithoutAFolderThatWasThereSaysSo() throws IOException {
        Path written = write("attack");
        open(written).close();
        Files.move(written, folder.resolve("away"));
        for (int start = 1; start <= 2; start++) {
            notices.drain();
            try (LiveRules rules = open(written)) {
                assertThat(rules.attention()).asString().contains(written + " is not there any more");
                assertThat(notices.current())
                        .anySatisfy(notice -> assertThat(notice.text()).startsWith("Rules are missing"));
            }
        }
        Files.move(folder.resolve("away"), written);
        try (LiveRules rules = open(written)) {
            assertThat(rules.attention()).isEmpty();
        }
    }

    @Test
    void aRuleFileThatBecomesNoTextKeepsTheOldRules() throws IOException {
        Path written = write("attack");
        try (LiveRules rules = open(written)) {
            Files.write(written.resolve("logcheck.hacking"), new byte[4096]);
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.current().rules()).hasSize(1);
            assertThat(rules.attention()).singleElement().asString().contains("no text any more");
        }
    }

    @Test
    void rulesThatAreTooManyInAllAreNotTakenAndNotAllTakenAtAStart() throws IOException {
        Path written = write("attack");
        try (LiveRules rules = open(written)) {
            Path ignore = Files.createDirectories(written.resolve("logcheck.ignore.d"));
            for (int file = 0; file < 7; file++) {
                Files.writeString(ignore.resolve("f" + file), ("daemon" + file + ": text\n").repeat(3_000));
            }
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.current().rules()).hasSize(1);
            assertThat(rules.attention()).singleElement().asString().contains("more than 15000");
        }
        try (LiveRules rules = open(written)) {
            assertThat(rules.current().rules()).hasSize(1 + 4 * 3_000);
            assertThat(rules.current().faults())
                    .anySatisfy(fault -> assertThat(fault.toString())
                            .contains("f4: error: the file cannot be used")
                            .contains("more than 15000"));
        }
    }

    @Test
    void rulesDuringWhoseLoadTheServerEndedAreLeftOutAtTheNextStartUntilTheyChange() throws IOException {
        Path written = write("attack");
        Path shipped = Files.createDirectories(folder.resolve("shipped"));
        Files.writeString(shipped.resolve("logcheck.hacking"), "shipped\n");
        RulesConfig config = RulesConfig.of(List.of(shipped, written));
        try (LiveRules rules = open(config)) {
            assertThat(rules.current().rules()).hasSize(2);
        }
        write("attack\nand another");
        RuleAttempts attempts = new RuleAttempts(data().resolve("rules-loading"));
        attempts.begin(RuleFingerprint.of(config), RuleAttempts.RELOAD); // and then the process ended
        try (LiveRules rules = open(config)) {
            assertThat(rules.current().rules()).hasSize(1);
            assertThat(rules.attention()).asString().contains("the process ended while the rules of");
            write("attack\nand another\nand one more");
            lookTwice(rules, new ArrayList<>(), null);
            assertThat(rules.current().rules()).hasSize(4);
            assertThat(rules.attention()).isEmpty();
        }
        assertThat(data().resolve("rules-loading")).doesNotExist();
    }

    @Test
    void whoAsksDuringALoadIsAnsweredAtOnce() throws Exception {
        RulesConfig config = RulesConfig.of(List.of(write("attack")));
        CountDownLatch mayLoad = new CountDownLatch(1);
        try (LiveRules rules = new LiveRules(
                config,
                read -> {
                    awaitQuietly(mayLoad);
                    return RuleLoader.load(read);
                },
                data(),
                new ServerMetrics(),
                notices,
                Clock.systemUTC())) {
            rules.load();
            assertThat(rules.summary()).isEqualTo("being loaded");
            assertThat(rules.loaded().rules()).isEmpty();
            assertThat(rules.attention()).isEmpty();
            mayLoad.countDown();
            assertThat(rules.current().rules()).hasSize(1);
            assertThat(rules.summary()).startsWith("1 from 1 files");
        }
    }

    private void put(String what, Path place) throws IOException {
        switch (what) {
            case "a file" -> Files.writeString(place, "no folder");
            case "an empty folder" -> Files.createDirectory(place);
            case "a dangling link" -> Files.createSymbolicLink(place, folder.resolve("nowhere"));
            case "a closed folder" -> Files.createDirectory(place, PosixFilePermissions.asFileAttribute(Set.of()));
            default -> assertThat(place).doesNotExist();
        }
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
        return open(RulesConfig.of(List.of(rules)));
    }

    private LiveRules open(RulesConfig config) throws IOException {
        LiveRules live = new LiveRules(config, data(), new ServerMetrics(), notices, Clock.systemUTC());
        live.load();
        live.classifier(); // waits until it is loaded
        return live;
    }
}
