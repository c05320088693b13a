package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceivedMailTest {
    @Test
    void aPlainMailIsShownAsItIs() {
        ReceivedMail mail = parse("From: a@b\r\nSubject: x\r\n y\r\n\r\none =41\r\n\r\ntwo\r\n");
        assertThat(mail.header("subject")).isEqualTo("x y");
        assertThat(mail.header("to")).isEmpty();
        assertThat(mail.text()).isEqualTo("one =41\n\ntwo\n");
    }

    @Test
    void quotedPrintableIsDecoded() {
        ReceivedMail mail = parse("""
                Subject: =?UTF-8?Q?ATTACK_=C2=B7?= =?UTF-8?Q?_web01?=
                Content-Transfer-Encoding: quoted-printable

                a long =
                line =3D 7 =C2=B5m=20
                =zz =4
                """.replace("\n", "\r\n"));
        assertThat(mail.header("Subject")).isEqualTo("ATTACK · web01");
        assertThat(mail.text()).isEqualTo("a long line = 7 µm \n=zz =4\n");
    }

    @Test
    void allMailsOfAMaildirAreReadOldestFirst(@TempDir Path maildir) throws IOException {
        Path fresh = Files.createDirectories(maildir.resolve("new"));
        Files.writeString(fresh.resolve("2.x"), "Subject: second\n\n");
        Files.writeString(fresh.resolve("1.x"), "Subject: first\n\n");
        assertThat(ReceivedMail.of(maildir))
                .extracting(mail -> mail.header("Subject"))
                .containsExactly("first", "second");
    }

    private static ReceivedMail parse(String mail) {
        return ReceivedMail.parse(mail.getBytes(StandardCharsets.UTF_8));
    }
}
