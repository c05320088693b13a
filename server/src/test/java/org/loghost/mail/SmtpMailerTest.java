package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.mail.Delivery.Outcome;
import org.loghost.mail.MailConfig.Smtp;
import org.loghost.mail.MailConfig.StartTls;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class SmtpMailerTest {
    private static final List<String> TO = List.of("root@localhost", "ops@localhost");
    private static final Letter LETTER = Letters.letter(1, "größer\n" + "x".repeat(65_536) + "\n");

    private static final SmtpMailer.Limits QUICK_ANSWERS =
            new SmtpMailer.Limits(Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(30));

    @TempDir
    static Path keysFolder;

    private static TestKeys keys;
    private static TestKeys keysOfAnother;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Notices notices = new Notices(Clock.systemUTC());
    private Path mail;

    @BeforeAll
    static void createKeys() throws Exception {
        keys = TestKeys.create(Files.createDirectory(keysFolder.resolve("localhost")), "dns:localhost,ip:127.0.0.1");
        keysOfAnother = TestKeys.create(Files.createDirectory(keysFolder.resolve("another")), "dns:mail.example.com");
    }

    @BeforeEach
    void writeMail() throws IOException {
        mail = Files.write(folder.resolve("a.eml"), Letters.FORMAT.format(LETTER));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : opened) {
            part.close();
        }
    }

    @Test
    void plainServerGetsTheMailForEveryRecipient() throws Exception {
        GreenMail server = greenMail(ServerSetup.PROTOCOL_SMTP);

        Delivery delivery = mailer(port(server), null, StartTls.NEVER).deliver("1", mail, Set.of());

        assertThat(delivery).isEqualTo(Delivery.done());
        assertThat(server.getReceivedMessages()).hasSize(2);
        MimeMessage received = server.getReceivedMessages()[0];
        assertThat(received.getMessageID()).isEqualTo("<" + LETTER.id() + "@loghost.example.com>");
        assertThat(received.getSubject()).isEqualTo(LETTER.subject());
        assertThat(((String) received.getContent()).replace("\r\n", "\n"))
                .startsWith(LETTER.text().stripTrailing());
    }

    @Test
    void loginUsesThePasswordOfItsFile() throws Exception {
        GreenMail server = greenMail(ServerSetup.PROTOCOL_SMTP);
        server.setUser("loghost@localhost", "loghost", "s3cret");
        server.getManagers().getUserManager().setAuthRequired(true);
        SmtpMailer mailer = mailer(port(server), "loghost", StartTls.OFFERED);

        password("wrong");
        assertThat(mailer.deliver("1", mail, Set.of()).reason())
                .contains("login of loghost failed")
                .contains("(expected: the password in " + folder.resolve("password"))
                .doesNotContain("wrong");
        password("s3cret");
        assertThat(mailer.deliver("1", mail, Set.of()).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.getReceivedMessages()).hasSize(2);
        assertThat(notices.current()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-----w-"})
    void passwordFileThatOthersMayUseIsNotUsed(String mode) throws Exception {
        ScriptedSmtp server = scriptedPlain();
        SmtpMailer mailer = mailer(server.port(), "loghost", StartTls.NEVER);
        password("s3cret");
        Files.setPosixFilePermissions(folder.resolve("password"), PosixFilePermissions.fromString(mode));

        Delivery refused = mailer.deliver("1", mail, Set.of());
        Files.setPosixFilePermissions(folder.resolve("password"), PosixFilePermissions.fromString("rw-r-----"));
        Delivery mended = mailer.deliver("1", mail, Set.of());

        assertThat(refused.outcome()).isEqualTo(Outcome.LATER);
        assertThat(refused.reason())
                .startsWith(folder.resolve("password") + ": others may read or change")
                .contains("chmod o= ")
                .doesNotContain("s3cret");
        assertThat(mended).isEqualTo(Delivery.done());
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void smtpsServerIsTrustedByItsCertificateInThePemFile() throws Exception {
        ScriptedSmtp server = scripted(keys, false);

        Delivery trusted = smtps(server.port(), keys.pem()).deliver("1", mail, Set.of());
        Delivery unknown = smtps(server.port(), null).deliver("1", mail, Set.of());

        assertThat(trusted).isEqualTo(Delivery.done());
        assertThat(server.texts).hasSize(1);
        assertThat(unknown.outcome()).isEqualTo(Outcome.LATER);
        assertThat(unknown.reason())
                .startsWith(
                        "TLS: the server's certificate is self-signed (CN=test) (expected: trust = a PEM file with it")
                .contains("openssl s_client -showcerts -connect localhost:" + server.port());
    }

    @Test
    void smtpsToGreenMailWorks() throws Exception {
        System.setProperty("greenmail.tls.keystore.file", keys.store().toString());
        System.setProperty("greenmail.tls.keystore.password", TestKeys.PASSWORD);
        System.setProperty("greenmail.tls.key.password", TestKeys.PASSWORD);
        GreenMail server = greenMail(ServerSetup.PROTOCOL_SMTPS);

        assertThat(smtps(server.getSmtps().getPort(), keys.pem()).deliver("1", mail, Set.of()))
                .isEqualTo(Delivery.done());
        assertThat(server.getReceivedMessages()).hasSize(2);
    }

    @Test
    void certificateOfAnotherNameIsRefused() throws Exception {
        ScriptedSmtp implicit = scripted(keysOfAnother, false);
        ScriptedSmtp startTls = scripted(keysOfAnother, true);

        Delivery bySmtps = smtps(implicit.port(), keysOfAnother.pem()).deliver("1", mail, Set.of());
        Delivery byStartTls = startTls(startTls.port(), keysOfAnother.pem(), StartTls.REQUIRED)
                .deliver("1", mail, Set.of());

        assertThat(bySmtps.reason()).contains("localhost");
        assertThat(byStartTls.reason()).contains("localhost");
        assertThat(implicit.texts).isEmpty();
        assertThat(startTls.texts).isEmpty();
    }

    @Test
    void startTlsIsUsedWhenOfferedOrRequired() throws Exception {
        for (StartTls how : List.of(StartTls.REQUIRED, StartTls.OFFERED)) {
            ScriptedSmtp server = scripted(keys, true);
            assertThat(startTls(server.port(), keys.pem(), how).deliver("1", mail, Set.of()))
                    .isEqualTo(Delivery.done());
            assertThat(server.commands.indexOf("STARTTLS"))
                    .isPositive()
                    .isLessThan(server.commands.indexOf("MAIL FROM:<loghost@example.com>"));
        }
        ScriptedSmtp server = scripted(keys, true);
        assertThat(startTls(server.port(), keys.pem(), StartTls.NEVER).deliver("1", mail, Set.of()))
                .isEqualTo(Delivery.done());
        assertThat(server.commands).doesNotContain("STARTTLS");
    }

    @Test
    void nothingIsSentWithoutARequiredStartTls() throws Exception {
        ScriptedSmtp server = scripted(null, false);

        Delivery delivery = startTls(server.port(), null, StartTls.REQUIRED).deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isEqualTo(Outcome.LATER);
        assertThat(delivery.reason()).contains("STARTTLS is required");
        assertThat(server.commands).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void refusedRecipientDoesNotKeepTheOthersFromTheirMail() throws Exception {
        ScriptedSmtp server = scripted(null, false);
        server.answers.put("RCPT TO:<ops", "550 no such user\u001b[2J");

        Delivery delivery = mailer(server.port(), null, StartTls.NEVER).deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(delivery.accepted()).containsExactly("root@localhost");
        assertThat(delivery.reason())
                .contains("ops@localhost refused: 550 no such user")
                .doesNotContain("\u001b");
        assertThat(server.texts).hasSize(1);
    }

    @Test
    void recipientRefusedForNowIsTriedAgainAlone() throws Exception {
        ScriptedSmtp server = scripted(null, false);
        server.answers.put("RCPT TO:<ops", "450 greylisted");
        SmtpMailer mailer = mailer(server.port(), null, StartTls.NEVER);

        Delivery delivery = mailer.deliver("1", mail, Set.of());
        assertThat(delivery.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(delivery.accepted()).containsExactly("root@localhost");

        server.answers.clear();
        server.commands.clear();
        assertThat(mailer.deliver("1", mail, Set.of("root@localhost"))).isEqualTo(Delivery.done());
        assertThat(server.commands).noneMatch(command -> command.contains("root@localhost"));

        server.answers.put("RCPT TO:<ops", "550 no more");
        assertThat(mailer.deliver("1", mail, Set.of("root@localhost")).outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void refusalsForGoodAndForNowAreToldApart() throws Exception {
        assertThat(outcomeAfter("RCPT", "550 no")).isEqualTo(Outcome.REFUSED);
        assertThat(outcomeAfter("RCPT", "451 later")).isEqualTo(Outcome.DEFERRED);
        assertThat(outcomeAfter("MAIL", "550 no")).isEqualTo(Outcome.REFUSED);
        assertThat(outcomeAfter("MAIL", "421 busy")).isEqualTo(Outcome.DEFERRED);
        assertThat(outcomeAfter(".", "552 too big")).isEqualTo(Outcome.REFUSED);
        assertThat(outcomeAfter(".", "452 disk full")).isEqualTo(Outcome.DEFERRED);
        assertThat(outcomeAfter("greeting", "554 go away")).isEqualTo(Outcome.LATER);
    }

    /** Recipients refused for good do not make the others have it. */
    @Test
    void answerToTheTextDecidesWhateverBecameOfSomeRecipients() throws Exception {
        ScriptedSmtp server = scripted(null, false);
        server.answers.put("RCPT TO:<ops", "550 no such user");
        SmtpMailer mailer = mailer(server.port(), null, StartTls.NEVER);

        for (String step : List.of("DATA", ".")) {
            for (Set<String> earlier : List.of(Set.<String>of(), Set.of("first@localhost"))) {
                server.answers.put(step, "451 the scanner is down");
                Delivery later = mailer.deliver("1", mail, earlier);
                server.answers.put(step, "554 looks like spam");
                Delivery refused = mailer.deliver("1", mail, earlier);
                server.answers.remove(step);

                assertThat(later.outcome()).as(step).isEqualTo(Outcome.DEFERRED);
                assertThat(later.accepted()).isEmpty();
                assertThat(later.reason()).contains("451 the scanner is down").contains("550 no such user");
                assertThat(refused.outcome()).as(step).isEqualTo(Outcome.REFUSED);
                assertThat(refused.accepted()).isEmpty();
            }
        }
        server.answers.put("RCPT TO:<ops", "450 mailbox busy");
        server.answers.put("DATA", "554 no");
        assertThat(mailer.deliver("1", mail, Set.of()).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void mailThatCannotBeReadWaitsAlone() throws Exception {
        ScriptedSmtp server = scripted(null, false);

        Delivery delivery =
                mailer(server.port(), null, StartTls.NEVER).deliver("1", folder.resolve("gone.eml"), Set.of());

        assertThat(delivery.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(delivery.reason()).contains("gone.eml").contains("(expected: a mail that can be read)");
    }

    @Test
    void serverThatGoesAwayAtTheTextHoldsUpThatMailAlone() throws Exception {
        ScriptedSmtp server = scripted(null, false);
        server.answers.put(".", "hang up");

        assertThat(mailer(server.port(), null, StartTls.NEVER)
                        .deliver("1", mail, Set.of())
                        .outcome())
                .isEqualTo(Outcome.DEFERRED);

        server.answers.put("greeting", "421 the scanner took me down");
        assertThat(mailer(server.port(), null, StartTls.NEVER)
                        .deliver("1", mail, Set.of())
                        .outcome())
                .isEqualTo(Outcome.LATER);
    }

    /** RFC 5321 section 4.5.3.2.6: a server that has the text may think about it for long. */
    @Test
    void answerToTheTextMayTakeLongerThanOthers() throws Exception {
        ScriptedSmtp server = scripted(keys, true);
        Smtp config = new Smtp("localhost", server.port(), null, null, false, StartTls.REQUIRED, keys.pem());
        SmtpMailer mailer = new SmtpMailer(config, "a@example.com", TO, "h", notices, QUICK_ANSWERS);

        server.answers.put(".", "slowly 250 taken");
        assertThat(mailer.deliver("1", mail, Set.of())).isEqualTo(Delivery.done());
        server.answers.put("greeting", "slowly 220 scripted");
        assertThat(mailer.deliver("1", mail, Set.of()).outcome()).isEqualTo(Outcome.LATER);
    }

    @Test
    void failedConnectionIsNotRepeatedPastTheSocketsThatAStopCloses() throws Exception {
        ScriptedSmtp server = scripted(keys, false);

        assertThat(smtps(server.port(), null).deliver("1", mail, Set.of()).outcome())
                .isEqualTo(Outcome.LATER);

        assertThat(server.connections).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "greeting", "MAIL"})
    void silentServerIsCutShortByClose(String step) throws Exception {
        ScriptedSmtp server = scripted(null, false);
        server.answers.put(step, "silence");
        Outbox outbox = new Outbox(
                folder.resolve("outbox"),
                Letters.FORMAT,
                List.of(mailer(server.port(), null, StartTls.NEVER)),
                RetryPauses.defaults(),
                new ServerMetrics(),
                new Notices(Clock.systemUTC()));
        outbox.start();
        outbox.put(LETTER);
        await().until(() -> step.equals(".")
                ? server.texts.size() == 1
                : server.connections.get() == 1 && (step.equals("greeting") || server.commands.size() == 2));

        long begin = System.nanoTime();
        outbox.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(folder.resolve("outbox").resolve(LETTER.id() + ".eml")).exists();
    }

    @Test
    void outboxDeliversWhenTheServerComesUp() throws Exception {
        int port;
        try (ScriptedSmtp reserved = new ScriptedSmtp(null, false)) {
            port = reserved.port();
        }
        Outbox outbox = new Outbox(
                folder.resolve("outbox"),
                Letters.FORMAT,
                List.of(mailer(port, null, StartTls.NEVER)),
                new RetryPauses(Duration.ofMillis(20), Duration.ofMillis(100)),
                new ServerMetrics(),
                new Notices(Clock.systemUTC()));
        opened.add(outbox);
        outbox.start();
        outbox.put(LETTER);
        await().until(() -> outbox.lastFailure().contains("smtp localhost:" + port));

        GreenMail server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        opened.add(server::stop);
        server.start();

        await().until(() -> outbox.waiting() == 0);
        assertThat(server.getReceivedMessages()).hasSize(2);
    }

    private Outcome outcomeAfter(String command, String answer) throws IOException {
        ScriptedSmtp server = scriptedPlain();
        server.answers.put(command, answer);
        Delivery delivery = mailer(server.port(), null, StartTls.NEVER).deliver("1", mail, Set.of());
        assertThat(delivery.reason()).contains(answer.substring(4));
        return delivery.outcome();
    }

    private GreenMail greenMail(String protocol) {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
        opened.add(server::stop);
        server.start();
        return server;
    }

    private static int port(GreenMail server) {
        return server.getSmtp().getPort();
    }

    private ScriptedSmtp scripted(@Nullable TestKeys keys, boolean startTls) throws Exception {
        ScriptedSmtp server = new ScriptedSmtp(keys == null ? null : keys.context(), startTls);
        opened.add(server);
        return server;
    }

    private ScriptedSmtp scriptedPlain() throws IOException {
        ScriptedSmtp server = new ScriptedSmtp(null, false);
        opened.add(server);
        return server;
    }

    private SmtpMailer mailer(int port, @Nullable String user, StartTls startTls) {
        return mailer(new Smtp("localhost", port, user, folder.resolve("password"), false, startTls, null));
    }

    private SmtpMailer smtps(int port, @Nullable Path trust) {
        return mailer(new Smtp("localhost", port, null, null, true, StartTls.REQUIRED, trust));
    }

    private SmtpMailer startTls(int port, @Nullable Path trust, StartTls startTls) {
        return mailer(new Smtp("localhost", port, null, null, false, startTls, trust));
    }

    private SmtpMailer mailer(Smtp config) {
        return new SmtpMailer(config, "loghost@example.com", TO, "loghost.example.com", notices);
    }

    private void password(String password) throws IOException {
        Path file = folder.resolve("password");
        Files.writeString(file, password + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
