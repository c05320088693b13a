package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code client-setup/setup.sh} claims that a daemon sends only when the loghost has shown the test message. */
class SetupScriptTest {
    private static final String RSYSLOG = "etc/rsyslog.d/90-loghost.conf";
    private static final String SYSLOG_NG = "etc/syslog-ng/conf.d/90-loghost.conf";
    private static final String CLASSIC = "etc/syslog.conf";
    private static final String DEFAULTS = "etc/default/inetutils-syslogd";
    private static final String NG_SOURCE = "source s_src { system(); internal(); };\n";
    private static final String NG_INCLUDE = "@include \"/etc/syslog-ng/conf.d/*.conf\"\n";

    @TempDir
    Path folder;

    private SetupMachine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new SetupMachine(folder);
    }

    @AfterEach
    void close() throws IOException {
        machine.close();
    }

    @Test
    void withoutALookAtTheLoghostNothingIsVerified() throws Exception {
        rsyslog();
        assertUnverified(
                "--server loghost", "nobody looked whether the test message arrived; on the loghost: loghost tail");
        assertThat(machine.read(RSYSLOG)).contains("target=\"loghost\"");
        assertThat(machine.read("systemctl")).isEqualTo("restart rsyslog\n");
        assertUnverified("--server loghost --no-test", "no test message was sent");
    }

    @Test
    void whatTheLoghostShowsIsSent() throws Exception {
        rsyslog();
        SetupMachine.Result result =
                machine.setup("--server loghost --seen-with 'cat " + machine.path("received") + "'");
        assertThat(result.said())
                .contains("checked: loghost is 192.0.2.1\n")
                .contains("rsyslog sends *.* to loghost:514 by udp")
                .doesNotContain("not verified");
        assertThat(result.code()).isZero();
    }

    @Test
    void aLookThatFailsIsToldWithItsWords() throws Exception {
        rsyslog();
        assertUnverified(
                "--server loghost --seen-with 'echo no such host; exit 4'",
                "the command of --seen-with failed: exit code 4: no such host");
    }

    @Test
    void aDaemonThatDoesNotRunIsNotVerifiedAndNotStarted() throws Exception {
        rsyslog().without("proc/10");
        assertUnverified("--server loghost", "rsyslog is not running; start it");
        assertThat(machine.has("systemctl")).isFalse();
        assertThat(machine.has("received")).as("no test message").isFalse();
    }

    @Test
    void anotherDaemonThanTheOneSetUpIsNamed() throws Exception {
        rsyslog();
        syslogNg(NG_SOURCE + NG_INCLUDE);
        assertFails("--server loghost", "several syslog daemons run here: rsyslog syslog-ng;");
        machine.without("proc/20");
        assertUnverified(
                "--server loghost --daemon syslog-ng", "rsyslog runs here and may get the messages in place of");
        machine.without("tools/syslog-ng");
        assertFails("--server loghost --daemon syslog-ng", "syslog-ng is not installed");
    }

    @Test
    void withoutProcNothingIsSignalledOrVerified() throws Exception {
        rsyslog().without("proc").without("run/systemd");
        assertUnverified("--server loghost", "there is no /proc", "rsyslog was not restarted");
    }

    @ParameterizedTest
    @CsvSource({"pid:[2], false", "pid:[1], true"})
    void theDaemonOfAContainerIsNeverTouched(String namespace, boolean otherRoot) throws Exception {
        Path itsRoot = otherRoot ? Files.createDirectories(folder.resolve("container")) : machine.path("");
        Process contained = new ProcessBuilder("sleep", "100").start();
        try {
            machine.without("run/systemd")
                    .process(Long.toString(contained.pid()), namespace, itsRoot, "rsyslogd", "rsyslogd", "-n");
            assertFails("--server loghost", contained.pid() + ", which is of a container and left alone");
            rsyslog().without("proc/10");
            assertUnverified("--server loghost", "rsyslog is not running");
            assertThat(machine.setup("--undo").code()).isZero();
            assertThat(contained.isAlive()).isTrue();
        } finally {
            contained.destroy();
        }
    }

    @Test
    void aMachineWithJournaldAloneIsToldWhatToInstall() throws Exception {
        machine.process(7, "systemd-journal").file("etc/rsyslog.conf", "# left over from a package that was removed\n");
        assertFails("--server loghost", "only systemd-journald is here", "apt-get update && apt-get install rsyslog");
    }

    @Test
    void aNameThatDoesNotResolveFailsBeforeAnythingIsTouched() throws Exception {
        rsyslog();
        assertFails("--server lohgost", "lohgost does not resolve on this machine");
        machine.without("tools/getent");
        assertUnverified("--server loghost", "whether loghost resolves could not be tried");
    }

    @Test
    void aTcpPortIsTried() throws Exception {
        rsyslog();
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = server.getLocalPort();
            assertThat(machine.setup("--server 127.0.0.1 --tcp --port " + closed)
                            .said())
                    .contains("checked: 127.0.0.1 takes connections at port " + closed);
        }
        assertUnverified(
                "--server 127.0.0.1 --tcp --port " + closed, "no connection to 127.0.0.1 at TCP port " + closed);
        machine.without("tools/bash");
        assertUnverified(
                "--server 127.0.0.1 --tcp --port " + closed,
                "whether 127.0.0.1 takes connections at port " + closed
                        + " could not be tried (there is neither bash nor nc)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$IncludeConfig /etc/rsyslog.d/*.conf                                 | true",
                "  $includeconfig /etc/rsyslog.d/                                     | true",
                "include(file=\"/etc/rsyslog.d/*.conf\" mode=\"optional\")            | true",
                "include(\\n  mode=\"optional\"\\n  file=\"/etc/rsyslog.d/*.conf\")   | true",
                "/* old */ $IncludeConfig /etc/rsyslog.d/*.conf # all                 | true",
                "#$IncludeConfig /etc/rsyslog.d/*.conf                                | false",
                " # include(file=\"/etc/rsyslog.d/*.conf\")                           | false",
                "/* \\n$IncludeConfig /etc/rsyslog.d/*.conf\\n*/                      | false",
                "$IncludeConfig /etc/rsyslog.d/50-default.conf                        | false",
                "$IncludeConfig /etc/rsyslog.d/tls/*.conf                             | false"
            })
    void rsyslogMustIncludeTheFile(String main, boolean included) throws Exception {
        rsyslog().file("etc/rsyslog.conf", main.replace("\\n", "\n") + "\n");
        if (included) {
            assertUnverified("--server loghost", "nobody looked");
        } else {
            assertFails("--server loghost", "/etc/rsyslog.conf does not include /etc/rsyslog.d/90-loghost.conf");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@include \"/etc/syslog-ng/conf.d/*.conf\"                         | true",
                "@include \"conf.d\"                                               | true",
                "@include 'conf.d/*.conf' # all                                    | true",
                "#@include \"/etc/syslog-ng/conf.d/*.conf\"                        | false",
                "@include \"scl.conf\" # then \"/etc/syslog-ng/conf.d/*.conf\"     | false",
                "@include \"/etc/syslog-ng/conf.d/10-*.conf\"                      | false"
            })
    void syslogNgMustIncludeTheFile(String include, boolean included) throws Exception {
        syslogNg(NG_SOURCE + include + "\n");
        if (included) {
            assertUnverified("--server loghost", "nobody looked");
        } else {
            assertFails("--server loghost", "does not include /etc/syslog-ng/conf.d/90-loghost.conf");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source s_net { network(port(514)); }; source s_src { system(); internal(); };        | source(s_src);",
                "source s_net { tcp(); };\\nsource s_a {\\n  unix-dgram(\"/dev/log\");\\n};           | source(s_a);",
                "source s_i { internal(); }; source s_s { system ( ) ; };         | source(s_i); source(s_s);",
                "#source s_old { system(); };\\nsource \"s-new\" { unix_stream(\"/dev/log\"); };     | source(s-new);",
                "block source own() { system(); };\\nsource s_j { systemd-journal(); };               | source(s_j);",
                "source s_net { network(); # not system()\\n};                                        | -",
                "source s_i { internal(); };                                                          | -"
            })
    void syslogNgSendsWhatArrivesOnThisMachine(String sources, String expected) throws Exception {
        syslogNg(sources.replace("\\n", "\n") + "\n" + NG_INCLUDE);
        if (expected.equals("-")) {
            assertFails("--server loghost", "has no source of this machine's own messages");
        } else {
            assertUnverified("--server loghost", "nobody looked");
            assertThat(machine.read(SYSLOG_NG)).contains("log { " + expected + " destination(d_loghost); };\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"2001:db8::1, true", "v6, true", "both, false", "loghost, false"})
    void syslogNgIsToldWhenTheLoghostHasOnlyIpv6(String server, boolean six) throws Exception {
        syslogNg(NG_SOURCE + NG_INCLUDE);
        assertUnverified("--server " + server, "nobody looked");
        assertThat(machine.read(SYSLOG_NG).contains("transport(\"udp\") ip-protocol(6)"))
                .isEqualTo(six);
    }

    @Test
    void whatIsDroppedBeforeItIsSentIsTold() throws Exception {
        rsyslog()
                .file("etc/rsyslog.d/20-ufw.conf", "# & stop\n:msg, contains, \"[UFW \" /var/log/ufw.log\n& stop\n")
                .file("etc/rsyslog.d/95-late.conf", "*.* stop\n")
                .file("etc/rsyslog.conf", "$RuleSet remote\n$IncludeConfig /etc/rsyslog.d/*.conf\n*.* stop\n");
        assertThat(machine.setup("--server loghost").said())
                .contains("note: /etc/rsyslog.d/20-ufw.conf keeps messages from the loghost (stop, ~ or $RuleSet), at"
                        + " line 3\n")
                .contains("note: /etc/rsyslog.conf keeps messages from the loghost (stop, ~ or $RuleSet), at line 1\n")
                .doesNotContain("95-late");
        assertThat(machine.setup("--server loghost --seen-with 'cat " + machine.path("received") + "'")
                        .said())
                .contains("rsyslog sends *.*, except as noted, to loghost:514");
        machine.without("proc/10").without("tools/rsyslogd");
        syslogNg(NG_SOURCE + "log { source(s_src); flags(final); };\n" + NG_INCLUDE);
        assertThat(machine.setup("--server loghost").said()).contains("log paths with flags(final)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"!ppp\n*.*\t/var/log/ppp\n", "+web01\n*.*\t/x", "-web01\n*.*\t/x\n", "*.*;\\\nauth.none\t/x"})
    void theClassicLineStandsBeforeAllSections(String before) throws Exception {
        inetutils().file(CLASSIC, before);
        assertUnverified("--server loghost", "nobody looked");
        assertThat(machine.read(CLASSIC)).matches("(?s)# BEGIN loghost[^\n]*\n\\*\\.\\*\t@loghost\n# END loghost\n.*");
        assertThat(machine.setup("--undo").code()).isZero();
        assertThat(machine.read(CLASSIC)).isEqualTo(before);
    }

    @Test
    void aBlockThatLostItsEndTakesNothingWithIt() throws Exception {
        inetutils().file(CLASSIC, "# BEGIN loghost\n*.*\t@old\nmail.*\t/var/log/mail\n");
        assertUnverified("--server loghost", "nobody looked");
        assertThat(machine.read(CLASSIC)).contains("mail.*\t/var/log/mail\n");
    }

    @ParameterizedTest
    @CsvSource({"--no-forward, ''", "'--sync --no-forward', --sync", "'--no-forw -l web01', -l web01"})
    void debiansDefaultThatForbidsSendingIsChangedAndComesBack(String options, String left) throws Exception {
        String before = "# defaults\nSYSLOGD_OPTS=\"" + options + "\"";
        inetutils().file(DEFAULTS, before);
        assertUnverified("--server loghost", "nobody looked");
        assertThat(machine.read(DEFAULTS)).contains("\nSYSLOGD_OPTS=\"" + left + "\"\n# END loghost\n");
        assertThat(machine.read("systemctl")).isEqualTo("restart inetutils-syslogd\n");
        assertUnverified("--server loghost", "nobody looked");
        assertThat(machine.read(DEFAULTS)).containsOnlyOnce("# END loghost");

        machine.process(30, "/usr/sbin/syslogd", "--no-forward");
        assertUnverified("--server loghost", "the running syslogd (process 30) has the option --no-forward");

        assertThat(machine.setup("--undo").code()).isZero();
        assertThat(machine.read(DEFAULTS)).isEqualTo(before);
        assertFails("--server loghost --port 515", "sends to the port of 'syslog' in /etc/services, 514, not to 515");
        assertThat(machine.read(DEFAULTS)).isEqualTo(before);
    }

    @Test
    void optionsThatKeepADaemonFromSendingAreFound() throws Exception {
        inetutils().process(30, "/usr/sbin/syslogd", "--no-forward");
        assertFails("--server loghost", "(process 30) has the option --no-forward and sends nothing");
        machine.process(30, "/usr/sbin/syslogd");
        assertFails("--server v6", "v6 has IPv6 addresses only, and inetutils-syslogd sends to them only with --ipany");

        machine.tool("syslogd", "echo 'syslogd v2.7.0'").process(30, "/sbin/syslogd", "-F", "-ss");
        assertFails("--server loghost", "has -s twice and sends nothing");
        machine.process(30, "/sbin/syslogd", "-F").file(CLASSIC, "secure_mode 2\n");
        assertFails("--server loghost", "'secure_mode 2' in /etc/syslog.conf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f /opt/own.conf", "-n -f/opt/own.conf", "-nf /opt/own.conf"})
    void aDaemonThatReadsAnotherFileIsFound(String options) throws Exception {
        rsyslog().process(10, ("/usr/sbin/rsyslogd " + options).split(" ", -1));
        assertFails("--server loghost", "the running rsyslogd (process 10) reads /opt/own.conf, not /etc/rsyslog.conf");
    }

    @Test
    void busyboxIsToldItsOptions() throws Exception {
        machine.process("30", "pid:[1]", machine.path(""), "syslogd", "/bin/busybox", "-n");
        assertFails("--server loghost", "start it with: -R loghost:514 -L (without -L it keeps no local log)");
        machine.without("proc/30").process(31, "/bin/busybox", "syslogd", "-n").file("etc/default/busybox-syslogd", "");
        assertFails("--server loghost", "add to SYSLOG_OPTS in /etc/default/busybox-syslogd: -R loghost:514 -L");
    }

    @Test
    void nothingToUndoIsNoFailure() throws Exception {
        assertThat(machine.setup("--undo")).isEqualTo(new SetupMachine.Result(0, NOTHING));
        rsyslog().file(RSYSLOG, "# by hand\n");
        assertThat(machine.setup("--undo")).isEqualTo(new SetupMachine.Result(0, NOTHING));
        assertThat(machine.read(RSYSLOG)).isEqualTo("# by hand\n");
    }

    private static final String NOTHING = "nothing to undo: no file here has anything of setup.sh in it\n";

    @Test
    void undoFindsWhatWasSetUpWhicheverDaemonRunsNow() throws Exception {
        rsyslog();
        machine.setup("--server loghost");
        machine.without("proc/10").without("tools/rsyslogd");
        inetutils();
        assertThat(machine.setup("--undo").code()).isZero();
        assertThat(machine.has(RSYSLOG)).isFalse();
    }

    @Test
    void aDaemonThatDoesNotComeBackGetsItsOldConfiguration() throws Exception {
        rsyslog().tool("systemctl", "[ \"$1\" = cat ]");
        assertFails("--server loghost", "rsyslog did not restart; the old configuration is back in place");
    }

    @Test
    void aProcessStartedByHandIsNotStartedOnceMoreByItsUnit() throws Exception {
        Process byHand = new ProcessBuilder("sleep", "100").start();
        try {
            inetutils()
                    .without("proc/30")
                    .process(byHand.pid(), "/usr/sbin/syslogd")
                    .tool("systemctl", "[ \"$1\" = cat ]");
            assertUnverified("--server loghost", "nobody looked");
            assertThat(byHand.waitFor()).as("ended by SIGHUP").isEqualTo(128 + 1);
        } finally {
            byHand.destroy();
        }
    }

    @Test
    void aFileThatCannotBeWrittenFails() throws Exception {
        inetutils().file("etc/syslog.conf/a/folder/in/its/place", "");
        assertFails("--server loghost", "/etc/syslog.conf");
    }

    private SetupMachine rsyslog() throws IOException {
        return machine.tool("rsyslogd", "exit 0")
                .process(10, "/usr/sbin/rsyslogd", "-n")
                .file("etc/rsyslog.conf", "$IncludeConfig /etc/rsyslog.d/*.conf\n");
    }

    private SetupMachine syslogNg(String main) throws IOException {
        return machine.tool("syslog-ng", "exit 0")
                .process(20, "/usr/sbin/syslog-ng", "-F")
                .file("etc/syslog-ng/syslog-ng.conf", main);
    }

    private SetupMachine inetutils() throws IOException {
        return machine.tool("syslogd", "echo 'syslogd (GNU inetutils) 2.4'")
                .process(30, "/usr/sbin/syslogd")
                .file("etc/services", "syslog\t\t514/udp\n");
    }

    private void assertUnverified(String arguments, String... doubts) throws Exception {
        SetupMachine.Result result = machine.setup(arguments);
        assertThat(result.said()).doesNotContain("sends *.*");
        for (String doubt : doubts) {
            assertThat(result.said()).contains("set up, not verified: " + doubt);
        }
        assertThat(result.code()).isEqualTo(3);
    }

    private void assertFails(String arguments, String... reasons) throws Exception {
        List<String> before = settings();
        SetupMachine.Result result = machine.setup(arguments);
        assertThat(result.said()).contains(reasons).doesNotContain("sends *.*");
        assertThat(result.code()).isEqualTo(1);
        assertThat(settings()).as("settings after setup.sh %s", arguments).isEqualTo(before);
    }

    private List<String> settings() throws IOException {
        try (Stream<Path> files = Files.walk(machine.path("etc"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file + ": " + content(file))
                    .sorted()
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
