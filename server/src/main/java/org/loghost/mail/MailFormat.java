package org.loghost.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * Letter to a complete mail (RFC 5322, RFC 2045): plain text in UTF-8 that stands in the file as it is, so that a line
 * copied out of it is the line. What a mail server does not carry so is encoded on its way; see {@link Encoding}. The
 * same letter always has the same Message-ID. Any thread.
 */
public final class MailFormat {
    private static final String URGENCY = "X-Loghost-Urgency";
    /** A mail's headers take less. */
    private static final int HEAD = 8_192;

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
        byte[] text = letter.text().replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
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
            message.setHeader(URGENCY, letter.urgency().name().toLowerCase(Locale.ROOT));
            message.setText("", "UTF-8");
            message.setHeader("Content-Transfer-Encoding", Encoding.of(text).header());
            message.saveChanges();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length + 2_048);
            message.writeTo(bytes);
            bytes.write(text);
            return bytes.toByteArray();
        } catch (MessagingException e) {
            throw new IOException(
                    "mail: " + e.getMessage() + " (from " + from + ", to " + to + "; expected: mail addresses)", e);
        }
    }

    /** How urgent a mail of ours is, by its header; the least for one that does not say it. */
    static Letter.Urgency urgencyOf(Path mail) throws IOException {
        String head;
        try (InputStream in = Files.newInputStream(mail)) {
            head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
        }
        int end = head.indexOf("\r\n\r\n");
        for (Letter.Urgency urgency : Letter.Urgency.values()) {
            int at = head.indexOf("\r\n" + URGENCY + ": " + urgency.name().toLowerCase(Locale.ROOT) + "\r\n");
            if (at >= 0 && (end < 0 || at < end)) {
                return urgency;
            }
        }
        return Letter.Urgency.NOTICES;
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
