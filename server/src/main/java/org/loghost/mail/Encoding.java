package org.loghost.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a mail's text needs of those who carry it (RFC 2045 section 2). In the outbox and in a Maildir each kind stands
 * as it is; a mail server is given what it can carry.
 */
enum Encoding {
    /** ASCII in lines of at most 998 octets: every mail server carries it. */
    SEVEN_BIT("7bit"),
    /** Other bytes too: a mail server that offers 8BITMIME (RFC 6152) carries it. */
    EIGHT_BIT("8bit"),
    /** Longer lines, or bytes that no line may have: no mail server carries it. */
    BINARY("binary");

    /** RFC 5321 section 4.5.3.1.6: 1,000 octets with CRLF. */
    private static final int LONGEST_LINE = 998;

    private static final String HEADER = "\r\nContent-Transfer-Encoding: ";
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String header;

    Encoding(String header) {
        this.header = header;
    }

    /** What the header Content-Transfer-Encoding says. */
    String header() {
        return header;
    }

    /** What a text with CRLF line ends needs. */
    static Encoding of(byte[] text) {
        return of(text, 0);
    }

    /** The same for a whole mail; its head is ASCII in short lines. */
    static Encoding ofMail(byte[] mail) {
        return of(mail, bodyOf(mail));
    }

    private static Encoding of(byte[] text, int from) {
        Encoding needed = SEVEN_BIT;
        int start = from;
        for (int i = from; i < text.length; i++) {
            byte b = text[i];
            if (b == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                i++;
                start = i + 1;
            } else if (b == 0 || b == '\r' || b == '\n' || i - start >= LONGEST_LINE) {
                return BINARY;
            } else if (b < 0) {
                needed = EIGHT_BIT;
            }
        }
        return needed;
    }

    /** One of our mails with its text in quoted-printable; exact again when decoded. */
    static byte[] quotedPrintable(byte[] mail) throws IOException {
        int body = bodyOf(mail);
        String head = new String(mail, 0, body, StandardCharsets.ISO_8859_1);
        int at = head.indexOf(HEADER);
        if (at < 0) {
            throw new IOException("no Content-Transfer-Encoding (expected: a mail of ours)");
        }
        int end = head.indexOf("\r\n", at + HEADER.length());
        ByteArrayOutputStream out = new ByteArrayOutputStream(mail.length + mail.length / 8);
        out.write((head.substring(0, at) + HEADER + "quoted-printable" + head.substring(end))
                .getBytes(StandardCharsets.ISO_8859_1));
        try (OutputStream quoted = MimeUtility.encode(out, "quoted-printable")) {
            quoted.write(mail, body, mail.length - body);
        } catch (MessagingException e) {
            throw new IOException(e);
        }
        return out.toByteArray();
    }

    /** Where the text begins. */
    private static int bodyOf(byte[] mail) {
        for (int i = 0; i + END_OF_HEAD.length <= mail.length; i++) {
            if (mail[i] == '\r' && mail[i + 1] == '\n' && mail[i + 2] == '\r' && mail[i + 3] == '\n') {
                return i + END_OF_HEAD.length;
            }
        }
        return mail.length;
    }
}
