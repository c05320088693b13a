package org.loghost.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loghost.rules.Complaint;
import org.loghost.rules.Lint;
import org.loghost.rules.Rule;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleImport;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loghost rules import}. */
@Command(
        name = "import",
        description = {
            "Copy a set of rules in, LogSentry's or logcheck's, and say what was found in it.",
            "Files are copied as they are; none is written over."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, or a file of that name was there before", "2:wrong usage or configuration"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  loghost rules import /etc/logcheck --to /etc/loghost/rules",
            "  loghost rules import /usr/local/etc --config /etc/loghost/loghost.toml%n"
        })
final class RulesImportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RulesOptions options = new RulesOptions();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where to; without it, the last rules folder of the configuration,"
                    + " or of the data folder below this one.")
    private @Nullable Path to;

    @Parameters(
            paramLabel = "DIR",
            description = "A folder with logcheck.ignore and so on, or with ignore.d.server and so on.")
    private Path from = Path.of("");

    RulesImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (!Files.isDirectory(from)) {
            throw new IOException(from + ": no such folder");
        }
        RulesConfig found = options.of(List.of(from));
        RulesConfig set = new RulesConfig(
                found.style(),
                found.paths(),
                RulesConfig.Level.WORKSTATION,
                found.comments(),
                found.memory(),
                found.utf8());
        Path target = target(set.style());
        RuleSet rules = RuleLoader.load(set);
        if (rules.files().isEmpty()) {
            throw new IOException(from + ": no rules (expected: logcheck.ignore, ignore.d.server or the like in it)");
        }
        RuleImport done = RuleImport.copy(set, target);
        summary(set, rules, done, target);
        return done.kept().isEmpty() ? 0 : 1;
    }

    /** The two styles mean different things by their files: one folder cannot hold both. */
    private Path target(RulesConfig.Style style) throws Exception {
        if (to != null) {
            return to;
        }
        if (options.options.isNowhere()) {
            throw new IOException("no server has its data in this folder (expected: --to DIR, or --config FILE)");
        }
        RulesConfig configured = options.options.read().rules();
        if (configured.style() != style) {
            throw new IOException(from + " is in the style of " + name(style) + ", the configuration has "
                    + name(configured.style())
                    + " (expected: --to DIR, and then in the configuration: [rules] style = \""
                    + name(style) + "\", path = \"DIR\")");
        }
        return configured.paths().get(configured.paths().size() - 1);
    }

    private void summary(RulesConfig set, RuleSet rules, RuleImport done, Path target) {
        PrintStream out = terminal.out();
        int same = done.unchanged().size();
        out.println("style " + name(set.style()) + ", " + done.copied().size() + " files copied to " + target
                + (same == 0 ? "" : ", " + same + " were there already"));
        for (Rule.Kind kind : Rule.Kind.values()) {
            long count =
                    rules.rules().stream().filter(rule -> rule.kind() == kind).count();
            out.printf(Locale.ROOT, "%,8d rules %s%n", count, did(kind));
        }
        List<Complaint> complaints = Lint.folders(set, new RuleProgress(terminal.err()));
        List<Complaint> errors = complaints.stream()
                .filter(one -> one.level() == RuleFault.Level.ERROR)
                .toList();
        out.printf(Locale.ROOT, "%,8d errors, %,d warnings%n", errors.size(), complaints.size() - errors.size());
        errors.forEach(out::println);
        if (complaints.size() > errors.size()) {
            out.println("for the warnings: loghost rules lint " + target);
        }
        done.leftOut().forEach(one -> out.println("left out: " + one));
        done.kept()
                .forEach(
                        file -> terminal.err().println("loghost: " + file + " was there before and was left as it is"));
    }

    private static String did(Rule.Kind kind) {
        return switch (kind) {
            case ATTACK -> "of attacks";
            case VIOLATION -> "of violations";
            case VIOLATION_IGNORE -> "of what is no violation";
            case IGNORE -> "of what is not unusual";
        };
    }

    private static String name(RulesConfig.Style style) {
        return style.name().toLowerCase(Locale.ROOT);
    }
}
