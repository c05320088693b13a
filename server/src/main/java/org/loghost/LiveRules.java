package org.loghost;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Classifier;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleManifest;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;

/**
 * The rules in use: loaded at the start, and again when a file changes and then stays the same for a moment. Every load
 * says its faults and what changed since the last one, over restarts too. A set that could not be read whole is not
 * taken: the old one stays.
 *
 * <p>Any thread; loading is done one at a time.
 */
final class LiveRules implements AutoCloseable {
    private static final Logger logger = LogManager.getLogger(LiveRules.class);
    private static final long LOOK_SECONDS = 2;
    private static final long SAVE_SECONDS = 60;
    private static final long TRY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LAST_LOOK_SECONDS = 3;

    /** Made when it is asked for, which is rare. */
    private static final class NoRules {
        static final RuleSet SET = RuleLoader.load(RulesConfig.of(List.of()));
    }

    private final Function<RulesConfig, RuleSet> loader;
    private final Path hitsFile;
    private final ServerMetrics metrics;
    private final RuleNotices told;
    private final Clock clock;
    private final RuleHits hits;
    private final CompletableFuture<Classifier> classifier = new CompletableFuture<>();
    private final AtomicBoolean loading = new AtomicBoolean();
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "rules");
        thread.setDaemon(true);
        return thread;
    });

    private final RuleAttempts attempts;

    private RulesConfig config;
    private String inUse = "";
    private String lookedAt = "";
    /** The files that could not be loaded or were refused: tried again when they change, and once in a while. */
    private String unusable = "";

    private long triedAt;
    /** The files of the rules in use. */
    private @Nullable RuleManifest manifest;
    /** Why there are no rules; empty when they are loaded. */
    private volatile String missing = "";
    /** Why the rules in use are not those of the files; empty when they are. */
    private volatile String stale = "";
    /** Which folders were left out at the start; empty when all were loaded. */
    private volatile String suspect = "";
    /** What of the files was there at an earlier start, and is not; empty when nothing is missed. */
    private volatile String missed = "";
    /** What the operator is told; always there, so that nobody who asks has to wait. */
    private volatile String summary = "being loaded";

    /** Loads nothing before {@link #load()}. */
    LiveRules(RulesConfig config, Path data, ServerMetrics metrics, Notices notices, Clock clock) {
        this(config, RuleLoader::load, data, metrics, notices, clock);
    }

    /** With a loader that can be slow, or fail. */
    LiveRules(
            RulesConfig config,
            Function<RulesConfig, RuleSet> loader,
            Path data,
            ServerMetrics metrics,
            Notices notices,
            Clock clock) {
        this.config = config;
        this.loader = loader;
        this.hitsFile = data.resolve("rule-hits");
        this.told = new RuleNotices(notices, data.resolve("rule-files"));
        this.clock = clock;
        this.metrics = metrics;
        this.attempts = new RuleAttempts(data.resolve("rules-loading"));
        this.hits = hits();
    }

    private RuleHits hits() {
        try {
            return RuleHits.load(hitsFile);
        } catch (IOException damaged) {
            told.setAside(hitsFile, damaged, "how often rules decided is counted afresh");
            return new RuleHits();
        }
    }

    /**
     * Begins to load the first set and returns; what is received meanwhile waits to be classified. When loading fails, no
     * rule is in use and every line is unusual: a report that says too much, never none.
     */
    void load() {
        if (loading.compareAndSet(false, true)) {
            watcher.execute(() -> classifier.complete(first()));
        }
    }

    private Classifier first() {
        try {
            RulesConfig usable = withoutSuspects();
            attempts.begin(RuleFingerprint.of(usable), RuleAttempts.START);
            inUse = RuleFingerprint.of(config);
            lookedAt = inUse;
            RuleSet rules = loader.apply(usable);
            report(rules);
            summary = summaryOf(rules);
            return classifier(rules);
        } catch (RuntimeException | Error failed) {
            logger.error("Loading the rules failed", failed);
            goWithout("they could not be loaded: " + failed);
            return noRules();
        } finally {
            attempts.end();
        }
    }

    /** The folders that have not ended the process again and again: all, or the first alone, or none. */
    private RulesConfig withoutSuspects() {
        for (int folders : new int[] {config.paths().size(), 1}) {
            RulesConfig some = config.in(
                    config.paths().subList(0, Math.min(folders, config.paths().size())));
            if (!attempts.areSuspect(RuleFingerprint.of(some))) {
                return some;
            }
            suspect = "the process ended while the rules of " + some.paths() + " were loaded, so they are not used"
                    + " (expected: smaller rule files; loghost reload tries again)";
            told.warning("rules suspect", suspect);
        }
        return config.in(List.of());
    }

    private void goWithout(String why) {
        missing = why;
        summary = "none, as " + why + ": every line is Unusual System Activity, no attack is seen";
        told.warning(
                "rules missing",
                "No rules are in use, as " + why
                        + "; every line is reported as Unusual System Activity, no attack is seen");
    }

    private Classifier noRules() {
        return classifier(NoRules.SET);
    }

    private Classifier classifier(RuleSet rules) {
        return new Classifier(rules, hits, metrics, clock);
    }

    /** Waits until the first set is loaded. */
    Classifier classifier() {
        return classifier.join();
    }

    /** The rules that judge; waits until the first set is loaded. */
    RuleSet current() {
        return classifier().rules();
    }

    /** The rules that judge, or an empty set as long as none is loaded; never waits. */
    RuleSet loaded() {
        Classifier ready = classifier.getNow(null);
        return ready == null ? NoRules.SET : ready.rules();
    }

    /** One line for the operator; never waits. */
    String summary() {
        return summary;
    }

    /** What about the rules stays dangerous until somebody does something; never waits. */
    List<String> attention() {
        List<String> all = new ArrayList<>();
        if (!missing.isEmpty() || (classifier.isDone() && loaded().rules().isEmpty())) {
            all.add("rules: " + summary);
        }
        Stream.of(stale, suspect, missed).filter(text -> !text.isEmpty()).forEach(text -> all.add("rules: " + text));
        return all;
    }

    private String summaryOf(RuleSet rules) {
        long faulty = rules.faults().stream()
                .filter(fault -> fault.level() == RuleFault.Level.ERROR)
                .count();
        if (rules.rules().isEmpty()) {
            return "none in " + config.paths() + ": every line is Unusual System Activity, no attack is seen";
        }
        return rules.rules().size() + " from " + rules.files().size() + " files"
                + (faulty == 0 ? "" : ", " + faulty + " faulty and disabled (loghost status names them)");
    }

    /** Begins to look after the files; what changed is told. */
    void watch(Consumer<String> changed) {
        watcher.scheduleWithFixedDelay(() -> look(changed), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        watcher.scheduleWithFixedDelay(this::save, SAVE_SECONDS, SAVE_SECONDS, TimeUnit.SECONDS);
    }

    /** Loads the files now; the old rules stay when they cannot all be read, or a folder of theirs has vanished. */
    synchronized void reload(RulesConfig fresh) throws IOException {
        Classifier judge = classifier();
        String fingerprint = RuleFingerprint.of(fresh);
        attempts.begin(fingerprint, RuleAttempts.RELOAD);
        RuleSet rules;
        try {
            rules = loader.apply(fresh);
        } finally {
            attempts.end();
        }
        lookedAt = fingerprint;
        String refusal = refusal(rules, fresh);
        if (!refusal.isEmpty()) {
            stale = "the old ones stay in use, as " + refusal;
            told.warning("rules unread", "The rules were not reloaded, " + stale);
            throw new IOException("the rules were not reloaded, " + stale);
        }
        told.undecided(current());
        config = fresh;
        judge.use(rules);
        told.noneUndecided();
        missing = "";
        stale = "";
        suspect = "";
        inUse = fingerprint;
        summary = summaryOf(rules);
        report(rules);
    }

    /** Why rules are not taken; empty when they are. */
    private String refusal(RuleSet rules, RulesConfig fresh) {
        if (!rules.isComplete()) {
            return rules.faults().stream()
                    .filter(fault -> fault.level() == RuleFault.Level.ERROR && fault.line() == 0)
                    .findFirst()
                    .map(fault -> "not all could be read: " + fault)
                    .orElse("not all could be read");
        }
        RuleManifest before = manifest;
        if (before == null) {
            return "";
        }
        RuleManifest now = RuleManifest.of(rules);
        List<Path> gone = now.foldersGoneSince(before, fresh.paths());
        if (!gone.isEmpty()) {
            return RuleNotices.vanished(gone);
        }
        List<Path> unusable = fresh.equals(config) ? now.filesUnusableSince(before) : List.of();
        return unusable.isEmpty()
                ? ""
                : unusable.get(0) + " held rules and is no text any more (expected: put it right, or remove it)";
    }

    /**
     * Loads when the files differ from those in use and were the same at the last look: an editor is done. Whatever goes
     * wrong is told, and the next look comes.
     */
    synchronized void look(Consumer<String> changed) {
        try {
            told.undecided(current());
            String now = RuleFingerprint.of(config);
            boolean mayTry = !now.equals(unusable) || System.nanoTime() - triedAt > TRY_AGAIN_NANOS;
            if (now.equals(lookedAt) && !now.equals(inUse) && mayTry) {
                unusable = now;
                triedAt = System.nanoTime();
                reload(config);
                unusable = "";
                changed.accept(summary());
            } else if (now.equals(inUse)) {
                stale = ""; // the files are what they were
            }
            lookedAt = now;
        } catch (IOException failed) {
            logger.warn("Reloading the rules failed: {}", failed.getMessage());
        } catch (RuntimeException | Error failed) {
            logger.error("Reloading the rules failed", failed);
            String what = (lookedAt.equals(inUse)
                            ? "The changed rules are in use, but not all about them could be told: "
                            : "The changed rules could not be loaded, the old ones stay: ")
                    + failed + " (expected: rules that load; undo the change, and report this)";
            stale = lookedAt.equals(inUse) ? "" : what;
            told.warning("rules not reloaded", what);
        }
    }

    private void report(RuleSet rules) {
        RuleManifest now = RuleManifest.of(rules);
        manifest = now;
        told.faults(rules);
        List<Path> gone = told.changes(now, config.paths());
        missed = gone.isEmpty() ? "" : RuleNotices.vanished(gone);
    }

    private void save() {
        if (!missing.isEmpty()) {
            return; // no rule could be hit, and those of the files would be forgotten
        }
        try {
            hits.save(hitsFile, current(), clock.millis());
        } catch (IOException | RuntimeException failed) {
            logger.warn("The hits of the rules could not be saved: {}", failed.toString());
        }
    }

    /** What still waits for rules that are not loaded within three seconds is classified without. */
    @Override
    public void close() {
        watcher.shutdown();
        if (loading.compareAndSet(false, true)) { // a start that failed: the classifying threads wait
            missing = "the server did not start"; // which is told elsewhere, and concerns no line
            classifier.complete(noRules());
            return;
        }
        try {
            if (!watcher.awaitTermination(LAST_LOOK_SECONDS, TimeUnit.SECONDS)) {
                logger.warn("Reading the rules did not end within {} s", LAST_LOOK_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!classifier.isDone() && classifier.complete(noRules())) {
            goWithout("the server stopped before they were loaded");
        }
        attempts.end(); // a stop is nobody's fault
        save();
    }
}
