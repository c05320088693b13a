package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MailFormatTest {

    @Test
    void headersAreThoseOfAnAutomaticMailThatIsTheSameEachTime() throws Exception {
        String mail = ascii(Letters.FORMAT.format(Letters.letter(1)));

        assertThat(mail)
                .contains("Message-ID: <20261122-073000-00000001@loghost.example.com>\r\n")
                .contains("Date: Sun, 22 Nov 2026 08:30:00 +0100\r\n")
                .contains("From: loghost@example.com\r\n")
                .contains("To: root@localhost, ops@localhost\r\n")
                .contains("Auto-Submitted: auto-generated\r\n")
                .contains("List-Id: Loghost reports <loghost.loghost.example.com>\r\n")
                .contains("X-Loghost-Report: 20261122-073000-00000001\r\n")
                .contains("MIME-Version: 1.0\r\n")
                .contains("Content-Type: text/plain; charset=UTF-8\r\n");
        assertThat(ascii(Letters.FORMAT.format(Letters.letter(1)))).isEqualTo(mail);
        assertThat(parse(Letters.FORMAT.format(Letters.letter(1))).getSubject())
                .isEqualTo("[loghost] ATTACK 2 - web01 1");
    }

    @Test
    void plainTextIsReadableInTheFile() throws Exception {
        assertThat(ascii(Letters.FORMAT.format(Letters.letter(1, "one\n\n  two\n"))))
                .contains("Content-Transfer-Encoding: 7bit\r\n")
                .endsWith("\r\n\r\none\r\n\r\n  two\r\n");
    }

    @Test
    void linesOfAnyLengthAndTextOfAnyKindAreExactWhenDecoded() throws Exception {
        Random random = new Random(20_261_122);
        StringBuilder random64KiB = new StringBuilder();
        while (random64KiB.length() < 65_536) {
            random64KiB.append((char) (' ' + random.nextInt(95)));
        }
        for (String line : List.of(
                "x".repeat(65_536),
                random64KiB.toString(),
                "ü€😀".repeat(9_000),
                "ends in a blank ",
                ".",
                "..",
                "=3D =\t",
                "From here",
                "-- ",
                "y".repeat(998),
                "z".repeat(991) + " ")) {
            String text = "first\n" + line + "\nlast\n";
            byte[] mail = Letters.FORMAT.format(Letters.letter(1, text));

            assertThat(parse(mail).getContent()).isEqualTo(text.replace("\n", "\r\n"));
            byte[] quoted = Encoding.quotedPrintable(mail);
            assertThat(parse(quoted).getContent()).isEqualTo(text.replace("\n", "\r\n"));
            assertThat(ascii(quoted).lines()).allMatch(wire -> wire.length() <= 78);
            assertThat(ascii(quoted).chars()).allMatch(c -> c < 127);
        }
    }

    @Test
    void noHeaderCanBeInjected() {
        for (String evil : List.of("a\nBcc: x@example.com", "a\r\n\r\nbody", "a\u0085b", "a\u0000")) {
            assertThatThrownBy(() -> new Letter("1", Letters.DATE, evil, "")).hasMessageContaining("subject");
        }
        for (String evil : List.of("", "../x", "a b", "a\n", "x".repeat(65))) {
            assertThatThrownBy(() -> new Letter(evil, Letters.DATE, "s", "")).hasMessageContaining("id: ");
        }
        MailFormat format = new MailFormat("a@b", List.of("c@d\r\nBcc: x@example.com"), "h\r\nX: y");
        assertThatThrownBy(() -> format.format(Letters.letter(1))).isInstanceOf(IOException.class);
        assertThat(format.messageId(Letters.letter(1))).doesNotContain("\r", "\n", ":");
    }

    private static MimeMessage parse(byte[] mail) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail));
    }

    private static String ascii(byte[] mail) {
        return new String(mail, StandardCharsets.ISO_8859_1);
    }
}
