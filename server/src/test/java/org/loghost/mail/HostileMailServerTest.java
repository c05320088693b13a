package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.mail.Delivery.Outcome;
import org.loghost.mail.MailConfig.Smtp;
import org.loghost.mail.MailConfig.StartTls;
import org.loghost.metrics.Notices;

/** What a mail server says is as untrusted as any other input: it ends in time and takes no more memory than it may. */
class HostileMailServerTest {
    private static final List<String> TO = List.of("root@localhost");

    @TempDir
    Path folder;

    private ScriptedSmtp server;
    private Path mail;

    @BeforeEach
    void open() throws Exception {
        server = new ScriptedSmtp(null, false);
        mail = Files.write(folder.resolve("a.eml"), Letters.FORMAT.format(Letters.letter(1)));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "greeting, endless 220-welcome~",
        "greeting, endless x",
        "EHLO, endless 250-STARTTLS~",
        "EHLO, endless 250-x",
        "MAIL, endless 250-fine~",
        "RCPT, endless 550-no such user~",
        "DATA, endless 3",
        "'.', endless 250-taken~",
        "'.', endless z"
    })
    void answerWithoutEndIsRefused(String step, String answer) {
        server.answers.put(step, answer);

        Delivery delivery = mailer(limits(20, 20, 30), null).deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isIn(Outcome.LATER, Outcome.DEFERRED);
        assertThat(delivery.reason()).contains("an answer without end (expected: at most 65536 bytes)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "EHLO", "MAIL", "RCPT", "DATA", "."})
    void answerThatDripsHasFailedWhenItsTimeIsOver(String step) {
        server.answers.put(step, "drip");

        Delivery delivery = mailer(new SmtpMailer.Limits(millis(400), millis(400), millis(20_000)), null)
                .deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isIn(Outcome.LATER, Outcome.DEFERRED);
        assertThat(delivery.reason()).contains("no whole answer within 0 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "RCPT", "."})
    void deliveryHasOneLimitForAllItsAnswers(String step) {
        server.answers.put(step, "drip");

        Delivery delivery = mailer(new SmtpMailer.Limits(millis(60_000), millis(60_000), millis(400)), null)
                .deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isIn(Outcome.LATER, Outcome.DEFERRED);
        assertThat(delivery.reason()).contains("not done within 0 s");
    }

    @Test
    void serverThatReadsNothingIsCutShort() throws Exception {
        Path big = Files.write(
                folder.resolve("big.eml"),
                Letters.FORMAT.format(Letters.letter(2, ("x".repeat(80) + "\n").repeat(400_000))));
        try (DeafServer deaf = new DeafServer()) {
            Delivery delivery = new SmtpMailer(
                            new Smtp("localhost", deaf.port(), null, null, false, StartTls.NEVER, null),
                            "a@example.com",
                            TO,
                            "h",
                            new Notices(Clock.systemUTC()),
                            limits(20, 20, 3))
                    .deliver("1", big, Set.of());

            assertThat(delivery.outcome()).isIn(Outcome.LATER, Outcome.DEFERRED);
            assertThat(delivery.reason()).contains("not done within 3 s");
        }
    }

    /** RFC 5321 section 4.5.3.2.1: a busy server may take five minutes to greet. */
    @Test
    void defaultLimitsAreThoseOfTheStandard() {
        assertThat(SmtpMailer.Limits.DEFAULTS.answer()).isEqualTo(Duration.ofMinutes(5));
        assertThat(SmtpMailer.Limits.DEFAULTS.textAnswer()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void nameInEhloIsThatOfTheConfiguration() {
        assertThat(mailer(limits(20, 20, 30), "log.example.org")
                        .deliver("1", mail, Set.of())
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands).contains("EHLO log.example.org");
    }

    @Test
    void refusedNameInEhloIsExplained() {
        server.answers.put("RCPT", "504 5.5.2 <h>: Helo command rejected: need fully-qualified hostname");

        assertThat(mailer(limits(20, 20, 30), null).deliver("1", mail, Set.of()).reason())
                .contains("need fully-qualified hostname")
                .contains("(expected: ehlo in [mail] with this machine's full name)");
    }

    private SmtpMailer mailer(SmtpMailer.Limits limits, @Nullable String ehlo) {
        return new SmtpMailer(
                new Smtp("localhost", server.port(), null, null, false, StartTls.NEVER, null, ehlo),
                "a@example.com",
                TO,
                "h",
                new Notices(Clock.systemUTC()),
                limits);
    }

    private static SmtpMailer.Limits limits(int answer, int textAnswer, int delivery) {
        return new SmtpMailer.Limits(
                Duration.ofSeconds(answer), Duration.ofSeconds(textAnswer), Duration.ofSeconds(delivery));
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }
}
