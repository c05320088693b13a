package org.loghost.mail;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;
import org.loghost.mail.MailConfig.Smtp;
import org.loghost.mail.MailConfig.StartTls;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * A mail server, spoken to by Jakarta Mail (RFC 5321; STARTTLS RFC 3207; login RFC 4954). Each mail has a connection
 * of its own. With TLS the server's name is checked against its certificate. A password never leaves the machine in
 * clear text, except to loopback or with {@code starttls = "never"}.
 */
public final class SmtpMailer implements Destination {
    private static final Logger logger = LogManager.getLogger(SmtpMailer.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** RFC 5321 section 4.5.3.2.6: who gives up on the answer to the text too early sends a mail twice, again and again. */
    private static final Duration TEXT_TIMEOUT = Duration.ofMinutes(10);

    private final Smtp config;
    private final String from;
    private final List<String> to;
    private final String hostName;
    private final Notices notices;
    private final Duration timeout;
    private final Duration textTimeout;
    private volatile @Nullable AbortableSockets sockets;
    private boolean warnedOfPasswordFile;

    /**
     * Connects to nothing yet.
     *
     * @param from the envelope's sender
     * @param to the envelope's recipients
     * @param hostName what the loghost calls itself in EHLO
     * @param notices hear of a password file that others may read
     */
    public SmtpMailer(Smtp config, String from, List<String> to, String hostName, Notices notices) {
        this(config, from, to, hostName, notices, TIMEOUT, TEXT_TIMEOUT);
    }

    /** For tests: with other limits for the answers up to the login, and for those after it. */
    SmtpMailer(
            Smtp config,
            String from,
            List<String> to,
            String hostName,
            Notices notices,
            Duration timeout,
            Duration textTimeout) {
        this.config = config;
        this.from = from;
        this.to = List.copyOf(to);
        this.hostName = hostName;
        this.notices = notices;
        this.timeout = timeout;
        this.textTimeout = textTimeout;
    }

    @Override
    public String name() {
        return "smtp";
    }

    @Override
    public String place() {
        return "smtp " + config.host() + ":" + config.port();
    }

    @Override
    public Delivery deliver(String id, Path mail, Set<String> accepted) {
        AbortableSockets dialogue = new AbortableSockets();
        sockets = dialogue;
        try {
            Address[] recipients = recipientsWithout(accepted);
            if (recipients.length == 0) {
                return Delivery.done();
            }
            Session session = Session.getInstance(properties(dialogue));
            MimeMessage message;
            try (InputStream in = Files.newInputStream(mail)) {
                message = new MimeMessage(session, in);
            } catch (MessagingException | IOException e) {
                return Delivery.deferred(reasonOf(e) + " (expected: a mail that can be read)");
            }
            return send(session, message, recipients, accepted, dialogue);
        } catch (AuthenticationFailedException e) {
            return Delivery.later("login of " + config.user() + " failed: " + e.getMessage()
                    + " (expected: the password in " + config.passwordFile() + ")");
        } catch (MessagingException | IOException e) {
            return Delivery.later(reasonOf(e));
        } finally {
            sockets = null;
        }
    }

    /** Cuts a dialogue in progress; if the server had the mail already, it may get it again, with the same id. */
    @Override
    public void close() {
        AbortableSockets dialogue = sockets;
        if (dialogue != null) {
            dialogue.abort();
        }
    }

    private Delivery send(
            Session session, MimeMessage message, Address[] recipients, Set<String> accepted, AbortableSockets dialogue)
            throws MessagingException, IOException {
        Transport transport = session.getTransport("smtp");
        try {
            transport.connect(config.host(), config.port(), config.user(), password());
            dialogue.readTimeout(textTimeout);
            return handOver(transport, message, recipients, accepted);
        } finally {
            quit(transport);
        }
    }

    /**
     * Trouble from here on may be this mail's own, also a connection that ends: a scanner may choke on its text. If it
     * is the server's, the next mail does not get as far as this.
     */
    private static Delivery handOver(
            Transport transport, MimeMessage message, Address[] recipients, Set<String> accepted) {
        try {
            transport.sendMessage(message, recipients);
            return Delivery.done();
        } catch (SendFailedException e) {
            return afterRefusal(e, recipients, accepted);
        } catch (MessagingException e) {
            return Delivery.deferred(reasonOf(e));
        }
    }

    /** Accepted is accepted, however the dialogue ends after that. */
    private static void quit(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            logger.debug("SMTP dialogue did not end well", e);
        }
    }

