package org.loghost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaildirTest {
    @TempDir
    Path folder;

    private Maildir maildir;
    private Path mail;

    @BeforeEach
    void writeMail() throws IOException {
        maildir = new Maildir(folder.resolve("mail"), "loghost.example.com");
        mail = Files.write(folder.resolve("a.eml"), Letters.FORMAT.format(Letters.letter(1)));
    }

    @Test
    void mailIsInNewWholeAndPrivate() throws Exception {
        assertThat(maildir.deliver("1", mail, Set.of()).outcome()).isEqualTo(Delivery.Outcome.ACCEPTED);

        List<Path> delivered = list("new");
        assertThat(delivered).hasSize(1);
        assertThat(delivered.get(0).getFileName().toString()).matches("[0-9]+\\.R1\\.loghost\\.example\\.com");
        assertThat(Files.readString(delivered.get(0)))
                .isEqualTo(Files.readString(mail).replace("\r\n", "\n"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(delivered.get(0))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("mail"))))
                .isEqualTo("rwx------");
        assertThat(list("tmp")).isEmpty();
        assertThat(folder.resolve("mail/cur")).isDirectory();
    }

    @Test
    void deliveryThatIsRepeatedAfterACrashIsNone() throws Exception {
        maildir.deliver("1", mail, Set.of());
        maildir.deliver("1", mail, Set.of());
        assertThat(list("new")).hasSize(1);

        Path read = list("new").get(0);
        Files.move(read, folder.resolve("mail/cur/" + read.getFileName() + ":2,S"));
        assertThat(maildir.deliver("1", mail, Set.of()).outcome()).isEqualTo(Delivery.Outcome.ACCEPTED);
        assertThat(list("new")).isEmpty();
    }

    @Test
    void tornFileOfAnEarlierRunIsReplaced() throws Exception {
        maildir.deliver("1", mail, Set.of());
        Path delivered = list("new").get(0);
        Path torn = folder.resolve("mail/tmp").resolve(delivered.getFileName());
        Files.delete(delivered);
        Files.writeString(torn, "torn");

        maildir.deliver("1", mail, Set.of());

        assertThat(Files.size(delivered)).isGreaterThan(100);
        assertThat(list("tmp")).isEmpty();
    }

    @Test
    void troubleIsToldAndNothingIsThrown() throws Exception {
        Files.createFile(folder.resolve("file"));

        Delivery delivery = new Maildir(folder.resolve("file"), "h").deliver("1", mail, Set.of());

        assertThat(delivery.outcome()).isEqualTo(Delivery.Outcome.LATER);
        assertThat(delivery.reason()).contains("file").contains("(expected: a folder that may be written)");
    }

    private List<Path> list(String part) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("mail").resolve(part))) {
            return files.toList();
        }
    }

    @Test
    void mailThatCannotBeReadWaitsAlone() {
        Delivery delivery = new Maildir(folder.resolve("box"), "h").deliver("1", folder.resolve("gone.eml"), Set.of());

        assertThat(delivery.outcome()).isEqualTo(Delivery.Outcome.DEFERRED);
        assertThat(delivery.reason()).contains("gone.eml");
    }
}
