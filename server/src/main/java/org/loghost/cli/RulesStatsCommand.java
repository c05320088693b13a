package org.loghost.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.loghost.config.LoghostConfig;
import org.loghost.report.ShownText;
import org.loghost.rules.Complaint;
import org.loghost.rules.Lint;
import org.loghost.rules.Rule;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loghost rules stats}: reads the server's file of hits; needs no running server. */
@Command(
        name = "stats",
        description = {
            "Print how often each rule decided about a line, and which rules nothing has needed for 30 days.",
            "The server writes its counts from time to time; the newest hits may be missing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the counts cannot be read", "2:wrong usage or configuration"},
        footerHeading = "%nExample:%n",
        footer = "  loghost rules stats --config /etc/loghost/loghost.toml%n")
final class RulesStatsCommand implements Callable<Integer> {
    private static final Duration LONG = Duration.ofDays(30);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    RulesStatsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        LoghostConfig config = options.read();
        RuleSet rules = RuleLoader.load(config.rules());
        long now = System.currentTimeMillis();
        RuleHits.Counters counters =
                RuleHits.load(config.data().resolve("rule-hits")).of(rules, now);
        hits(rules, counters, config.zone());
        idle(rules, counters, now);
        needless(Lint.redundant(rules, new RuleProgress(terminal.err())));
        return 0;
    }

    private void needless(List<Complaint> complaints) {
        terminal.out()
                .printf(Locale.ROOT, "%n%,d rules that change nothing, as another one does it:%n", complaints.size());
        complaints.forEach(terminal.out()::println);
    }

    private void hits(RuleSet rules, RuleHits.Counters counters, ZoneId zone) {
        List<Rule> hit = rules.rules().stream()
                .filter(rule -> counters.times(rule.id()) > 0)
                .sorted(Comparator.comparingLong((Rule rule) -> -counters.times(rule.id())))
                .toList();
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%,d of %,d rules have decided about a line%n",
                        hit.size(),
                        rules.rules().size());
        for (Rule rule : hit) {
            Instant last = Instant.ofEpochMilli(counters.lastMillis(rule.id()));
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "%,15d  last %s  %s  %s%n",
                            counters.times(rule.id()),
                            TIME.format(last.atZone(zone)),
                            rule.file() + ":" + rule.line(),
                            ShownText.of(rule.pattern()));
        }
    }

    private void idle(RuleSet rules, RuleHits.Counters counters, long now) {
        long then = now - LONG.toMillis();
        List<Rule> idle = rules.rules().stream()
                .filter(rule -> counters.lastMillis(rule.id()) < then && counters.sinceMillis(rule.id()) < then)
                .toList();
        terminal.out().printf(Locale.ROOT, "%n%,d rules without a hit for %d days:%n", idle.size(), LONG.toDays());
        for (Rule rule : idle) {
            terminal.out().println(rule.file() + ":" + rule.line() + "  " + ShownText.of(rule.pattern()));
        }
    }
}
