package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.mail.Delivery.Outcome;
import org.loghost.mail.MailConfig.Smtp;
import org.loghost.mail.MailConfig.StartTls;
import org.loghost.metrics.Notices;

/** Each way in which TLS to a mail server fails says what to do; and when plain text is taken instead. */
class MailTlsTest {
    @TempDir
    static Path keysFolder;

    private static TestKeys keys;
    private static TestKeys ofAnother;
    private static TestKeys expired;
    private static TestKeys early;

    @TempDir
    Path folder;

    private final List<ScriptedSmtp> servers = new ArrayList<>();
    private final Notices notices = new Notices(Clock.systemUTC());
    private Path mail;

    @BeforeAll
    static void createKeys() throws Exception {
        keys = TestKeys.create(Files.createDirectory(keysFolder.resolve("a")), "dns:localhost");
        ofAnother = TestKeys.create(Files.createDirectory(keysFolder.resolve("b")), "dns:mail.example.com");
        expired = TestKeys.create(Files.createDirectory(keysFolder.resolve("c")), "dns:localhost", "-5d");
        early = TestKeys.create(Files.createDirectory(keysFolder.resolve("d")), "dns:localhost", "+5d");
    }

    @BeforeEach
    void writeMail() throws Exception {
        mail = Files.write(folder.resolve("a.eml"), Letters.FORMAT.format(Letters.letter(1)));
    }

    @AfterEach
    void close() throws Exception {
        for (ScriptedSmtp server : servers) {
            server.close();
        }
    }

    @Test
    void selfSignedCertificateNamesTheSettingThatTrustsIt() throws Exception {
        ScriptedSmtp server = server(keys, true);

        assertThat(reason(server, null))
                .startsWith(
                        "TLS: the server's certificate is self-signed (CN=test) (expected: trust = a PEM file with it,")
                .endsWith("openssl s_client -showcerts -starttls smtp -connect localhost:" + server.port() + ")");
        assertThat(reason(server, ofAnother.pem())).contains("(expected: it in " + ofAnother.pem());
        assertThat(server.texts).isEmpty();
    }

    @Test
    void certificateForAnotherNameNamesBoth() throws Exception {
        assertThat(reason(server(ofAnother, true), ofAnother.pem()))
                .startsWith("TLS: the server's certificate is for mail.example.com, not for localhost (expected: ");
    }

    @Test
    void expiredAndEarlyCertificatesNameTheDay() throws Exception {
        assertThat(reason(server(expired, true), null))
                .startsWith("TLS: the server's certificate has expired on 20")
                .contains("renew it on the mail server");
        assertThat(reason(server(early, true), null))
                .startsWith("TLS: the server's certificate is not valid before 20")
                .contains("clock");
    }

    @Test
    void noVersionInCommonIsSaid() throws Exception {
        ScriptedSmtp server = server(keys, true);
        // The alert protocol_version (RFC 8446 section 6).
        server.insteadOfTls = new byte[] {21, 3, 1, 0, 2, 2, 70};

        assertThat(reason(server, keys.pem()))
                .startsWith("TLS: no version or cipher in common: ")
                .contains("(expected: TLS 1.2 or later;");
        server.insteadOfTls = new byte[0];
        assertThat(reason(server, keys.pem()))
                .startsWith("TLS: the server has ended the handshake without a word (expected: TLS 1.2 or later;");
    }

    @Test
    void plainTextWhereTlsWasExpectedNamesTheOtherScheme() throws Exception {
        ScriptedSmtp server = server(null, false);

        Delivery delivery = mailer(smtps(server.port())).deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isEqualTo(Outcome.LATER);
        assertThat(delivery.reason()).startsWith("TLS: the server answers in plain text (expected: smtp = \"smtp://");
    }

    @Test
    void tlsWherePlainTextWasExpectedNamesTheOtherScheme() throws Exception {
        ScriptedSmtp server = server(keys, false);

        Delivery delivery =
                mailer(smtp(server.port(), null, StartTls.OFFERED, null)).deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isEqualTo(Outcome.LATER);
        assertThat(delivery.reason()).endsWith("(expected: smtp = \"smtps://localhost:" + server.port() + "\")");
        assertThat(server.connections).hasValue(2);
    }

