package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.Witness;
import org.loghost.rules.PatternAdvice.Remark;

/**
 * Reads rules with the eyes of someone who has been caught out by egrep before: what cannot be used, what matches
 * nothing or everything, and what is valid and rarely meant. Reads the given files and nothing else. Used once, by one
 * thread.
 */
public final class Lint {
    private final RulesConfig config;
    private final List<RuleFault> faults = new ArrayList<>();
    private final List<Complaint> complaints = new ArrayList<>();
    private final List<RuleLine> lines = new ArrayList<>();
    private final Set<String> outOfUse = new HashSet<>();

    /** Is told how far comparing the rules with each other is: the longest part of the work. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many rules are done. */
        void at(int done, int all);
    }

    private Lint(RulesConfig config) {
        this.config = config;
    }

    /** What there is to say about all rules of the configured folders, file by file. */
    public static List<Complaint> folders(RulesConfig config, Progress progress) {
        Lint lint = new Lint(config);
        RuleFolders folders = new RuleFolders(config, lint.faults);
        folders.find();
        folders.sources().forEach(lint::read);
        lint.run();
        lint.compare(progress);
        return lint.inOrder();
    }

    /** A rule that is out of use covers no other. */
    private void compare(Progress progress) {
        List<RulePattern> patterns = lines.stream()
                .filter(line -> !isOutOfUse(line))
                .map(line -> RulePattern.of(line, config))
                .toList();
        complaints.addAll(new RuleOverlaps(patterns).find(done -> progress.at(done, patterns.size())));
    }

    /** The same for one file, whose name and folder tell what its rules do; an unknown name is an ignore file. */
    public static List<Complaint> file(Path file, RulesConfig config) {
        Lint lint = new Lint(config);
        lint.read(new RuleSource(kindOf(file), "", file, file.toString()));
        lint.run();
        return lint.inOrder();
    }

    /** The same for one pattern that is not in its file yet. */
    public static List<Complaint> pattern(String pattern, Path file, RulesConfig config) {
        Lint lint = new Lint(config);
        RuleSource source = new RuleSource(kindOf(file), "", file, file.toString());
        lint.lines.addAll(RuleText.lines(source, pattern.getBytes(StandardCharsets.ISO_8859_1), config, lint.faults));
        lint.run();
        return lint.inOrder();
    }

    /** The rules of the configured folders that change nothing: they stand twice, or another one covers them. */
    public static List<Complaint> idle(RulesConfig config, Progress progress) {
        Lint lint = new Lint(config);
        RuleFolders folders = new RuleFolders(config, lint.faults);
        folders.find();
        folders.sources().forEach(lint::read);
        lint.compile();
        lint.compare(progress);
        lint.twice();
        return lint.inOrder();
    }

    private static Complaint duplicate(Path file, int line, String before) {
        return new Complaint(
                file, line, RuleFault.Level.WARNING, "the same as " + before, "", "delete one of them", null);
    }

    static Rule.Kind kindOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        String place =
                ((folder == null ? "" : folder.getFileName()) + "/" + file.getFileName()).toLowerCase(Locale.ROOT);
        if (place.contains("violations.ignore")) {
            return Rule.Kind.VIOLATION_IGNORE;
        }
        if (place.contains("violations")) {
            return Rule.Kind.VIOLATION;
        }
        boolean attack = place.contains("hacking") || (place.contains("cracking") && !place.contains("ignore"));
        return attack ? Rule.Kind.ATTACK : Rule.Kind.IGNORE;
    }

    private void read(RuleSource source) {
        try {
            lines.addAll(RuleText.lines(source, Files.readAllBytes(source.path()), config, faults));
        } catch (IOException e) {
            faults.add(new RuleFault(
                    source.path(),
                    0,
                    RuleFault.Level.ERROR,
                    "the file cannot be read (" + e + ")",
                    "its rules are not used"));
        }
    }

    private void run() {
        compile();
        for (RuleFault fault : faults) {
            complaints.add(Complaint.of(fault));
        }
        for (RuleLine line : lines) {
            if (!isOutOfUse(line)) {
                meaning(line);
            }
            advice(line);
        }
        twice();
    }

    private void compile() {
        new RuleCompiler(config, faults).compile(lines);
        for (RuleFault fault : faults) {
            if (fault.line() > 0 && fault.level() == RuleFault.Level.ERROR) {
                outOfUse.add(fault.file() + ":" + fault.line());
            }
        }
    }

    private boolean isOutOfUse(RuleLine line) {
        return outOfUse.contains(line.source().path() + ":" + line.line());
    }

    private void twice() {
        Map<String, RuleLine> first = new HashMap<>();
        for (RuleLine line : lines) {
            RuleLine before = first.putIfAbsent(key(line), line);
            if (before != null) {
                complaints.add(duplicate(
                        line.source().path(), line.line(), before.source().path() + ":" + before.line()));
            }
        }
    }

    private List<Complaint> inOrder() {
        complaints.sort(Comparator.comparing((Complaint one) -> one.file().toString())
                .thenComparingInt(Complaint::line)
                .thenComparing(Complaint::level));
        return List.copyOf(complaints);
    }

    /** logcheck cancels violations file by file: there the same pattern in two files is not the same rule. */
    private String key(RuleLine line) {
        Rule.Kind kind = line.source().kind();
        boolean perFile = config.style() == RulesConfig.Style.LOGCHECK
                && (kind == Rule.Kind.VIOLATION || kind == Rule.Kind.VIOLATION_IGNORE);
        return kind + " " + (perFile ? line.source().family() : "") + " " + line.text();
    }

    /** What only the automaton knows. */
    private void meaning(RuleLine line) {
        Witness witness = witness(line.text(), line.source().kind());
        if (witness != null && witness.isImpossible()) {
            complaints.add(new Complaint(
                    line.source().path(),
                    line.line(),
                    RuleFault.Level.ERROR,
                    RuleFault.shown(line.text()) + " matches no line",
                    "what it asks for cannot come together, such as text after the end of the line",
                    "\\$ and \\^ for the characters, or an anchor at the very end and start alone",
                    null));
        }
    }

    private @Nullable Witness witness(String pattern, Rule.Kind kind) {
        try {
            return Witness.of(pattern.getBytes(StandardCharsets.ISO_8859_1), RuleCompiler.ignoresCase(config, kind));
        } catch (PatternException e) {
            return null; // Compiling it has said so.
        }
    }

    private void advice(RuleLine line) {
        Rule.Kind kind = line.source().kind();
        for (Remark remark : PatternAdvice.about(line.text(), kind.hides())) {
            complaints.add(new Complaint(
                    line.source().path(),
                    line.line(),
                    RuleFault.Level.WARNING,
                    remark.what(),
                    remark.why(),
                    remark.instead(),
                    example(remark, line.text(), kind)));
        }
        if (config.style() == RulesConfig.Style.LOGSENTRY && line.text().startsWith("#")) {
            complaints.add(new Complaint(
                    line.source().path(),
                    line.line(),
                    RuleFault.Level.WARNING,
                    "# at the beginning without a blank after it",
                    "it is a pattern",
                    "\"# \" for a comment, or [#] for the character",
                    null));
        }
    }

    /** The shortest line is telling where alternatives match more than was meant. */
    private @Nullable String example(Remark remark, String pattern, Rule.Kind kind) {
        if (!remark.what().startsWith("|")) {
            return null;
        }
        Witness witness = witness(pattern, kind);
        byte[] line = witness == null ? null : witness.line();
        return line == null ? null : new String(line, StandardCharsets.ISO_8859_1);
    }
}
