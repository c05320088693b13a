package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * {@code client-setup/setup.sh} on machines with each daemon: the test message arrives at a server whose archive the
 * machine can read, the old file comes back to the byte, and what cannot work leaves everything as it was.
 */
@Testcontainers(disabledWithoutDocker = true)
class SetupScriptIT {
    private static final String CLASSIC = "inetutils-syslogd bsdutils";
    private static final String RSYSLOG = "rsyslog bsdutils";
    private static final String SYSLOG_NG = "syslog-ng-core bsdutils";

    /** Without the sources that a container may not open. */
    private static final String RSYSLOG_UP = "sed -i /imklog/d /etc/rsyslog.conf; rsyslogd";

    /** With a source of messages from elsewhere before that of the machine's own. */
    private static final String SYSLOG_NG_UP = "sed -i 's|system();|unix-dgram(\"/dev/log\");|;"
            + " s|^source s_src|source s_net { network(transport(\"udp\") port(5514)); };\\n&|'"
            + " /etc/syslog-ng/syslog-ng.conf && syslog-ng --no-caps";

    /** As Debian starts it, which keeps it from sending. */
    private static final String CLASSIC_UP = ". /etc/default/inetutils-syslogd; syslogd --no-klog $SYSLOGD_OPTS";

    private static final String SEEN = " --seen-with 'cat /archive/*/current.log'";
    private static final String ALL_SETTINGS =
            "find /etc/default /etc/syslog.conf /etc/rsyslog* /etc/syslog-ng -type f -exec cksum {} + 2>/dev/null |"
                    + " sort";

    private static RunningServer server;

