package org.loghost.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.GroupAccess;
import org.loghost.config.LoghostConfig;
import org.loghost.listen.ListenerConfig;
import org.loghost.mail.MailConfig;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RulesConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loghost check-config}. */
@Command(
        name = "check-config",
        description = "Read a configuration, print all its faults at once, or what it means.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it can be used", "2:it has faults, or wrong usage"},
        footerHeading = "%nExample:%n",
        footer = "  loghost check-config /etc/loghost/loghost.toml%n")
final class CheckConfigCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file; the same as --config FILE.")
    private @Nullable Path file;

    CheckConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (file != null) {
            options.config = file;
        }
        LoghostConfig config = options.readNamed();
        config.warnings().forEach(warning -> terminal.err().println("warning: " + warning));
        String group = config.archive().group();
        String obstacle =
                group == null ? null : GroupAccess.obstacle(config.archive().path(), group);
        if (obstacle != null) {
            terminal.err().println("warning: " + obstacle);
        }
        warnOfFoldersWithoutRules(config);
        PrintStream out = terminal.out();
        out.println((config.file() == null ? "built-in defaults" : config.file()) + ": good");
        out.println("  data     " + config.data());
        for (ListenerConfig listener : config.listeners()) {
            out.println("  listen   " + text(listener));
        }
        out.println("  archive  " + config.archive().path());
        for (Path path : config.rules().paths()) {
            out.println("  rules    " + path + (Files.isDirectory(path) ? "" : " (not there)"));
        }
        out.println("  report   every " + config.report().every().toMinutes() + " min to "
                + String.join(", ", config.report().to()) + ", zone " + config.zone());
        out.println("  mail     " + text(config.mail()));
        return 0;
    }

    /** The built-in folder for local rules need not be there. */
    private void warnOfFoldersWithoutRules(LoghostConfig config) {
        for (Path folder : RuleLoader.foldersWithoutRules(config.rules())) {
            boolean isThere = !Files.notExists(folder);
            if (isThere || !folder.equals(config.data().resolve("rules"))) {
                terminal.err()
                        .println("warning: " + folder + (isThere ? " holds no rules" : " is not there") + " (expected: "
                                + expectedIn(config.rules().style()) + " in it)");
            }
        }
    }

    private static String expectedIn(RulesConfig.Style style) {
        return style == RulesConfig.Style.LOGCHECK
                ? "violations.d, ignore.d.server and the like"
                : "logcheck.violations, logcheck.ignore, their .d folders and the like";
    }

    private static String text(ListenerConfig listener) {
        if (listener instanceof ListenerConfig.Udp udp) {
            return "udp " + udp.bind();
        }
        if (listener instanceof ListenerConfig.Tcp tcp) {
            return "tcp " + tcp.bind();
        }
        return "unix " + ((ListenerConfig.Unix) listener).path();
    }

    private static String text(MailConfig mail) {
        MailConfig.Smtp smtp = mail.smtp();
        String server = smtp == null ? "" : (smtp.smtps() ? "smtps://" : "smtp://") + smtp.host() + ":" + smtp.port();
        if (mail.maildir() == null) {
            return server;
        }
        return mail.maildir() + (smtp == null ? "" : " and " + server);
    }
}