    /**
     * The server said no. To the sender, to DATA or to the text: that answer is for every recipient. Else to recipients
     * alone, and those it took have the mail.
     */
    private static Delivery afterRefusal(SendFailedException failure, Address[] recipients, Set<String> accepted) {
        List<String> took = addresses(failure.getValidSentAddresses());
        Set<String> settled = new HashSet<>(took);
        StringBuilder reasons = new StringBuilder();
        for (Exception e = failure; e instanceof MessagingException link; e = link.getNextException()) {
            if (link instanceof SMTPAddressFailedException refused) {
                if (refused.getReturnCode() / 100 == 5) {
                    settled.add(refused.getAddress().toString());
                }
                reasons.append(reasons.isEmpty() ? "" : "; ")
                        .append(refused.getAddress())
                        .append(" refused: ")
                        .append(refused.getMessage());
            }
        }
        if (failure instanceof SMTPSendFailedException all && all.getReturnCode() / 100 >= 4) {
            String reason = text(all) + (reasons.isEmpty() ? "" : "; " + reasons);
            return all.getReturnCode() / 100 == 5 ? Delivery.refused(reason) : Delivery.deferred(reason);
        }
        if (reasons.isEmpty()) {
            return Delivery.deferred(text(failure));
        }
        String reason = Delivery.escaped(reasons.toString());
        if (!settled.containsAll(addresses(recipients))) {
            return new Delivery(Delivery.Outcome.DEFERRED, took, reason);
        }
        return took.isEmpty() && accepted.isEmpty()
                ? Delivery.refused(reason)
                : new Delivery(Delivery.Outcome.ACCEPTED, took, reason);
    }

    private static List<String> addresses(Address @Nullable [] addresses) {
        List<String> names = new ArrayList<>();
        if (addresses != null) {
            for (Address address : addresses) {
                names.add(address.toString());
            }
        }
        return names;
    }

    private Address[] recipientsWithout(Set<String> accepted) throws MessagingException {
        List<Address> recipients = new ArrayList<>();
        for (String address : to) {
            InternetAddress recipient = new InternetAddress(address, true);
            if (!accepted.contains(recipient.toString())) {
                recipients.add(recipient);
            }
        }
        return recipients.toArray(new Address[0]);
    }

    private Properties properties(AbortableSockets dialogue) throws IOException {
        Properties properties = new Properties();
        properties.put("mail.smtp.socketFactory", dialogue.plain());
        properties.put("mail.smtp.ssl.socketFactory", dialogue.tls(Trust.socketFactory(config.trust())));
        // For both factories: a connection that failed is not repeated through a socket that close() does not know.
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.enable", String.valueOf(config.smtps()));
        properties.put(
                "mail.smtp.starttls.enable", String.valueOf(!config.smtps() && config.startTls() != StartTls.NEVER));
        properties.put("mail.smtp.starttls.required", String.valueOf(!config.smtps() && isStartTlsRequired()));
        properties.put("mail.smtp.connectiontimeout", String.valueOf(CONNECT_TIMEOUT.toMillis()));
        properties.put("mail.smtp.timeout", String.valueOf(timeout.toMillis()));
        properties.put("mail.smtp.writetimeout", String.valueOf(TIMEOUT.toMillis()));
        properties.put("mail.smtp.auth", String.valueOf(config.user() != null));
        properties.put("mail.smtp.sendpartial", "true");
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.localhost", hostName);
        properties.put("mail.smtp.from", from);
        return properties;
    }

    /** "Offered" must not let somebody on the way take the offer out and read the password. */
    private boolean isStartTlsRequired() throws IOException {
        return config.startTls() == StartTls.REQUIRED
                || (config.startTls() == StartTls.OFFERED && config.user() != null && !isLoopback());
    }

    private boolean isLoopback() throws IOException {
        return InetAddress.getByName(config.host()).isLoopbackAddress();
    }

    /** Read for each connection, so that a new password needs no restart. */
    private @Nullable String password() throws IOException {
        Path file = config.passwordFile();
        if (config.user() == null || file == null) {
            return null;
        }
        if (!warnedOfPasswordFile && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            warnedOfPasswordFile = true;
            String text = file + ": others may read the mail server's password (expected: mode 0600; chmod 600 it)";
            logger.warn("{}", text);
            notices.post(Notice.Level.WARNING, "password " + file, text);
        }
        return Files.readString(file).stripTrailing();
    }

    private static String reasonOf(Exception failure) {
        StringBuilder reason = new StringBuilder(text(failure));
        Throwable cause = failure.getCause();
        if (cause != null && !reason.toString().contains(String.valueOf(cause.getMessage()))) {
            reason.append(": ").append(text(cause));
        }
        return reason.toString();
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
