package org.loghost;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Classifier;
import org.loghost.file.SetAside;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.Rule;
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
    private static final long LAST_LOOK_SECONDS = 3;

    private final Function<RulesConfig, RuleSet> loader;
    private final Path hitsFile;
    private final Path manifestFile;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Clock clock;
    private final RuleHits hits;
    private final CompletableFuture<Classifier> classifier = new CompletableFuture<>();
    private final AtomicBoolean loading = new AtomicBoolean();
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "rules");
        thread.setDaemon(true);
        return thread;
    });

    private RulesConfig config;
    private String inUse = "";
    private String lookedAt = "";
    /** The files that could not be loaded for a reason that is not theirs: tried again when they change. */
    private String unusable = "";
    /** Why there are no rules; empty when they are loaded. */
    private volatile String missing = "";
    /** On how many lines each rule had given up when that was last told. */
    private Map<Rule, Long> undecidedTold = Map.of();

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
        this.manifestFile = data.resolve("rule-files");
        this.notices = notices;
        this.clock = clock;
        this.metrics = metrics;
        this.hits = hits();
    }

    private RuleHits hits() {
        try {
            return RuleHits.load(hitsFile);
        } catch (IOException damaged) {
            setAside(hitsFile, damaged, "how often rules decided is counted afresh");
            return new RuleHits();
        }
    }

    private void setAside(Path file, IOException why, String consequence) {
        String text = file + " is damaged (" + why.getMessage() + ")";
        try {
            text += " and is now " + SetAside.move(file);
        } catch (IOException stays) {
            text += " and cannot be moved away: " + stays;
        }
        notices.post(Notice.Level.WARNING, "damaged " + file.getFileName(), text + "; " + consequence);
    }

    private @Nullable RuleManifest manifestBefore() {
        try {
            return RuleManifest.load(manifestFile);
        } catch (IOException damaged) {
            setAside(manifestFile, damaged, "which rule files have changed since the last run is not known");
            return null;
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
            inUse = RuleFingerprint.of(config);
            lookedAt = inUse;
            RuleSet rules = loader.apply(config);
            report(rules);
            return classifier(rules);
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (RuntimeException | Error failed) {
            logger.error("Loading the rules failed", failed);
            goWithout("they could not be loaded: " + failed);
            return noRules();
        }
    }

    private void goWithout(String why) {
        missing = why;
        notices.post(
                Notice.Topic.SETTINGS,
                Notice.Level.WARNING,
                "rules missing",
                "No rules are in use, as " + why
                        + "; every line is reported as Unusual System Activity, no attack is seen");
    }

    private Classifier noRules() {
        return classifier(RuleLoader.load(RulesConfig.of(List.of())));
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

    /** One line for the operator. */
    synchronized String summary() {
        RuleSet rules = current();
        if (!missing.isEmpty()) {
            return "none, as " + missing + ": every line is Unusual System Activity, no attack is seen";
        }
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

    /** Loads the files now; the old rules stay when they cannot all be read. */
    synchronized void reload(RulesConfig fresh) throws IOException {
        Classifier judge = classifier();
        config = fresh;
        String fingerprint = RuleFingerprint.of(fresh);
        RuleSet rules = loader.apply(fresh);
        lookedAt = fingerprint;
        if (!rules.isComplete()) {
            String why = rules.faults().isEmpty() ? "" : ": " + rules.faults().get(0);
            notices.post(
                    Notice.Topic.SETTINGS,
                    Notice.Level.WARNING,
                    "rules unread",
                    "The rules were not reloaded, the old ones stay" + why);
            throw new IOException("the rules could not all be read, the old ones stay" + why);
        }
        tellUndecided();
        judge.use(rules);
        undecidedTold = Map.of();
        missing = "";
        inUse = fingerprint;
        report(rules);
    }

    /**
     * Loads when the files differ from those in use and were the same at the last look: an editor is done. Whatever goes
     * wrong is told, and the next look comes; only a full heap ends this, and the server.
     */
    synchronized void look(Consumer<String> changed) {
        try {
            tellUndecided();
            String now = RuleFingerprint.of(config);
            if (now.equals(lookedAt) && !now.equals(inUse) && !now.equals(unusable)) {
                unusable = now;
                reload(config);
                unusable = "";
                changed.accept(summary());
            }
            lookedAt = now;
        } catch (IOException failed) {
            unusable = "";
            logger.warn("Reloading the rules failed: {}", failed.toString());
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (RuntimeException | Error failed) {
            logger.error("Reloading the rules failed", failed);
            notices.post(
                    Notice.Topic.SETTINGS,
                    Notice.Level.WARNING,
                    "rules not reloaded",
                    (lookedAt.equals(inUse)
                                    ? "The changed rules are in use, but not all about them could be told: "
                                    : "The changed rules could not be loaded, the old ones stay: ")
                            + failed + " (expected: rules that load; undo the change, and report this)");
        }
    }

    /** Says which rules gave up on lines since the last look. */
    private void tellUndecided() {
        Map<Rule, Long> undecided = current().overLimit();
        undecided.forEach((rule, lines) -> {
            if (!lines.equals(undecidedTold.get(rule))) {
                notices.post(
                        Notice.Topic.RULES,
                        Notice.Level.WARNING,
                        "rule undecided " + rule.file() + ":" + rule.line(),
                        RuleSet.gaveUp(rule, lines));
            }
        });
        undecidedTold = undecided;
    }

    private void report(RuleSet rules) {
        for (RuleFault fault : rules.faults()) {
            Notice.Level level = fault.level() == RuleFault.Level.ERROR ? Notice.Level.WARNING : Notice.Level.INFO;
            notices.post(Notice.Topic.RULES, level, "rule " + fault.file() + ":" + fault.line(), fault.toString());
        }
        for (Path open : rules.writableByOthers()) {
            notices.post(
                    Notice.Topic.SETTINGS,
                    Notice.Level.WARNING,
                    "writable " + open,
                    open + " may be changed by others: chmod go-w " + open);
        }
        try {
            RuleManifest manifest = RuleManifest.of(rules);
            RuleManifest before = manifestBefore();
            List<String> changes = before == null ? List.of() : manifest.changesSince(before);
            for (String change : changes) {
                notices.post(
                        Notice.Topic.SETTINGS,
                        Notice.Level.WARNING,
                        "rules changed " + change,
                        "Rules changed: " + change);
            }
            if (before == null || !changes.isEmpty()) {
                notices.save(); // first: a change that is in the manifest is never told again
                manifest.save(manifestFile);
            }
        } catch (IOException failed) {
            logger.warn("The list of rule files could not be kept: {}", failed.toString());
        }
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
            missing = "the server did not start";
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
        save();
    }
}
