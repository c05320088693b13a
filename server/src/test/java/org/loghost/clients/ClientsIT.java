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
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * Real syslog daemons, each on a machine of its own, send to a server; what they log is found in their host's file,
 * and in the mail, as no rule calls it usual.
 */
@Testcontainers(disabledWithoutDocker = true)
class ClientsIT {
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

    @Test
    void classicSyslogdWithOneLineInItsConfiguration() throws Exception {
        try (ClientMachine client = ClientMachine.with("inetutils-syslogd bsdutils")) {
            // The classic daemon knows no port: it takes the one of "syslog" in /etc/services.
            client.sh(ports("sed -i '/^syslog/d' /etc/services; echo 'syslog UDP/udp' >> /etc/services"));
            client.sh("printf '*.*\\t@loghost\\n' > /etc/syslog.conf; /usr/sbin/syslogd --no-klog");
            client.log("-p auth.notice -t su 'FAILED SU (to root) classic'");

            String host = server.awaitHostOf("su: FAILED SU (to root) classic");

            assertThat(host)
                    .as("a classic syslogd sends no host name: its address is the host")
                    .isEqualTo(client.address());
            assertThat(server.awaitLine(host, "classic")).contains(" " + host + " su: FAILED SU");
            assertThat(server.mailNow()).contains(host).contains("su: FAILED SU (to root) classic");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "udp    | *.* @loghost:UDP",
                "tcp    | *.* @@loghost:TCP",
                "octets | *.* @@(o)loghost:TCP",
                "rfc5424| *.* @@(o)loghost:TCP;RSYSLOG_SyslogProtocol23Format",
                "iso    | *.* @loghost:UDP;RSYSLOG_ForwardFormat"
            })
    void rsyslog(String name, String rule) throws Exception {
        try (ClientMachine client = ClientMachine.with("rsyslog bsdutils")) {
            client.sh("sed -i /imklog/d /etc/rsyslog.conf; rm -f /etc/rsyslog.d/*");
            client.sh("echo '" + ports(rule) + "' > /etc/rsyslog.d/90-loghost.conf; rsyslogd");
            client.log("-t 'backup[77]' 'rsyslog by " + name + "'");

            String host = client.hostname();
            assertThat(server.awaitLine(host, "backup[77]: rsyslog by " + name))
                    .matches("[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} " + host + " backup\\[77]: rsyslog by " + name);
            assertThat(server.mailNow()).contains(host).contains("backup[77]: rsyslog by " + name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "udp    | network(\"loghost\" transport(\"udp\") port(UDP))",
                "tcp    | network(\"loghost\" transport(\"tcp\") port(TCP) time-reopen(1))",
                "syslog | syslog(\"loghost\" transport(\"tcp\") port(TCP) time-reopen(1))"
            })
    void syslogNg(String name, String destination) throws Exception {
        String configuration = """
                @version: 3.38
                source s_src { unix-dgram("/dev/log"); };
                destination d_loghost { %s; };
                log { source(s_src); destination(d_loghost); };
                """.formatted(ports(destination));
        try (ClientMachine client = ClientMachine.with("syslog-ng-core bsdutils")) {
            client.sh("cat > /etc/syslog-ng/syslog-ng.conf <<'EOF'\n" + configuration + "EOF\nsyslog-ng --no-caps");
            client.log("-t 'backup[78]' 'syslog-ng by " + name + "'");

            String host = client.hostname();
            assertThat(server.awaitLine(host, "backup[78]: syslog-ng by " + name))
                    .matches("[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} " + host + " backup\\[78]: syslog-ng by " + name);
            assertThat(server.mailNow()).contains(host).contains("backup[78]: syslog-ng by " + name);
        }
    }

    @Test
    void busyboxSyslogd() throws Exception {
        try (ClientMachine client = ClientMachine.with("busybox-syslogd busybox")) {
            client.sh(ports("busybox syslogd -R loghost:UDP"));
            client.log("-t thermostat 'busybox says 21 degrees'");

            assertThat(server.awaitHostOf("thermostat: busybox says 21 degrees"))
                    .isEqualTo(client.address());
            assertThat(server.mailNow()).contains(client.address()).contains("thermostat: busybox says 21 degrees");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rfc3164 -d -P UDP",
                "--rfc5424 -d -P UDP",
                "--rfc5424=notime,nohost -d -P UDP",
                "--rfc3164 -T -P TCP",
                "--rfc5424 -T --octet-count -P TCP"
            })
    void utilLinuxLogger(String options) throws Exception {
        try (ClientMachine client = ClientMachine.with("bsdutils")) {
            String text = "logger " + options.replaceAll("[^a-z0-9]", "");
            client.sh("logger -n loghost " + ports(options) + " -t door '" + text + "'");

            assertThat(server.awaitHostOf("door: " + text))
                    .isEqualTo(options.contains("nohost") ? client.address() : client.hostname());
            assertThat(server.mailNow()).contains("door: " + text);
        }
    }

    private static String ports(String text) {
        return text.replace("UDP", String.valueOf(server.udpPort())).replace("TCP", String.valueOf(server.tcpPort()));
    }
}
