package org.loghost.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * Letter to a complete mail (RFC 5322, RFC 2045): UTF-8 plain text, seven bits wide. Text is never wrapped: lines that
 * no mail server would carry as they are go by quoted-printable, and are exact again when decoded. The same letter
 * always has the same Message-ID. Any thread.
 */
public final class MailFormat {
    /** RFC 5322 section 2.1.1 allows 998 octets before CRLF. */
    private static final int LONGEST_PLAIN_LINE = 990;

    private final String from;
    private final List<String> to;
    private final String hostName;

    /**
     * Where the mails come from and go to.
     *
     * @param hostName the loghost's own name, the right side of the Message-ID
     */
    public MailFormat(String from, List<String> to, String hostName) {
        this.from = from;
        this.to = List.copyOf(to);
        this.hostName = safe(hostName);
    }

    /** The letter's Message-ID with its angle brackets. */
    public String messageId(Letter letter) {
        return "<" + letter.id() + "@" + hostName + ">";
    }

    /**
     * The whole mail with CRLF line ends.
     *
     * @throws IOException when an address is no address; says which
     */
    public byte[] format(Letter letter) throws IOException {
        try {
            MimeMessage message = new FixedIdMessage(messageId(letter));
            message.setFrom(new InternetAddress(from, true));
            for (String address : to) {
                message.addRecipient(MimeMessage.RecipientType.TO, new InternetAddress(address, true));
            }
            message.setSubject(letter.subject(), "UTF-8");
            message.setHeader(
                    "Date",
                    DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
                            .format(letter.date()));
            message.setHeader("Auto-Submitted", "auto-generated");
            message.setHeader("List-Id", "Loghost reports <loghost." + hostName + ">");
            message.setHeader("X-Loghost-Report", letter.id());
            message.setText(letter.text().replace("\n", "\r\n"), "UTF-8");
            message.setHeader("Content-Transfer-Encoding", isPlain(letter.text()) ? "7bit" : "quoted-printable");
            message.saveChanges();
            ByteArrayOutputStream bytes =
                    new ByteArrayOutputStream(letter.text().length() + 2_048);
            message.writeTo(bytes);
            return bytes.toByteArray();
        } catch (MessagingException e) {
            throw new IOException(
                    "mail: " + e.getMessage() + " (from " + from + ", to " + to + "; expected: mail addresses)", e);
        }
    }

    /** Whether every mail server carries the text unchanged: ASCII, short lines, no blank at a line's end. */
    private static boolean isPlain(String text) {
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                if (i > start && text.charAt(i - 1) == ' ') {
                    return false;
                }
                start = i + 1;
            } else if (c < ' ' || c > '~' || i - start >= LONGEST_PLAIN_LINE) {
                return false;
            }
        }
        return true;
    }

    private static String safe(String hostName) {
        String name = hostName.replaceAll("[^A-Za-z0-9.-]", "-");
        return name.isEmpty() ? "loghost" : name;
    }

    /** Jakarta Mail would put a fresh Message-ID into every mail it saves. */
    private static final class FixedIdMessage extends MimeMessage {
        private final String id;

        FixedIdMessage(String id) {
            super(Session.getInstance(new Properties()));
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
