package org.loghost.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loghost.check.LineBlocks;
import org.loghost.report.ShownText;
import org.loghost.rules.Explanation;
import org.loghost.rules.Rule;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loghost rules test}. */
@Command(
        name = "test",
        description = {
            "Say of each line which tiers it falls into, and which rules put it there or hide it.",
            "Needs no running server."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a file cannot be read", "2:wrong usage or configuration"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  tail -n 20 /var/log/syslog | loghost rules test",
            "  loghost rules test --tier unusual --rules /etc/loghost/rules /var/log/syslog%n"
        })
final class RulesTestCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RulesOptions options = new RulesOptions();

    @Option(
            names = "--tier",
            paramLabel = "TIER",
            description = "Show the lines of this tier alone: attack, violation, unusual or hidden.")
    private @Nullable Shown tier;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The lines; - or none: standard input.")
    private String file = "-";

    /** What {@code --tier} takes. */
    enum Shown {
        ATTACK(RuleSet.ATTACK),
        VIOLATION(RuleSet.VIOLATION),
        UNUSUAL(RuleSet.UNUSUAL),
        HIDDEN(0);

        private final int bit;

        Shown(int bit) {
            this.bit = bit;
        }

        boolean holds(int tiers) {
            return bit == 0 ? tiers == 0 : (tiers & bit) != 0;
        }
    }

    RulesTestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        RuleSet rules = RuleLoader.load(options.read());
        for (RuleFault fault : rules.faults()) {
            terminal.err().println(fault);
        }
        try (InputStream in = Inputs.open(file, terminal)) {
            LineBlocks blocks = new LineBlocks(in);
            while (blocks.next()) {
                explain(rules, blocks);
            }
        }
        return 0;
    }

    private void explain(RuleSet rules, LineBlocks blocks) throws IOException {
        for (int i = 0; i < blocks.count(); i++) {
            int offset = blocks.offsets()[i];
            int length = blocks.lengths()[i];
            Explanation explanation = rules.explain(blocks.bytes(), offset, length);
            if (tier == null || tier.holds(explanation.tiers())) {
                String line = new String(blocks.bytes(), offset, length, StandardCharsets.ISO_8859_1);
                print(explanation, line);
            }
        }
        if (terminal.out().checkError()) {
            throw new IOException("standard output is closed");
        }
    }

    private void print(Explanation explanation, String line) {
        terminal.out().println(tiers(explanation.tiers()) + ": " + ShownText.of(line));
        for (Rule rule : explanation.rules()) {
            terminal.out().println("    " + did(rule.kind()) + " " + rule.file() + ":" + rule.line());
            terminal.out().println("        " + ShownText.of(rule.pattern()));
            String meaning = rule.meaning();
            if (meaning != null) {
                meaning.lines().forEach(text -> terminal.out().println("        #: " + ShownText.ofText(text)));
            }
        }
        for (Rule rule : explanation.undecided()) {
            terminal.out()
                    .println("    undecided by " + rule.file() + ":" + rule.line() + ", which gave up after too many"
                            + " steps: taken " + (rule.kind().hides() ? "not to match" : "to match"));
        }
        if ((explanation.tiers() & RuleSet.UNUSUAL) != 0) {
            terminal.out().println("    unusual, as no ignore rule matches");
        }
    }

    private static String did(Rule.Kind kind) {
        return switch (kind) {
            case ATTACK -> "an attack by";
            case VIOLATION -> "a violation by";
            case VIOLATION_IGNORE -> "no violation by";
            case IGNORE -> "not unusual by";
        };
    }

    static String tiers(int tiers) {
        List<String> names = new ArrayList<>();
        for (Shown tier : Shown.values()) {
            if (tier.bit != 0 && tier.holds(tiers)) {
                names.add(tier.name().toLowerCase(Locale.ROOT));
            }
        }
        return names.isEmpty() ? "hidden" : String.join(", ", names);
    }
}
