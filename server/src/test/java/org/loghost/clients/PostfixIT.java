package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * The report goes to a real mail server, by STARTTLS with a certificate of the test's own, and is read back from the
 * mailbox.
 */
@Testcontainers(disabledWithoutDocker = true)
class PostfixIT {
    private static final int SMTP = 25;
    private static final String CERTIFICATE = "/etc/postfix/mail.pem";
    private static final String MAILBOX = "cat /home/admin/Maildir/new/* 2>/dev/null";
    private static final String ATTACK =
            "<38>Nov 22 06:55:58 web01 sshd[814]: Failed password for root from 198.51.100.7 port 40022 ssh2";

    @TempDir
    private Path data;

    private final GenericContainer<?> postfix = new GenericContainer<>(
                    new ImageFromDockerfile("loghost-test-postfix", false)
                            .withFileFromPath(".", Repository.path("docker/mail")))
            .withExposedPorts(SMTP);

    @AfterEach
    void stopPostfix() {
        postfix.stop();
    }

    @Test
    void theReportArrivesInTheMailboxByStartTls() throws Exception {
        startPostfix("DNS:localhost,IP:127.0.0.1");
        try (RunningServer server = startServer()) {
            sendAttack(server);

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                server.reportNow();
                assertThat(mailbox()).contains("Failed password for root from 198.51.100.7");
            });
        }
        assertThat(mailbox())
                .contains("To: root@localhost")
                .contains("From: loghost@example.com")
                .containsPattern("(?m)^Subject: .*Violations 1")
                .as("Postfix's own line on how it got the mail")
                .contains("using TLSv1.3");
    }

    @Test
    void aCertificateOfAnotherNameGetsNoMail() throws Exception {
        startPostfix("DNS:mail.example.com");
        try (RunningServer server = startServer()) {
            sendAttack(server);

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(server::reportNow)
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("not handed over yet")
                            .hasMessageContaining("localhost"));
        }
        assertThat(mailbox()).isEmpty();
    }

    @Test
    void aServerWithoutTlsGetsNoMail() throws Exception {
        postfix.start();
        try (RunningServer server = startServer()) {
            sendAttack(server);

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(server::reportNow)
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("STARTTLS"));
        }
        assertThat(mailbox()).isEmpty();
    }

    private void startPostfix(String names) throws Exception {
        postfix.withCommand(
                "sh",
                "-c",
                "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=mail -addext subjectAltName=" + names
                        + " -keyout /etc/postfix/mail.key -out " + CERTIFICATE + " 2>/dev/null && postconf -e"
                        + " smtpd_tls_security_level=may"
                        + " smtpd_tls_received_header=yes"
                        + " smtpd_tls_cert_file="
                        + CERTIFICATE + " smtpd_tls_key_file=/etc/postfix/mail.key && exec postfix start-fg");
        postfix.start();
        postfix.copyFileFromContainer(CERTIFICATE, trust().toString());
    }

    private Path trust() {
        return data.resolve("trust.pem");
    }

    private RunningServer startServer() throws Exception {
        return RunningServer.start(
                data,
                "[hosts]",
                "reverse-dns = false",
                "[mail]",
                "smtp = \"smtp://localhost:" + postfix.getMappedPort(SMTP) + "\"",
                "from = \"loghost@example.com\"",
                "starttls = \"required\"",
                Files.exists(trust()) ? "trust = \"trust.pem\"" : "");
    }

    private static void sendAttack(RunningServer server) throws IOException {
        byte[] message = ATTACK.getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(
                    new DatagramPacket(message, message.length, InetAddress.getLoopbackAddress(), server.udpPort()));
        }
        server.awaitLine("web01", "ssh2");
    }

    private String mailbox() throws IOException, InterruptedException {
        return postfix.execInContainer("sh", "-c", MAILBOX).getStdout();
    }
}
