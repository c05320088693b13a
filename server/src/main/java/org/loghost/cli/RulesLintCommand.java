package org.loghost.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loghost.config.ConfigException;
import org.loghost.parse.JsonText;
import org.loghost.rules.Complaint;
import org.loghost.rules.Lint;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RulesConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loghost rules lint}. */
@Command(
        name = "lint",
        description = {
            "Say what is wrong with rules, and what is valid and rarely meant.",
            "Each as file:line: level: what, why; what to write instead."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing to say",
            "1:errors or warnings, or a file cannot be read",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  loghost rules lint",
            "  loghost rules lint /etc/logcheck",
            "  loghost rules lint --errors /etc/loghost/rules/logcheck.ignore%n"
        })
final class RulesLintCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RulesOptions options = new RulesOptions();

    @Option(names = "--errors", description = "Errors alone, no warnings.")
    private boolean errorsAlone;

    @Option(names = "--json", description = "As one JSON array, for programs.")
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description = "A rules folder or one rule file; without it, the rules of the configuration. In one of its"
                    + " rules folders it is read as the configuration says.")
    private @Nullable Path path;

    RulesLintCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        List<Complaint> complaints = complaints().stream()
                .filter(one -> !errorsAlone || one.level() == RuleFault.Level.ERROR)
                .toList();
        if (json) {
            terminal.out().println(json(complaints));
        } else {
            complaints.forEach(terminal.out()::println);
        }
        return complaints.isEmpty() ? 0 : 1;
    }

    private List<Complaint> complaints() throws IOException, ConfigException {
        RuleProgress progress = new RuleProgress(terminal.err());
        if (path == null) {
            return Lint.folders(everyLevel(options.read()), progress);
        }
        if (!Files.exists(path)) {
            throw new IOException(path + ": no such file or folder");
        }
        if (Files.isDirectory(path)) {
            return Lint.folders(everyLevel(options.around(path, List.of(path))), progress);
        }
        Path folder = path.toAbsolutePath().getParent();
        Path above = folder == null ? null : folder.getParent();
        return Lint.file(path, options.around(path, above == null ? List.of() : List.of(above)), progress);
    }

    /** Rules of a level that is not in use today may be tomorrow. */
    private static RulesConfig everyLevel(RulesConfig rules) {
        return new RulesConfig(
                rules.style(),
                rules.paths(),
                RulesConfig.Level.WORKSTATION,
                rules.comments(),
                rules.memory(),
                rules.utf8());
    }

    private static String json(List<Complaint> complaints) {
        List<String> objects = new ArrayList<>();
        for (Complaint one : complaints) {
            objects.add("  "
                    + new JsonText()
                            .field("file", one.file().toString())
                            .field("line", one.line())
                            .field("level", one.level().name().toLowerCase(Locale.ROOT))
                            .field("what", one.what())
                            .field("why", one.why())
                            .field("instead", one.instead())
                            .field("witness", one.witness())
                            .end());
        }
        return objects.isEmpty() ? "[]" : "[\n" + String.join(",\n", objects) + "\n]";
    }
}
