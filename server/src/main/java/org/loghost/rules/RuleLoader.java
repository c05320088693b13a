package org.loghost.rules;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads rule files in the style of LogSentry or of Debian's logcheck into one {@link RuleSet}.
 *
 * <p>LogSentry: {@code logcheck.hacking}, {@code logcheck.violations} (both without regard to case),
 * {@code logcheck.violations.ignore} and {@code logcheck.ignore} (both with regard to case), each with a folder
 * {@code NAME.d/} beside it whose files are read in the order of their names. logcheck: {@code cracking.d},
 * {@code violations.d}, {@code violations.ignore.d} and {@code ignore.d.{paranoid,server,workstation}}, files named as
 * run-parts takes them; {@code cracking.ignore.d} is not used, as logcheck itself does not use it by default.
 *
 * <p>Loading never throws: a missing file is empty; a rule, file or folder that cannot be used is a
 * {@link RuleFault}, and the others are used. Reads and compiles on the calling thread.
 */
public final class RuleLoader {
    private static final int MAX_FILE = 64 << 20;

    private final RulesConfig config;
    private final List<RuleFault> faults = new ArrayList<>();
    private final List<RuleLine> lines = new ArrayList<>();
    private final Map<RuleSource, FileState> states = new LinkedHashMap<>();
    private boolean complete = true;

    private record FileState(String sha256, Instant modified) {}

    private RuleLoader(RulesConfig config) {
        this.config = config;
    }

    /** The rule set of the configured folders as they are now. */
    public static RuleSet load(RulesConfig config) {
        return new RuleLoader(config).load();
    }

    /**
     * What the configured files look like from outside (names, sizes, times of last change): cheap to ask for every few
     * seconds; when it differs from the last answer, it is time to load again.
     */
    public static String stamp(RulesConfig config) {
        RuleFolders folders = new RuleFolders(config, new ArrayList<>());
        folders.find();
        StringBuilder stamp = new StringBuilder();
        for (RuleSource source : folders.sources()) {
            File file = source.path().toFile();
            stamp.append(file).append(' ').append(file.length()).append(' ').append(file.lastModified());
            stamp.append('\n');
        }
        return stamp.toString();
    }

    private RuleSet load() {
        RuleFolders folders = new RuleFolders(config, faults);
        folders.find();
        for (RuleSource source : folders.sources()) {
            read(source);
        }
        RuleCompiler compiler = new RuleCompiler(config, faults);
        compiler.compile(lines);
        if (compiler.rules().isEmpty()) {
            reportNoRules();
        }
        return new RuleSet(
                config,
                compiler,
                files(compiler.rules()),
                List.copyOf(faults),
                List.copyOf(folders.writableByOthers()),
                complete && folders.isComplete());
    }

    private void read(RuleSource source) {
        try {
            if (!Files.isRegularFile(source.path())) {
                throw new IOException("not a regular file");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(source.path())) {
                bytes = in.readNBytes(MAX_FILE + 1);
            }
            if (bytes.length > MAX_FILE) {
                throw new IOException("larger than " + MAX_FILE + " bytes");
            }
            Instant modified = Files.getLastModifiedTime(source.path()).toInstant();
            states.put(source, new FileState(sha256(bytes), modified));
            lines.addAll(RuleText.lines(source, bytes, config, faults));
        } catch (IOException e) {
            complete = false;
            String what = "the file cannot be read (" + e + ")";
            String advice = "its rules are not used; let the server's user read it, or remove it";
            faults.add(new RuleFault(source.path(), 0, RuleFault.Level.ERROR, what, advice));
        }
    }

    private void reportNoRules() {
        for (Path folder : config.paths()) {
            String what = "no rules are in use, so that every line is Unusual System Activity";
            String advice = config.style() == RulesConfig.Style.LOGSENTRY
                    ? "put logcheck.hacking, logcheck.violations, logcheck.violations.ignore, logcheck.ignore or their"
                            + " .d folders here"
                    : "put cracking.d, violations.d, violations.ignore.d or ignore.d.server here";
            faults.add(new RuleFault(folder, 0, RuleFault.Level.WARNING, what, advice));
        }
    }

    private List<RuleFile> files(List<Rule> rules) {
        Map<Path, Integer> inUse = new LinkedHashMap<>();
        for (Rule rule : rules) {
            inUse.merge(rule.file(), 1, Integer::sum);
        }
        List<RuleFile> files = new ArrayList<>();
        states.forEach((source, state) -> files.add(new RuleFile(
                source.path(), source.kind(), state.sha256(), state.modified(), inUse.getOrDefault(source.path(), 0))));
        return List.copyOf(files);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