    @Test
    void missingStartTlsNamesTheSetting() throws Exception {
        assertThat(reason(server(null, false), null)).contains("starttls = \"never\" on a network that you trust");
    }

    @Test
    void offeredFallsBackToPlainTextWhateverIsWrongWithTlsAndSaysSo() throws Exception {
        for (ScriptedSmtp server : List.of(server(keys, true), server(expired, true), server(keys, true))) {
            if (servers.indexOf(server) == 2) {
                server.answers.put("STARTTLS", "454 4.7.0 TLS not available");
            }
            SmtpMailer mailer = mailer(smtp(server.port(), null, StartTls.OFFERED, null));

            assertThat(mailer.deliver("1", mail, Set.of())).isEqualTo(Delivery.done());
            assertThat(mailer.deliver("2", mail, Set.of())).isEqualTo(Delivery.done());

            assertThat(server.texts).hasSize(2);
        }
        assertThat(notices.current()).hasSize(1);
        assertThat(notices.current().get(0).text()).contains("reports go in plain text, as STARTTLS failed");
    }

    @Test
    void requiredNeverFallsBack() throws Exception {
        ScriptedSmtp server = server(keys, true);

        assertThat(mailer(smtp(server.port(), null, StartTls.REQUIRED, null))
                        .deliver("1", mail, Set.of())
                        .outcome())
                .isEqualTo(Outcome.LATER);

        assertThat(server.texts).isEmpty();
        assertThat(server.connections).hasValue(1);
        assertThat(notices.current()).isEmpty();
    }

    @Test
    void loginByCramMd5Works() throws Exception {
        ScriptedSmtp server = server(null, false);
        server.extensions.add("AUTH CRAM-MD5");
        server.answers.put("AUTH CRAM-MD5", "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+");
        server.answers.put("bG9naG9zdC", "235 welcome");

        assertThat(mailer(withLogin(server)).deliver("1", mail, Set.of())).isEqualTo(Delivery.done());

        assertThat(server.commands).noneMatch(command -> command.contains("s3cret"));
        server.answers.put("bG9naG9zdC", "535 no");
        assertThat(mailer(withLogin(server)).deliver("1", mail, Set.of()).reason())
                .startsWith("login of loghost failed: ")
                .contains("(expected: the password in ");
    }

    @Test
    void loginThatIsNotKnownHereNamesWhatTheServerOffers() throws Exception {
        ScriptedSmtp server = server(null, false);
        server.extensions.add("AUTH GSSAPI SCRAM-SHA-256");

        assertThat(mailer(withLogin(server)).deliver("1", mail, Set.of()).reason())
                .startsWith("login of loghost failed: the server offers GSSAPI SCRAM-SHA-256 (expected: PLAIN, LOGIN or"
                        + " CRAM-MD5");
    }

    private Smtp withLogin(ScriptedSmtp server) throws Exception {
        Path password = folder.resolve("password");
        Files.writeString(password, "s3cret\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        return new Smtp("localhost", server.port(), "loghost", password, false, StartTls.OFFERED, null);
    }

    private String reason(ScriptedSmtp server, @Nullable Path trust) {
        Delivery delivery =
                mailer(smtp(server.port(), null, StartTls.REQUIRED, trust)).deliver("1", mail, Set.of());
        assertThat(delivery.outcome()).isEqualTo(Outcome.LATER);
        assertThat(delivery.reason()).contains("(expected: ");
        return delivery.reason();
    }

    private ScriptedSmtp server(@Nullable TestKeys certificate, boolean startTls) throws Exception {
        ScriptedSmtp server = new ScriptedSmtp(certificate == null ? null : certificate.context(), startTls);
        servers.add(server);
        return server;
    }

    private static Smtp smtps(int port) {
        return new Smtp("localhost", port, null, null, true, StartTls.REQUIRED, null);
    }

    private static Smtp smtp(int port, @Nullable String user, StartTls how, @Nullable Path trust) {
        return new Smtp("localhost", port, user, null, false, how, trust);
    }

    private SmtpMailer mailer(Smtp config) {
        return new SmtpMailer(config, "a@example.com", List.of("root@localhost"), "h", notices);
    }
}
