package org.loghost.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.loghost.archive.ArchiveReader;
import org.loghost.check.LineBlocks;
import org.loghost.config.LoghostConfig;
import org.loghost.pattern.PatternException;
import org.loghost.report.ShownText;
import org.loghost.rules.Complaint;
import org.loghost.rules.Lint;
import org.loghost.rules.LocalRules;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;
import org.loghost.rules.Suggestion;
import org.loghost.rules.Verdicts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loghost rules suggest}. */
@Command(
        name = "suggest",
        description = {
            "Make a rule that hides lines like these: one or several of a kind, as they stand in a report.",
            "Shows what it would have hidden in the archive's last days. Needs no running server."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:nothing was written: no lines, errors, or a file cannot be read",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  grep 'ipop3d.*Login user=cindy' /var/log/syslog | loghost rules suggest",
            "  loghost rules suggest --host this --write --reason 'nightly copy' lines.txt%n"
        })
final class RulesSuggestCommand implements Callable<Integer> {
    private static final int MOST_LINES = 10_000;
    private static final int DAYS = 7;
    /** Templates shown with an example. */
    private static final int MOST_SHOWN = 5;

    private final Terminal terminal;

    @Mixin
    private final RulesOptions options = new RulesOptions();

    @Option(
            names = "--host",
            paramLabel = "WHICH",
            defaultValue = "any",
            description = "For any host, or for this one (that of the lines) alone (default: ${DEFAULT-VALUE}).")
    private Which host = Which.ANY;

    @Option(
            names = "--write",
            description = "Append the rules to the local ignore file; loghost rules undo takes them out again.")
    private boolean write;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why these lines are harmless; kept with the rules.")
    private String reason = "";

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The lines; - or none: standard input.")
    private String file = "-";

    /** What {@code --host} takes. */
    enum Which {
        ANY,
        THIS
    }

    RulesSuggestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        RulesConfig rules = options.read();
        List<Suggestion> suggestions = Suggestion.of(lines(), host == Which.ANY, rules);
        if (suggestions.isEmpty()) {
            throw new IOException(file + ": no lines (expected: one or more log lines, as a report shows them)");
        }
        LocalRules local = LocalRules.of(rules);
        RuleSet inUse = RuleLoader.load(rules);
        List<Suggestion> offered = new ArrayList<>();
        List<Suggestion> fresh = new ArrayList<>();
        boolean sound = true;
        for (Suggestion suggestion : suggestions) {
            if (!suggestion.works(rules)) {
                refuse(suggestion, local.file(), rules);
                sound = false;
                continue;
            }
            offered.add(suggestion);
            terminal.out().println(ShownText.of(suggestion.pattern()));
            sound &= lint(suggestion.pattern(), local.file(), rules);
            if (needed(suggestion, inUse)) {
                fresh.add(suggestion);
            }
        }
        if (offered.isEmpty()) {
            return 1;
        }
        showArchive(offered, rules);
        if (write && sound && !fresh.isEmpty()) {
            write(fresh, local);
        }
        return write && !sound ? 1 : 0;
    }

    /** A rule that would be there and hide nothing is worse than none. */
    private void refuse(Suggestion suggestion, Path target, RulesConfig rules) {
        lint(suggestion.pattern(), target, rules);
        terminal.err()
                .println("loghost: no rule can be made that hides "
                        + ShownText.of(suggestion.samples().get(0))
                        + " and its like (expected: fewer or shorter lines"
                        + (rules.utf8() ? ", all of them UTF-8, as utf8 = true says)" : ")"));
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (InputStream in = Inputs.open(file, terminal)) {
            LineBlocks blocks = new LineBlocks(in);
            while (blocks.next()) {
                for (int i = 0; i < blocks.count(); i++) {
                    if (blocks.lengths()[i] > Suggestion.MAX_SAMPLE) {
                        throw new IOException(file + ":" + (lines.size() + 1) + ": a line of " + blocks.lengths()[i]
                                + " bytes (expected: at most " + Suggestion.MAX_SAMPLE
                                + "; write a rule for its beginning by hand)");
                    }
                    lines.add(new String(
                            blocks.bytes(), blocks.offsets()[i], blocks.lengths()[i], StandardCharsets.ISO_8859_1));
                }
                if (lines.size() > MOST_LINES) {
                    throw new IOException(file + ": more than " + MOST_LINES + " lines (expected: lines of one kind)");
                }
            }
        }
        return lines;
    }

    private boolean lint(String pattern, Path target, RulesConfig rules) {
        boolean sound = true;
        for (Complaint complaint : Lint.pattern(pattern, target, rules)) {
            terminal.err().println(complaint);
            sound &= complaint.level() != RuleFault.Level.ERROR;
        }
        return sound;
    }

    /** Says what the rules in use make of the lines; false when nothing of them is reported as it is. */
    private boolean needed(Suggestion suggestion, RuleSet inUse) {
        int alarms = 0;
        int hidden = 0;
        Verdicts verdicts = new Verdicts();
        for (String sample : suggestion.samples()) {
            byte[] line = sample.getBytes(StandardCharsets.ISO_8859_1);
            inUse.classify(line, new int[] {0}, new int[] {line.length}, 1, verdicts);
            hidden += verdicts.tiers(0) == 0 ? 1 : 0;
            alarms += (verdicts.tiers(0) & (RuleSet.ATTACK | RuleSet.VIOLATION)) != 0 ? 1 : 0;
        }
        if (alarms > 0) {
            terminal.err()
                    .println("warning: " + alarms + " of the lines are attacks or violations, which no rule of this"
                            + " kind hides (loghost rules test shows by which rule; an ignore"
                            + " file for violations may)");
        }
        if (hidden == suggestion.samples().size()) {
            terminal.err().println("these lines are hidden already: nothing is written (loghost rules test shows why)");
        }
        return hidden < suggestion.samples().size();
    }

    private void showArchive(List<Suggestion> suggestions, RulesConfig rules) throws Exception {
        LoghostConfig config = options.options.read();
        if (!Files.isDirectory(config.archive().path())) {
            return;
        }
        LocalDate today = LocalDate.now(config.zone());
        ArchiveReader archive = Archives.reader(config.archive().path(), terminal.err());
        HiddenLines hidden = hidden(suggestions, rules);
        Progress progress = new Progress(terminal.err());
        archive.read(List.of(), today.minusDays(DAYS), today, (host, bytes, offset, length) -> {
            hidden.add(host, bytes, offset, length);
            progress.line();
        });
        show(hidden);
    }

    private void show(HiddenLines hidden) {
        PrintStream out = terminal.out();
        List<HiddenLines.Kind> kinds = hidden.kinds();
        out.printf(
                Locale.ROOT,
                "%nIn the archive's last %d days: %s, %s%s, %s; attacks and violations among them: %,d%n",
                DAYS,
                counted(hidden.lines(), "line"),
                hidden.isComplete() ? "" : "at least ",
                counted(kinds.size(), "template"),
                counted(hidden.hosts().size(), "host"),
                hidden.alarms());
        kinds.stream()
                .limit(MOST_SHOWN)
                .forEach(kind -> out.printf(Locale.ROOT, "%,10d  %s%n", kind.lines(), ShownText.of(kind.example())));
        if (kinds.size() > MOST_SHOWN) {
            out.printf(Locale.ROOT, "            and %s%n", counted(kinds.size() - MOST_SHOWN, "further template"));
        }
        String alarm = hidden.alarm();
        if (alarm != null) {
            out.println("Attacks and violations are reported all the same, as they have rules of their own:");
            out.println("            " + ShownText.of(alarm));
        }
    }

    private static String counted(long count, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", count, thing, count == 1 ? "" : "s");
    }

    /** Says every two seconds how much of the archive was read; a short one is read in silence. */
    private static final class Progress {
        private static final long EVERY = TimeUnit.SECONDS.toNanos(2);
        private static final int LINES_PER_LOOK = 1024;

        private final PrintStream err;
        private long next = System.nanoTime() + EVERY;
        private long lines;

        Progress(PrintStream err) {
            this.err = err;
        }

        void line() {
            if (++lines % LINES_PER_LOOK == 0 && System.nanoTime() - next >= 0) {
                next = System.nanoTime() + EVERY;
                err.printf(Locale.ROOT, "reading the archive: %,d lines%n", lines);
            }
        }
    }

    private static HiddenLines hidden(List<Suggestion> suggestions, RulesConfig rules) throws IOException {
        try {
            return new HiddenLines(suggestions, RuleLoader.load(rules), rules.utf8());
        } catch (PatternException e) {
            throw new IOException("the suggestions are too large together: " + e.getMessage(), e);
        }
    }

    private void write(List<Suggestion> suggestions, LocalRules local) throws IOException {
        String sudo = System.getenv("SUDO_USER");
        String author = sudo == null || sudo.isEmpty() ? System.getProperty("user.name", "?") : sudo;
        LocalDate today = LocalDate.now(ZoneId.systemDefault());
        local.append(suggestions.stream().map(Suggestion::pattern).toList(), today, author, reason);
        terminal.out()
                .println("\nWritten to " + local.file() + "; a running server takes it up within seconds"
                        + "\nTo take it out again: loghost rules undo" + options.shown());
    }
}
