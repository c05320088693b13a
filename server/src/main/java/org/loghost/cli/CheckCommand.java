package org.loghost.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loghost.check.Check;
import org.loghost.classify.Tier;
import org.loghost.report.ShownText;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RuleSet;
import org.loghost.rules.RulesConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loghost check}: logcheck.sh's successor. */
@Command(
        name = "check",
        description = {
            "Classify what was appended to log files since the last run, and print or mail the report.",
            "For one machine, from cron or a timer; needs no running server."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing to report",
            "1:failed; the next run reads the same lines again",
            "2:wrong usage or configuration",
            "10:Unusual System Activity",
            "11:Security Violations",
            "12:ACTIVE SYSTEM ATTACK"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  loghost check --rules /etc/logcheck /var/log/syslog /var/log/auth.log",
            "  loghost check --test --rules /etc/loghost/rules /var/log/messages",
            "  loghost check --journal --mail-to root%n"
        })
final class CheckCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MOST_FAULTS = 20;

    private final Terminal terminal;

    @Mixin
    private final RulesOptions options = new RulesOptions();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "/var/lib/loghost/check",
            description = "Where it keeps how far each log was read (default: ${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/loghost/check");

    @Option(names = "--test", description = "Do not keep how far the logs were read.")
    private boolean test;

    @Option(
            names = "--mail-to",
            paramLabel = "ADDRESS",
            description = "Mail the report by the local sendmail, if there is something to report.")
    private @Nullable String mailTo;

    @Option(names = "--sendmail", hidden = true, defaultValue = "/usr/sbin/sendmail", description = "For tests.")
    private String sendmail = "/usr/sbin/sendmail";

    @Option(names = "--journal", description = "Read the systemd journal; the first time, its last day.")
    private boolean journal;

    @Option(names = "--journalctl", hidden = true, defaultValue = "journalctl", description = "For tests.")
    private String journalctl = "journalctl";

    @Parameters(paramLabel = "FILE", description = "Log files, by their current names.")
    private List<Path> files = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (files.isEmpty() && !journal) {
            throw new ParameterException(spec.commandLine(), "nothing to read (expected: FILE or --journal)");
        }
        if (mailTo != null && (mailTo.isEmpty() || mailTo.startsWith("-") || !mailTo.matches("[!-~]+"))) {
            throw new ParameterException(spec.commandLine(), "--mail-to: no mail address");
        }
        RulesConfig config = options.read();
        RuleSet rules = RuleLoader.load(config);
        if (rules.rules().isEmpty()) {
            throw new IOException("no rules in " + config.paths() + ": nothing was read (expected: logcheck.hacking,"
                    + " logcheck.violations and the like, or logcheck's cracking.d and the like)");
        }
        try (Check check = Check.open(rules, state)) {
            addFaults(rules, check);
            boolean complete = read(check);
            rules.undecided().stream().limit(MOST_FAULTS).forEach(check::notice);
            report(check);
            if (!test) {
                check.commit();
            }
            int code = exitCode(check);
            return complete || code != 0 ? code : FAILED;
        }
    }

    private static void addFaults(RuleSet rules, Check check) {
        // A warning in every hourly run would be mail from cron in every hour.
        List<RuleFault> faults = rules.faults().stream()
                .filter(fault -> fault.level() == RuleFault.Level.ERROR)
                .toList();
        faults.stream().limit(MOST_FAULTS).forEach(fault -> check.notice(fault.toString()));
        if (faults.size() > MOST_FAULTS) {
            check.notice((faults.size() - MOST_FAULTS) + " more faults in the rules; loghost rules lint names them");
        }
    }

    /** A log that cannot be read must not keep the others from being read. */
    private boolean read(Check check) throws IOException {
        boolean complete = true;
        for (Path file : files) {
            try {
                check.read(file, System.currentTimeMillis());
            } catch (IOException e) {
                complete = false;
                check.notice(e.getMessage() == null ? file + ": " + e : e.getMessage());
            }
        }
        if (journal) {
            try {
                check.readJournal(journalctl);
            } catch (IOException e) {
                complete = false;
                check.notice("journal: " + e.getMessage());
            }
        }
        return complete;
    }

    private static int exitCode(Check check) {
        for (Tier tier : Tier.values()) {
            if (check.count(tier) > 0) {
                return switch (tier) {
                    case ATTACK -> 12;
                    case VIOLATION -> 11;
                    case UNUSUAL -> 10;
                };
            }
        }
        return 0;
    }

    private void report(Check check) throws IOException {
        if (check.isEmpty() && check.notices().isEmpty()) {
            return;
        }
        if (mailTo != null) {
            mail(check, mailTo);
        } else if (check.isEmpty()) {
            check.notices().forEach(notice -> terminal.err().println("loghost: " + ShownText.ofText(notice)));
        } else {
            OutputStream out = new BufferedOutputStream(terminal.out(), 1 << 16);
            check.writeTo(out);
            out.flush();
            if (terminal.out().checkError()) {
                throw new IOException("standard output is closed; the next run reads the same lines again");
            }
        }
    }

    private void mail(Check check, String to) throws IOException {
        Process process = start(sendmail, to);
        IOException broken = null;
        try (OutputStream out = process.getOutputStream()) {
            write(check, to, out);
        } catch (IOException e) {
            broken = e;
        }
        try {
            int code = process.waitFor();
            if (code != 0 || broken != null) {
                throw new IOException(
                        sendmail + " ended with exit code " + code
                                + " (expected: 0, after the whole mail); the next run reads the same lines again",
                        broken);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + sendmail + " ran", e);
        }
    }

    private static Process start(String sendmail, String to) throws IOException {
        try {
            return new ProcessBuilder(sendmail, "-i", "--", to)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    sendmail
                            + " cannot be run (expected: a mail system, such as Debian's postfix); the next run reads the"
                            + " same lines again",
                    e);
        }
    }

    private static void write(Check check, String to, OutputStream out) throws IOException {
        out.write(("To: " + to + "\nSubject: =?UTF-8?B?" + base64(subject(check)) + "?=\n"
                        + "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
                        + "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64\n\n")
                .getBytes(StandardCharsets.US_ASCII));
        try (OutputStream body = new BufferedOutputStream(
                Base64.getMimeEncoder(76, new byte[] {'\n'}).wrap(new BufferedOutputStream(out, 1 << 16)), 1 << 16)) {
            check.writeTo(body);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Short enough for one encoded word (RFC 2047 section 2). */
    private static String subject(Check check) {
        StringJoiner counts = new StringJoiner(", ");
        for (Tier tier : Tier.values()) {
            if (check.count(tier) > 0) {
                String name = tier == Tier.ATTACK ? "ATTACK" : tier == Tier.VIOLATION ? "violations" : "unusual";
                counts.add(name + " " + check.count(tier));
            }
        }
        if (check.isEmpty()) {
            counts.add("notices " + check.notices().size());
        }
        String time =
                DateTimeFormatter.ofPattern("dd HH:mm", Locale.ROOT).format(ZonedDateTime.now(ZoneId.systemDefault()));
        return "check: " + counts + " (" + time + ")";
    }
}
