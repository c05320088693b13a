package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.loghost.classify.Tier;
import org.loghost.report.ShownText;

/** A machine with Debian's logcheck, and {@code loghost check} beside it, both for one log and one folder of rules. */
final class LogcheckMachine implements AutoCloseable {
    private final Path folder;
    private final ClientMachine machine;
    private int runs;

    private LogcheckMachine(Path folder, ClientMachine machine) {
        this.folder = folder;
        this.machine = machine;
    }

    /** Starts the machine; what both programs read and print is kept below the folder. */
    static LogcheckMachine start(Path folder) {
        return new LogcheckMachine(folder, ClientMachine.with("logcheck logcheck-database"));
    }

    /** Debian's own rules, copied out of the machine. */
    Path debianRules() throws Exception {
        machine.sh("tar -C /etc -cf /tmp/rules.tar logcheck");
        Path tar = folder.resolve("rules.tar");
        machine.copyOut("/tmp/rules.tar", tar);
        run(new ProcessBuilder("tar", "-C", folder.toString(), "-xf", tar.toString()), folder.resolve("tar.out"));
        return folder.resolve("logcheck");
    }

    /** What logcheck prints in a locale, by section; a line of the log is a byte per char. */
    ReportSections logcheck(String log, Path rules, String level, String locale) throws Exception {
        Path file = write(log);
        String name = "/tmp/" + file.getFileName();
        String rulesThere = "/tmp/rules-" + rules.getFileName();
        machine.copy(file, name);
        machine.copy(rules, rulesThere);
        machine.sh("install -d -o logcheck -m 0700 /tmp/logcheck-state; cd /tmp; LC_ALL=" + locale
                + " su -s /bin/bash -c 'logcheck -o -t -" + level.charAt(0) + " -S /tmp/logcheck-state -r " + rulesThere
                + " -l " + name + "' logcheck > /tmp/report 2> /tmp/errors");
        Path report = folder.resolve(file.getFileName() + ".logcheck");
        machine.copyOut("/tmp/report", report);
        return ReportSections.ofLogcheck(Files.readString(report, StandardCharsets.ISO_8859_1));
    }

    /** What {@code loghost check} prints, by section. */
    ReportSections loghost(String log, Path rules, String level) throws Exception {
        return ReportSections.ofLoghost(loghostReport(log, rules, level), shownLines(log));
    }

    /** What {@code loghost check} prints. */
    String loghostReport(String log, Path rules, String level) throws Exception {
        Path file = write(log);
        Path report = folder.resolve(file.getFileName() + ".loghost");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.loghost.cli.Start",
                "check",
                "--style",
                "logcheck",
                "--level",
                level));
        command.addAll(List.of("--rules", rules.toString(), "--state", file + ".state", file.toString()));
        int code = run(new ProcessBuilder(command), report);
        String text = Files.readString(report);
        assertThat(code).as(text).isEqualTo(exitCode(text));
        return text;
    }

    private static int exitCode(String report) {
        for (Tier tier : Tier.values()) {
            if (report.startsWith(tier.heading() + "\n")) {
                return switch (tier) {
                    case ATTACK -> 12;
                    case VIOLATION -> 11;
                    case UNUSUAL -> 10;
                };
            }
        }
        return 0;
    }

    private static Map<String, String> shownLines(String log) {
        Map<String, String> shown = new HashMap<>();
        for (String line : log.split("\n", -1)) {
            String stripped = SyslogLines.withoutBlanksAtEnd(line);
            if (!stripped.isEmpty()) {
                shown.put(ShownText.of(line), ShownText.of(stripped));
            }
        }
        return shown;
    }

    private Path write(String log) throws IOException {
        return Files.writeString(folder.resolve("log-" + runs++), log, StandardCharsets.ISO_8859_1);
    }

    private static int run(ProcessBuilder command, Path out) throws Exception {
        Process process =
                command.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", command.command())
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
