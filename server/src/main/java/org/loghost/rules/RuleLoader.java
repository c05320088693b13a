package org.loghost.rules;

import java.io.IOException;
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
import org.loghost.file.IoReason;

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
    /** Faults told of one file: of a file that holds no rules at all, a few say enough. */
    private static final int MAX_FAULTS = 100;

    /** Faults told in all. */
    private static final int MAX_FAULTS_IN_ALL = 500;

    /** Patterns of all files together. */
    static final int MAX_RULES = 15_000;

    /** What the automata take, while they are made, for each byte of the rules. */
    private static final int HEAP_PER_BYTE = 130;

    private final RulesConfig config;
    private final List<RuleFault> faults = new ArrayList<>();
    private final List<RuleLine> lines = new ArrayList<>();
    private final Map<RuleSource, FileState> states = new LinkedHashMap<>();
    private int bytesLeft = RuleBytes.MAX_TOTAL;
    private boolean complete = true;

    private record FileState(String sha256, Instant modified) {}

    private RuleLoader(RulesConfig config) {
        this.config = config;
    }

    /** The rule set of the configured folders as they are now. */
    public static RuleSet load(RulesConfig config) {
        return new RuleLoader(config).load();
    }

    /** The folders of a configuration that hold no rule file, or are not there; nothing is read. */
    public static List<Path> foldersWithoutRules(RulesConfig config) {
        List<Path> without = new ArrayList<>();
        for (Path folder : config.paths()) {
            RuleFolders folders = new RuleFolders(config.in(List.of(folder)), new ArrayList<>());
            folders.find();
            if (folders.sources().isEmpty()) {
                without.add(folder);
            }
        }
        return without;
    }

    private RuleSet load() {
        RuleFolders folders = new RuleFolders(config, faults);
        folders.find();
        for (RuleSource source : folders.sources()) {
            read(source);
        }
        checkHeap();
        RuleCompiler compiler = new RuleCompiler(config, faults);
        compiler.compile(lines);
        if (compiler.rules().isEmpty()) {
            reportNoRules();
        }
        return new RuleSet(
                config,
                compiler,
                files(compiler.rules()),
                boundedFaults(),
                List.copyOf(folders.writableByOthers()),
                complete && folders.isComplete());
    }

    private void read(RuleSource source) {
        try {
            byte[] bytes = RuleBytes.read(source.path(), bytesLeft);
            if (!RuleBytes.isText(bytes)) {
                String what = "the file is not text, it is not read as rules";
                faults.add(new RuleFault(source.path(), 0, RuleFault.Level.WARNING, what, "remove it from here"));
                return;
            }
            List<RuleLine> read = RuleText.lines(source, bytes, config, faults);
            if (lines.size() + read.size() > MAX_RULES) {
                throw new IOException("with its " + read.size() + " rules there are more than " + MAX_RULES
                        + " in all files together");
            }
            Instant modified = Files.getLastModifiedTime(source.path()).toInstant();
            states.put(source, new FileState(sha256(bytes), modified));
            bytesLeft -= bytes.length;
            lines.addAll(read);
        } catch (IOException e) {
            complete = false;
            String what = "the file cannot be used (" + IoReason.of(e) + ")";
            String advice = "its rules are not used; let the server's user read it, or remove it";
            faults.add(new RuleFault(source.path(), 0, RuleFault.Level.ERROR, what, advice));
        }
    }

    /** A heap that is filled ends the process: when these rules might, beside the ones in use, they are not compiled. */
    private void checkHeap() {
        long need = (long) (RuleBytes.MAX_TOTAL - bytesLeft) * HEAP_PER_BYTE;
        if (need <= freeHeap()) {
            return;
        }
        System.gc(); // what is not in use any more counts as used until then
        if (need > freeHeap()) {
            complete = false;
            lines.clear();
            String what = "no memory is left to compile the rules: " + (freeHeap() >> 20) + " MiB are free, "
                    + (need >> 20) + " MiB may be needed";
            Path folder =
                    config.paths().isEmpty() ? Path.of("") : config.paths().get(0);
            String advice = "start the server anew, with more memory: LOGHOST_JAVA_OPTS=-Xmx1g";
            faults.add(new RuleFault(folder, 0, RuleFault.Level.ERROR, what, advice));
        }
    }

    private static long freeHeap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    private List<RuleFault> boundedFaults() {
        Map<Path, Integer> byFile = new LinkedHashMap<>();
        List<RuleFault> told = new ArrayList<>();
        for (RuleFault fault : faults) {
            if (byFile.merge(fault.file(), 1, Integer::sum) <= MAX_FAULTS && told.size() < MAX_FAULTS_IN_ALL) {
                told.add(fault);
            }
        }
        byFile.forEach((file, count) -> {
            if (count > MAX_FAULTS && told.size() < MAX_FAULTS_IN_ALL) {
                String what = count - MAX_FAULTS + " further faults are not shown";
                told.add(
                        new RuleFault(file, 0, RuleFault.Level.ERROR, what, "correct those shown, or remove the file"));
            }
        });
        return List.copyOf(told);
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
