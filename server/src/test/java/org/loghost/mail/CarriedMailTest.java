package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.mail.MailConfig.Smtp;
import org.loghost.mail.MailConfig.StartTls;
import org.loghost.metrics.Notices;

/** Lines of a report stand in the Maildir as they were received, and reach a mailbox whatever the mail server carries. */
class CarriedMailTest {
    private static final String BLANK_AT_THE_END = "Nov 22 08:00:00 web01 app: ends in a blank ";
    private static final String TAB = "Nov 22 08:00:00 web01 app:\ta tab";
    private static final String UMLAUT = "Nov 22 08:00:00 web01 app: größer €";
    private static final String LONG = "Nov 22 08:00:00 web01 app: {" + "x=ü ".repeat(800) + "}";

    @TempDir
    Path folder;

    private ScriptedSmtp server;

    @BeforeEach
    void open() throws Exception {
        server = new ScriptedSmtp(null, false);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {BLANK_AT_THE_END, TAB, UMLAUT, "=3D is no code", "."})
    void lineStandsInTheMaildirAsItWasReceived(String line) throws Exception {
        assertThat(linesInMaildir("first\n" + line + "\nlast\n")).contains("first", line, "last");
    }

    @Test
    void longLineStandsThereTooAndEncodesNoOther() throws Exception {
        assertThat(linesInMaildir(UMLAUT + "\n" + LONG + "\n")).contains(UMLAUT, LONG);
    }

    @Test
    void asciiIsCarriedAsItIs() throws Exception {
        String text = "one\n" + BLANK_AT_THE_END + "\n" + TAB + "\n" + "y".repeat(998) + "\n";

        assertThat(carried(text)).contains("Content-Transfer-Encoding: 7bit\n").endsWith("\n\n" + text);
        assertThat(server.commands).contains("MAIL FROM:<a@example.com>");
    }

    @Test
    void serverThatOffersItGetsEightBits() throws Exception {
        server.extensions.add("8BITMIME");
        String text = UMLAUT + "\n" + BLANK_AT_THE_END + "\n";

        assertThat(carried(text)).contains("Content-Transfer-Encoding: 8bit\n").endsWith("\n\n" + text);
        assertThat(server.commands).contains("MAIL FROM:<a@example.com> BODY=8BITMIME");
    }

    @Test
    void otherServersGetQuotedPrintableThatIsExactWhenDecoded() throws Exception {
        String text = UMLAUT + "\n" + BLANK_AT_THE_END + "\n" + TAB + " \n.\n..\n=3D\n";

        String mail = carried(text);

        assertThat(mail).contains("Content-Transfer-Encoding: quoted-printable\n");
        assertThat(decoded(mail)).isEqualTo(text);
        assertThat(server.commands).contains("MAIL FROM:<a@example.com>");
    }

    @Test
    void longLineIsEncodedAlsoForAServerOfEightBits() throws Exception {
        server.extensions.add("8BITMIME");
        String text = LONG + "\n" + UMLAUT + "\n" + "z".repeat(999) + "\n";

        String mail = carried(text);

        assertThat(mail.lines()).allMatch(line -> line.length() <= 998);
        assertThat(decoded(mail)).isEqualTo(text);
    }

    private List<String> linesInMaildir(String text) throws Exception {
        Path mail = Files.write(folder.resolve("a.eml"), Letters.FORMAT.format(Letters.letter(1, text)));
        assertThat(new Maildir(folder.resolve("mail"), "h").deliver("1", mail, Set.of()))
                .isEqualTo(Delivery.done());
        try (Stream<Path> delivered = Files.list(folder.resolve("mail/new"))) {
            return Files.readAllLines(delivered.findFirst().orElseThrow());
        }
    }

    /** As the server has read it, one char an octet, with LF. */
    private String carried(String text) throws Exception {
        Path mail = Files.write(folder.resolve("a.eml"), Letters.FORMAT.format(Letters.letter(1, text)));
        Delivery delivery = new SmtpMailer(
                        new Smtp("localhost", server.port(), null, null, false, StartTls.NEVER, null),
                        "a@example.com",
                        List.of("root@localhost"),
                        "h",
                        new Notices(Clock.systemUTC()))
                .deliver("1", mail, Set.of());
        assertThat(delivery).isEqualTo(Delivery.done());
        String received = server.texts.get(0).replace("\n..", "\n.");
        return new String(received.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String decoded(String mail) throws Exception {
        byte[] bytes = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
        return ((String) message.getContent()).replace("\r\n", "\n");
    }
}
