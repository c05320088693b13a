package org.loghost;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.file.IoReason;
import org.loghost.file.SetAside;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.rules.Rule;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleManifest;
import org.loghost.rules.RuleSet;

/** What the operator is told of the rules in use and of changes of their files, over restarts too. One thread at a time. */
final class RuleNotices {
    private static final Logger logger = LogManager.getLogger(RuleNotices.class);

    private final Notices notices;
    private final Path manifestFile;
    /** On how many lines each rule had given up when that was last told. */
    private Map<Rule, Long> undecidedTold = Map.of();

    /** Keeps the list of rule files in a file. */
    RuleNotices(Notices notices, Path manifestFile) {
        this.notices = notices;
        this.manifestFile = manifestFile;
    }

    void warning(String key, String text) {
        notices.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, key, text);
    }

    /** Says which rules gave up on lines since the last look. */
    void undecided(RuleSet rules) {
        Map<Rule, Long> undecided = rules.overLimit();
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

    /** Other rules are in use: what they give up on is told from the beginning. */
    void noneUndecided() {
        undecidedTold = Map.of();
    }

    /** What is wrong with rules, and who may change them. */
    void faults(RuleSet rules) {
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
    }

    /**
     * What changed since the rules of before, which may have been an earlier run's.
     *
     * @return the folders that are missed
     */
    List<Path> changes(RuleManifest now, List<Path> configured) {
        List<Path> gone = List.of();
        try {
            RuleManifest before = manifestBefore();
            gone = before == null ? List.of() : now.foldersGoneSince(before, configured);
            if (!gone.isEmpty()) {
                notices.post(
                        Notice.Topic.SETTINGS,
                        Notice.Level.WARNING,
                        "rules missed",
                        "Rules are missing: " + vanished(gone));
                logger.error("Rules are missing: {}", vanished(gone));
            }
            RuleManifest kept = before == null ? now : now.with(gone, before);
            List<String> changes = before == null ? List.of() : kept.changesSince(before);
            for (String change : changes) {
                notices.post(
                        Notice.Topic.SETTINGS,
                        Notice.Level.WARNING,
                        "rules changed " + change,
                        "Rules changed: " + change);
            }
            boolean changed = before == null || !kept.isSameAs(before);
            if (changed && notices.save()) { // first: a change that is in the manifest is never told again
                kept.save(manifestFile);
            }
        } catch (IOException failed) {
            logger.warn("The list of rule files could not be kept: {}", IoReason.of(failed));
        }
        return gone;
    }

    /** What is missed, and what to do. */
    static String vanished(List<Path> gone) {
        return "the rules folder " + gone.get(0) + " is not there any more"
                + (gone.size() == 1 ? "" : ", and " + (gone.size() - 1) + " more")
                + " (expected: put it back; if its rules are to go, a folder of that name with an empty"
                + " logcheck.ignore in it, or a path without it in [rules])";
    }

    /** Moves a damaged file of state away. */
    void setAside(Path file, IOException why, String consequence) {
        String text = file + " is damaged (" + why.getMessage() + ")";
        try {
            text += " and is now " + SetAside.move(file);
        } catch (IOException stays) {
            text += " and cannot be moved away: " + IoReason.of(stays);
        }
        warning("damaged " + file.getFileName(), text + "; " + consequence);
    }

    private @Nullable RuleManifest manifestBefore() {
        try {
            return RuleManifest.load(manifestFile);
        } catch (IOException damaged) {
            setAside(manifestFile, damaged, "which rule files have changed since the last run is not known");
            return null;
        }
    }
}
