package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

    private static final String SYSLOG_NG_UP =
            "sed -i 's|system();|unix-dgram(\"/dev/log\");|' /etc/syslog-ng/syslog-ng.conf; syslog-ng --no-caps";
    private static final String SEEN = " --seen-with 'cat /archive/*/current.log'";
    private static final String ALL_SETTINGS =
            "find /etc/syslog.conf /etc/rsyslog* /etc/syslog-ng -type f -exec cksum {} + 2>/dev/null | sort";

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
    @ValueSource(strings = {"auth.*\\t/var/log/auth.log\\n", "auth.*\\t/var/log/auth.log", "# empty\\n\\n"})
    void setsTheClassicSyslogdUpAndBackToTheByte(String oldFile) throws Exception {
        try (ClientMachine client = machine(CLASSIC)) {
            servicePort(client, server.udpPort());
            client.sh("printf '" + oldFile + "' > /etc/syslog.conf; chmod 0600 /etc/syslog.conf; syslogd --no-klog");
            String before = settings(client);

            String said = client.sh("/setup.sh --server loghost --port " + server.udpPort() + SEEN);

            assertThat(said).contains("classic sends *.* to loghost").contains("test message seen");
            assertThat(client.sh("cat /etc/syslog.conf")).containsOnlyOnce("\n*.*\t@loghost\n");

            client.sh("/setup.sh --server loghost --no-test --port " + server.udpPort());
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
            client.sh(
                    "/setup.sh --server loghost --no-test; printf 'mail.*\\t/var/log/mail.log\\n' >> /etc/syslog.conf");

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

        assertThat(said).contains(daemon + " sends *.* to loghost").contains("test message seen");
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

    @Test
    void syslogNgThatRefusesItsConfigurationKeepsTheOldOne() throws Exception {
        try (ClientMachine client = machine(SYSLOG_NG)) {
            client.sh(SYSLOG_NG_UP);
            client.sh("/setup.sh --server loghost --no-test");
            client.sh("echo 'log { source(s_none); };' > /etc/syslog-ng/conf.d/10-broken.conf");
            assertFails(
                    client, "--server elsewhere --tcp", 1, "syslog-ng refuses the configuration; the old one is back");
        }
    }

    @Test
    void aFileOfAnotherHandComesBack() throws Exception {
        try (ClientMachine client = machine(RSYSLOG)) {
            client.sh("echo '# by hand' > /etc/rsyslog.d/90-loghost.conf");
            String before = settings(client);
            assertFails(client, "--undo", 1, "nothing to undo");

            client.sh("/setup.sh --server loghost --no-test; /setup.sh --server loghost --tcp --no-test");
            assertThat(client.sh("cat /etc/rsyslog.d/90-loghost.conf")).contains("octet-counted");

            client.sh("/setup.sh --undo");
            assertThat(settings(client)).isEqualTo(before);
        }
    }

    @Test
    void saysThatTheMessageWasNotSeen() throws Exception {
        try (ClientMachine client = machine(RSYSLOG)) {
            client.sh(RSYSLOG_UP);
            ExecResult result = client.exec("/setup.sh --server loghost --seen-with true");
            assertThat(result.getExitCode()).isEqualTo(3);
            assertThat(result.getStderr()).contains("was not seen within 10 s");
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
            assertFails(client, "--server loghost", 1, "no syslog daemon found");
            assertThat(client.sh("/setup.sh --help")).contains("Examples:");
        }
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
