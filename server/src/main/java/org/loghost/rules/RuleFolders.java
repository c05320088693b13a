package org.loghost.rules;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.loghost.file.IoReason;

/**
 * Finds the rule files below the configured folders. What is not there is empty; what is there and cannot be listed is
 * a fault. Used once, by one thread.
 */
final class RuleFolders {
    /** What run-parts takes in its default mode. */
    private static final Pattern RUN_PARTS = Pattern.compile("[A-Za-z0-9_-]+");

    /** What editors and package tools leave beside a file. */
    private static final Pattern LEFT_OVER = Pattern.compile(
            "\\..*|#.*#|.*(~|\\.(bak|old|orig|rej|save|sw[a-z]|tmp|rpmsave|rpmnew|rpmorig|dpkg-[a-z-]+|ucf-[a-z-]+))");

    /** What follows a LogSentry file's name in that of the folder beside it. */
    private static final String FOLDER = ".d";

    /** Entries of one folder; one with more is something else. */
    private static final int MAX_ENTRIES = 10_000;

    private static final Map<String, Rule.Kind> LOGSENTRY = new LinkedHashMap<>();
    private static final Map<String, Rule.Kind> LOGCHECK = new LinkedHashMap<>();

    static {
        LOGSENTRY.put("logcheck.hacking", Rule.Kind.ATTACK);
        LOGSENTRY.put("logcheck.violations", Rule.Kind.VIOLATION);
        LOGSENTRY.put("logcheck.violations.ignore", Rule.Kind.VIOLATION_IGNORE);
        LOGSENTRY.put("logcheck.ignore", Rule.Kind.IGNORE);
        LOGCHECK.put("cracking.d", Rule.Kind.ATTACK);
        LOGCHECK.put("violations.d", Rule.Kind.VIOLATION);
        LOGCHECK.put("violations.ignore.d", Rule.Kind.VIOLATION_IGNORE);
    }

    private final RulesConfig config;
    private final List<RuleFault> faults;
    private final List<RuleSource> sources = new ArrayList<>();
    private final List<Path> writableByOthers = new ArrayList<>();
    private boolean complete = true;

    RuleFolders(RulesConfig config, List<RuleFault> faults) {
        this.config = config;
        this.faults = faults;
    }

    /** The files to read, in the order in which their rules are numbered. */
    List<RuleSource> sources() {
        return sources;
    }

    /** Files and folders that others than their owner may change. */
    List<Path> writableByOthers() {
        return writableByOthers;
    }

    /** Whether every folder that is there could be listed. */
    boolean isComplete() {
        return complete;
    }

    void find() {
        for (Path folder : config.paths()) {
            checkPermissions(folder);
            if (!Files.isDirectory(folder) && !Files.notExists(folder)) {
                unreadable(folder, Files.exists(folder) ? "not a folder" : "permission denied");
                continue;
            }
            if (config.style() == RulesConfig.Style.LOGSENTRY) {
                LOGSENTRY.forEach((name, kind) -> logSentry(folder, name, kind));
            } else {
                LOGCHECK.forEach((name, kind) -> logcheck(folder, name, kind));
                for (RulesConfig.Level level : RulesConfig.Level.values()) {
                    if (level.compareTo(config.level()) <= 0) {
                        logcheck(folder, ignoreFolder(level), Rule.Kind.IGNORE);
                    }
                }
            }
        }
    }

    /** What the rules in a folder of this name do, in either style; null when the name says nothing. */
    static Rule.@Nullable Kind kindOfFolder(String name) {
        for (RulesConfig.Level level : RulesConfig.Level.values()) {
            if (name.equals(ignoreFolder(level))) {
                return Rule.Kind.IGNORE;
            }
        }
        boolean logSentry = name.endsWith(FOLDER);
        Rule.Kind kind = logSentry ? kindOfFile(name.substring(0, name.length() - FOLDER.length())) : null;
        return kind == null ? LOGCHECK.get(name) : kind;
    }

    /** What the rules of LogSentry's file of this name do; null when it is none of them. */
    static Rule.@Nullable Kind kindOfFile(String name) {
        return LOGSENTRY.get(name);
    }

    private static String ignoreFolder(RulesConfig.Level level) {
        return "ignore.d." + level.name().toLowerCase(Locale.ROOT);
    }

    private void logSentry(Path folder, String name, Rule.Kind kind) {
        Path file = folder.resolve(name);
        if (!Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) { // there, or perhaps there: reading it tells
            add(kind, "", file, name);
        }
        for (Path entry : entries(folder.resolve(name + FOLDER))) {
            String entryName = entry.getFileName().toString();
            if (!Files.isDirectory(entry) && !LEFT_OVER.matcher(entryName).matches()) {
                add(kind, "", entry, name + FOLDER + "/" + entryName);
            }
        }
    }

    private void logcheck(Path folder, String name, Rule.Kind kind) {
        for (Path entry : entries(folder.resolve(name))) {
            String entryName = entry.getFileName().toString();
            if (!Files.isDirectory(entry) && RUN_PARTS.matcher(entryName).matches()) {
                add(kind, entryName, entry, name + "/" + entryName);
            }
        }
    }

    private void add(Rule.Kind kind, String family, Path file, String name) {
        checkPermissions(file);
        sources.add(new RuleSource(kind, family, file, name));
    }

    private List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return entries;
        }
        checkPermissions(folder);
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (entries.size() == MAX_ENTRIES) {
                    throw new IOException("more than " + MAX_ENTRIES + " files");
                }
                entries.add(entry);
            }
        } catch (IOException e) {
            unreadable(folder, IoReason.of(e));
        } catch (DirectoryIteratorException e) {
            unreadable(folder, IoReason.of(Objects.requireNonNull(e.getCause())));
        }
        entries.sort(null);
        return entries;
    }

    private void unreadable(Path folder, String why) {
        complete = false;
        String what = "the folder cannot be read (" + why + ")";
        String advice = "its rules are not used; let the server's user read it";
        faults.add(new RuleFault(folder, 0, RuleFault.Level.ERROR, what, advice));
    }

    private void checkPermissions(Path path) {
        try {
            Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path);
            if (granted.contains(PosixFilePermission.OTHERS_WRITE)
                    || granted.contains(PosixFilePermission.GROUP_WRITE)) {
                writableByOthers.add(path);
            }
        } catch (IOException | UnsupportedOperationException e) {
            return; // Not there, or not readable: reading it says so.
        }
    }
}