    @BeforeAll
    static void startServer(@TempDir Path data) throws Exception {
        server = RunningServer.start(data, "[hosts]", "reverse-dns = false");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.*\\t/var/log/auth.log\\n", "!ppp\\n*.*\\t/var/log/ppp.log"})
    void setsTheClassicSyslogdUpAndBackToTheByte(String oldFile) throws Exception {
        try (ClientMachine client = machine(CLASSIC)) {
            servicePort(client, server.udpPort());
            client.sh("printf '" + oldFile + "' > /etc/syslog.conf; chmod 0600 /etc/syslog.conf; " + CLASSIC_UP);
            String before = settings(client);

            String said = client.sh("/setup.sh --server loghost --port " + server.udpPort() + SEEN);

            assertThat(said).contains("classic sends *.* to loghost").contains("the test message was seen");
            assertThat(client.sh("cat /etc/syslog.conf")).containsOnlyOnce("\n*.*\t@loghost\n");

            assertUnverified(
                    client, "--server loghost --no-test --port " + server.udpPort(), "no test message was sent");
            assertThat(client.sh("cat /etc/syslog.conf"))
                    .as("a second set-up adds no second block")
                    .containsOnlyOnce("@loghost");

            client.sh("/setup.sh --undo");
            assertThat(settings(client)).isEqualTo(before);
            assertThat(client.sh("ls -l /etc/syslog.conf")).startsWith("-rw------- ");
        }
    }

    @Test
    void undoKeepsWhatWasAddedSince() throws Exception {
        try (ClientMachine client = machine(CLASSIC)) {
            servicePort(client, 514);
            client.sh("printf 'auth.*\\t/var/log/auth.log' > /etc/syslog.conf");
            assertUnverified(client, "--server loghost", "classic is not running");
            client.sh("printf 'mail.*\\t/var/log/mail.log\\n' >> /etc/syslog.conf");

            client.sh("/setup.sh --undo");

            assertThat(client.sh("cat /etc/syslog.conf"))
                    .isEqualTo("auth.*\t/var/log/auth.log\nmail.*\t/var/log/mail.log\n");
        }
    }

    @Test
    void saysWhyTheClassicSyslogdCannotReachThePort() throws Exception {
        try (ClientMachine client = machine(CLASSIC)) {
            client.sh("sed -i '/^syslog/d' /etc/services; syslogd --no-klog");
            assertFails(client, "--server loghost", 1, "/etc/services lacks the line: syslog 514/udp");

            servicePort(client, 5514);
            assertFails(
                    client, "--server loghost", 1, "sends to the port of 'syslog' in /etc/services, 5514, not to 514");
            assertFails(client, "--server loghost --tcp", 1, "sends by UDP only");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--udp", "--tcp"})
    void setsRsyslogUpAndBack(String transport) throws Exception {
        try (ClientMachine client = machine(RSYSLOG)) {
            client.sh(RSYSLOG_UP);
            assertSetsUpAndBack(client, "rsyslog", transport);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--udp", "--tcp"})
    void setsSyslogNgUpAndBack(String transport) throws Exception {
        try (ClientMachine client = machine(SYSLOG_NG)) {
            client.sh(SYSLOG_NG_UP);
            assertSetsUpAndBack(client, "syslog-ng", transport);
        }
    }

    private static void assertSetsUpAndBack(ClientMachine client, String daemon, String transport) throws Exception {
        client.log("-t before up");
        String before = settings(client);

        String said = client.sh("/setup.sh --server loghost " + transport + port(transport) + SEEN);

        assertThat(said).contains(daemon + " sends *.* to loghost").contains("the test message was seen");
        client.log("-t door 'opened by " + daemon + transport + "'");
        server.awaitLine(client.hostname(), "door: opened by " + daemon + transport);

        client.sh("/setup.sh --undo");
        assertThat(settings(client)).isEqualTo(before);
    }

    @Test
    void rsyslogThatRefusesItsConfigurationKeepsTheOldOne() throws Exception {
        try (ClientMachine client = machine(RSYSLOG)) {
            client.sh(RSYSLOG_UP);
            client.sh("echo 'module(load=' > /etc/rsyslog.d/10-broken.conf");
            assertFails(client, "--server loghost", 1, "rsyslog refuses the configuration; the old one is back");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log { source(s_none);         | syslog-ng refuses the configuration; the old one is back",
                // Its check of the syntax does not find this one; its reload does.
                "log { source(s_none); };      | syslog-ng did not restart; the old configuration is back"
            })
    void syslogNgThatRefusesItsConfigurationKeepsTheOldOne(String broken, String reason) throws Exception {
        try (ClientMachine client = machine(SYSLOG_NG)) {
            client.sh(SYSLOG_NG_UP);
            client.log("-t before up");
            assertUnverified(client, "--server loghost --no-test" + port("--udp"), "no test message was sent");
            client.sh("echo '" + broken + "' > /etc/syslog-ng/conf.d/10-broken.conf");

            assertFails(client, "--server localhost --tcp", 1, reason);

            client.log("-t door 'still sends although: " + broken + "'");
            server.awaitLine(client.hostname(), "door: still sends although: " + broken);
        }
    }

    @Test
    void aFileOfAnotherHandComesBack() throws Exception {
        try (ClientMachine client = machine(RSYSLOG)) {
            client.sh("echo '# by hand' > /etc/rsyslog.d/90-loghost.conf");
            String before = settings(client);
            assertThat(client.sh("/setup.sh --undo")).startsWith("nothing to undo");
            assertThat(settings(client)).isEqualTo(before);

            assertUnverified(client, "--server loghost", "rsyslog is not running");
            assertUnverified(client, "--server loghost --tcp", "no connection to loghost at TCP port 514");
            assertThat(client.sh("cat /etc/rsyslog.d/90-loghost.conf")).contains("octet-counted");

            client.sh("/setup.sh --undo");
            assertThat(settings(client)).isEqualTo(before);
        }
    }

    @Test
    void saysThatTheMessageWasNotSeen() throws Exception {
        try (ClientMachine client = machine(RSYSLOG)) {
            client.sh(RSYSLOG_UP);
            assertUnverified(client, "--server loghost --seen-with true", "the test message");
            assertUnverified(client, "--server loghost", "nobody looked");
        }
    }

    @Test
    void refusesWrongUsageBeforeItTouchesAnything() throws Exception {
        try (ClientMachine client = machine("bsdutils")) {
            assertFails(client, "", 2, "usage: setup.sh");
            assertFails(client, "--server", 2, "--server needs a value");
            assertFails(client, "--server --udp", 2, "--server needs a value");
            assertFails(client, "--server 'a b'", 2, "server: a b (expected: ");
            assertFails(client, "--server loghost --port 65536", 2, "port: 65536 (expected: ");
            assertFails(client, "--server loghost --port 0", 2, "port: 0 (expected: ");
            assertFails(client, "--server loghost --daemon metalog", 2, "daemon: metalog (expected: ");
            assertFails(client, "--sever loghost", 2, "unknown argument: --sever");
            assertFails(client, "--server loghost", 1, "apt-get update && apt-get install rsyslog");
            assertThat(client.sh("/setup.sh --help")).contains("Examples:");
        }
    }

    private static void assertUnverified(ClientMachine client, String arguments, String doubt) throws Exception {
        ExecResult result = client.exec("/setup.sh " + arguments);
        assertThat(result.getExitCode())
                .as("setup.sh %s%n%s", arguments, result)
                .isEqualTo(3);
        assertThat(result.getStdout()).doesNotContain("sends");
        assertThat(result.getStderr()).contains("set up, not verified: " + doubt);
    }

    private static void assertFails(ClientMachine client, String arguments, int code, String reason) throws Exception {
        String before = settings(client);
        ExecResult result = client.exec("/setup.sh " + arguments);
        assertThat(result.getExitCode())
                .as("setup.sh %s%n%s", arguments, result)
                .isEqualTo(code);
        assertThat(result.getStderr()).contains(reason);
        assertThat(settings(client)).as("settings after setup.sh %s", arguments).isEqualTo(before);
    }

    private static ClientMachine machine(String packages) {
        ClientMachine client = ClientMachine.with(packages, server.archive(), "/archive");
        client.copy(Repository.path("client-setup/setup.sh"), "/setup.sh");
        return client;
    }

    private static void servicePort(ClientMachine client, int port) throws Exception {
        client.sh("sed -i '/^syslog/d' /etc/services; echo 'syslog " + port + "/udp' >> /etc/services");
    }

    private static String port(String transport) {
        return " --port " + (transport.equals("--udp") ? server.udpPort() : server.tcpPort());
    }

    private static String settings(ClientMachine client) throws Exception {
        return client.sh(ALL_SETTINGS);
    }
}
