package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loghost.file.IoReason;
import org.loghost.rules.PatternAdvice.Remark;

/**
 * Reads rules with the eyes of someone who has been caught out by egrep before: what cannot be used, what matches
 * nothing or everything, and what is valid and rarely meant. Reads the given files and nothing else. Used once, by one
 * thread.
 */
public final class Lint {
    private final RulesConfig config;
    private final Progress progress;
    private final List<RuleFault> faults = new ArrayList<>();
    private final List<Complaint> complaints = new ArrayList<>();
    private final List<RuleLine> lines = new ArrayList<>();

    /** Hears how far a long piece of work has come; called often, by the working thread. */
    @FunctionalInterface
    public interface Progress {
        /** For who does not want to know. */
        Progress NONE = (done, all, doing) -> {};

        /**
         * So many of so many rules are done.
         *
         * @param doing what is being done, such as "comparing rules"; when it changes, counting begins anew
         */
        void at(int done, int all, String doing);
    }

    private Lint(RulesConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * What there is to say about all rules of the configured folders, file by file. Takes about two seconds for 5,000
     * rules, and ten at worst.
     */
    public static List<Complaint> folders(RulesConfig config, Progress progress) {
        Lint lint = new Lint(config, progress);
        RuleFolders folders = new RuleFolders(config, lint.faults);
        folders.find();
        folders.sources().forEach(lint::read);
        return lint.run();
    }

    /** The same for one file, whose name and folder tell what its rules do; an unknown name is an ignore file. */
    public static List<Complaint> file(Path file, RulesConfig config, Progress progress) {
        Lint lint = new Lint(config, progress);
        lint.read(new RuleSource(kindOf(file), "", file, file.toString()));
        return lint.run();
    }

    /** The same for one pattern that is not in its file yet. */
    public static List<Complaint> pattern(String pattern, Path file, RulesConfig config) {
        Lint lint = new Lint(config, Progress.NONE);
        RuleSource source = new RuleSource(kindOf(file), "", file, file.toString());
        lint.lines.addAll(RuleText.lines(source, pattern.getBytes(StandardCharsets.ISO_8859_1), config, lint.faults));
        return lint.run();
    }

    /** The rules in use that could be deleted and nothing would change: each stands twice, or behind a wider one. */
    public static List<Complaint> redundant(RuleSet rules, Progress progress) {
        SampledRules samples = new SampledRules(rules.rules(), rules.config(), progress);
        return Redundancy.among(samples, rules.config(), progress);
    }

    /** As the folders are read: what stands in a rules folder of a known name is of its kind, whatever its own name. */
    static Rule.Kind kindOf(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path above = folder == null ? null : folder.getFileName();
        Rule.Kind kind = above == null ? null : RuleFolders.kindOfFolder(above.toString());
        if (kind == null) {
            kind = RuleFolders.kindOfFile(file.getFileName().toString());
        }
        return kind == null ? Rule.Kind.IGNORE : kind;
    }

    private void read(RuleSource source) {
        try {
            lines.addAll(RuleText.lines(source, RuleBytes.read(source.path()), config, faults));
        } catch (IOException e) {
            faults.add(new RuleFault(
                    source.path(),
                    0,
                    RuleFault.Level.ERROR,
                    "the file cannot be read (" + IoReason.of(e) + ")",
                    "its rules are not used"));
        }
    }

    private List<Complaint> run() {
        RuleCompiler compiler = new RuleCompiler(config, faults);
        compiler.compile(lines);
        faults.forEach(fault -> complaints.add(Complaint.of(fault)));
        SampledRules samples = new SampledRules(compiler.rules(), config, progress);
        compiler.rules().stream().filter(samples::isImpossible).forEach(this::impossible);
        Map<String, Rule> byPlace = new HashMap<>();
        compiler.rules().forEach(rule -> byPlace.put(Redundancy.place(rule), rule));
        for (RuleLine line : lines) {
            advice(line, byPlace.get(line.source().path() + ":" + line.line()), samples);
        }
        complaints.addAll(Redundancy.among(samples, config, progress));
        complaints.addAll(AlarmOverlap.among(samples, config));
        complaints.sort(Comparator.comparing((Complaint one) -> one.file().toString())
                .thenComparingInt(Complaint::line)
                .thenComparing(Complaint::level));
        return List.copyOf(complaints);
    }

    /** What only the automaton knows. */
    private void impossible(Rule rule) {
        complaints.add(new Complaint(
                rule.file(),
                rule.line(),
                RuleFault.Level.ERROR,
                RuleFault.shown(rule.pattern()) + " matches no line",
                "what it asks for cannot come together, such as text after the end of the line",
                "\\$ and \\^ for the characters, or an anchor at the very end and start alone",
                null));
    }

    private void advice(RuleLine line, @Nullable Rule rule, SampledRules samples) {
        Rule.Kind kind = line.source().kind();
        for (Remark remark : PatternAdvice.about(line.text(), rule != null && kind.hides())) {
            complaints.add(new Complaint(
                    line.source().path(),
                    line.line(),
                    RuleFault.Level.WARNING,
                    remark.what(),
                    remark.why(),
                    remark.instead(),
                    example(remark, rule, samples)));
        }
        if (config.style() == RulesConfig.Style.LOGSENTRY && line.text().startsWith("#")) {
            complaints.add(hash(line));
        }
    }

    private Complaint hash(RuleLine line) {
        return new Complaint(
                line.source().path(),
                line.line(),
                RuleFault.Level.WARNING,
                config.comments() ? "# at the beginning without a blank after it" : "# at the beginning",
                config.comments() ? "it is a pattern" : "it is a pattern, as comments = false says",
                config.comments() ? "\"# \" for a comment, or [#] for the character" : "[#] for the character",
                null);
    }

    /** The shortest line is telling where alternatives match more than was meant. */
    private static @Nullable String example(Remark remark, @Nullable Rule rule, SampledRules samples) {
        return rule == null || !remark.what().startsWith("|") ? null : samples.shortestLine(rule);
    }
}
