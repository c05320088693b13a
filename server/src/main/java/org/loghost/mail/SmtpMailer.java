package org.loghost.mail;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.mail.MailConfig.Smtp;
import org.loghost.mail.MailConfig.StartTls;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * A mail server, spoken to by Jakarta Mail (RFC 5321; STARTTLS RFC 3207; login RFC 4954). Each mail has a connection
 * of its own. With TLS the server's name is checked against its certificate. A password never leaves the machine in
 * clear text, except to loopback or with {@code starttls = "never"}. Whatever the server says or does not say, a
 * delivery ends within {@link Limits} and takes no more memory than its answers may.
 */
public final class SmtpMailer implements Destination {
    private static final Logger logger = LogManager.getLogger(SmtpMailer.class);

    private final Smtp config;
    private final String from;
    private final List<String> to;
    private final String ehlo;
    private final Notices notices;
    private final Limits limits;
    private final SmtpConnector connector;
    private boolean toldOfPlain;

    /**
     * How long a delivery may take.
     *
     * @param answer one answer up to the login. RFC 5321 section 4.5.3.2.1 has five minutes, for busy servers
     * @param textAnswer one answer after that. Section 4.5.3.2.6 has ten minutes: who gives up on the answer to the text
     *     too early sends a mail twice, again and again
     * @param delivery all of it
     */
    record Limits(Duration answer, Duration textAnswer, Duration delivery) {
        static final Limits DEFAULTS =
                new Limits(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofMinutes(20));
    }

    /**
     * Connects to nothing yet.
     *
     * @param from the envelope's sender
     * @param to the envelope's recipients
     * @param hostName what the loghost calls itself in EHLO, when the configuration does not say it
     * @param notices hear of mail that goes in plain text because TLS did not work
     */
    public SmtpMailer(Smtp config, String from, List<String> to, String hostName, Notices notices) {
        this(config, from, to, hostName, notices, Limits.DEFAULTS);
    }

    /** For tests: with other limits. */
    SmtpMailer(Smtp config, String from, List<String> to, String hostName, Notices notices, Limits limits) {
        this.config = config;
        this.from = from;
        this.to = List.copyOf(to);
        this.ehlo = config.ehlo() == null ? hostName : config.ehlo();
        this.notices = notices;
        this.limits = limits;
        this.connector = new SmtpConnector(config, limits);
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
        byte[] content;
        try {
            content = OurMail.read(mail);
        } catch (IOException e) {
            return Delivery.deferred(SmtpAnswers.reasonOf(e) + " (expected: a mail that can be read)");
        }
        long end = System.nanoTime() + limits.delivery().toNanos();
        try {
            Address[] recipients = recipientsWithout(accepted);
            if (recipients.length == 0) {
                return Delivery.done();
            }
            Mail parcel = new Mail(content, recipients, accepted);
            try {
                return attempt(parcel, config.startTls(), end);
            } catch (NoTlsException e) {
                tellOfPlain(String.valueOf(e.getMessage()));
                return attempt(parcel, StartTls.NEVER, end);
            }
        } catch (UnknownHostException e) {
            return Delivery.later(config.host() + ": no such host (expected: a name that DNS knows)");
        } catch (MessagingException | IOException e) {
            return Delivery.later(SmtpAnswers.reasonOf(e));
        }
    }

    /** Cuts a dialogue in progress; if the server had the mail already, it may get it again, with the same id. */
    @Override
    public void close() {
        connector.abort();
    }

    /** What is to be handed over, and who has it already. */
    @SuppressWarnings("ArrayRecordComponent") // as Jakarta Mail takes them; never compared
    private record Mail(byte[] content, Address[] recipients, Set<String> accepted) {}

    /** STARTTLS was offered and failed, and nothing secret is at stake: plain text is better than no report. */
    private static final class NoTlsException extends IOException {
        private static final long serialVersionUID = 1L;

        NoTlsException(String reason) {
            super(reason);
        }
    }

    private Delivery attempt(Mail mail, StartTls how, long end) throws MessagingException, IOException {
        String password = password();
        ServerTls tls = new ServerTls(config.host(), config.trust());
        CompletableFuture<Void> delivery = new CompletableFuture<>();
        try (BoundedSocket socket = connector.connect(end)) {
            delivery.orTimeout(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .whenComplete((done, late) -> {
                        if (late != null) {
                            socket.abort("not done within " + RouteNews.text(limits.delivery()));
                        }
                    });
            boolean secret = config.user() != null && !socket.getInetAddress().isLoopbackAddress();
            boolean required = how == StartTls.REQUIRED || (how == StartTls.OFFERED && secret);
            Session session = Session.getInstance(properties(tls, how, required));
            SmtpDialogue dialogue = new SmtpDialogue(session, config, password);
            try {
                Socket line = config.smtps() ? tls.secure(socket) : connector.greeted(socket, end);
                open(dialogue, line);
                socket.answerLimit(limits.textAnswer());
                return handOver(session, dialogue, mail);
            } catch (MessagingException | IOException e) {
                boolean ofTls = TlsFault.isIn(e);
                String reason = ofTls ? TlsFault.text(e, config, tls.shown()) : SmtpAnswers.reasonOf(e);
                if (dialogue.hasStartTlsFailed() && !required && !socket.isAborted()) {
                    throw new NoTlsException(reason);
                }
                throw new IOException(reason, e);
            } finally {
                quit(dialogue);
            }
        } finally {
            delivery.complete(null);
            connector.ended();
        }
    }

    private void open(SmtpDialogue dialogue, Socket line) throws MessagingException, IOException {
        try {
            dialogue.connect(line);
        } catch (AuthenticationFailedException e) {
            String answer = String.valueOf(e.getMessage()).strip();
            throw new IOException(
                    answer.startsWith("No authentication mechanisms")
                            ? "login of " + config.user() + " failed: the server offers " + dialogue.offeredLogins()
                                    + " (expected: PLAIN, LOGIN or CRAM-MD5; some servers offer them with TLS alone)"
                            : "login of " + config.user() + " failed: " + Delivery.shortened(answer)
                                    + " (expected: the password in " + config.passwordFile() + ")",
                    e);
        } catch (MessagingException e) {
            if (String.valueOf(e.getMessage()).startsWith("STARTTLS is required")) {
                throw new IOException(
                        "STARTTLS is required, and the server does not offer it (expected: a server that does, or"
                                + " starttls = \"never\" on a network that you trust)",
                        e);
            }
            if (String.valueOf(e.getMessage()).startsWith("Got bad greeting")) {
                String greeting =
                        String.valueOf(dialogue.getLastServerResponse()).strip();
                throw new IOException(
                        "greeted with " + (greeting.isEmpty() ? "an empty line" : Delivery.shortened(greeting))
                                + " (expected: 220)",
                        e);
            }
            throw e;
        }
    }

    /**
     * Trouble from here on may be this mail's own, also a connection that ends: a scanner may choke on its text. If it
     * is the server's, the next mail does not get as far as this.
     */
    private static Delivery handOver(Session session, SmtpDialogue dialogue, Mail mail) {
        try {
            MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(carried(session, dialogue, mail)));
            dialogue.sendMessage(message, mail.recipients());
            return Delivery.done();
        } catch (SendFailedException e) {
            return SmtpAnswers.afterRefusal(e, mail.recipients(), mail.accepted());
        } catch (MessagingException | IOException e) {
            return Delivery.deferred(SmtpAnswers.reasonOf(e));
        }
    }

    /** The mail as this server carries it. */
    private static byte[] carried(Session session, SmtpDialogue dialogue, Mail mail) throws IOException {
        Encoding needed = Encoding.ofMail(mail.content());
        if (needed == Encoding.SEVEN_BIT) {
            return mail.content();
        }
        if (needed == Encoding.EIGHT_BIT && dialogue.supportsExtension("8BITMIME")) {
            session.getProperties().put("mail.smtp.mailextension", "BODY=8BITMIME");
            return mail.content();
        }
        return Encoding.quotedPrintable(mail.content());
    }

    /** Accepted is accepted, however the dialogue ends after that. */
    private static void quit(SmtpDialogue dialogue) {
        try {
            dialogue.close();
        } catch (MessagingException e) {
            logger.debug("SMTP dialogue did not end well", e);
        }
    }

    private void tellOfPlain(String reason) {
        String text = place() + ": reports go in plain text, as STARTTLS failed and is \"offered\" alone: "
                + Delivery.escaped(reason);
        if (!toldOfPlain) {
            logger.warn("{}", text);
        }
        notices.post(toldOfPlain ? Notice.Level.INFO : Notice.Level.WARNING, "mail smtp plain", "mail: " + text);
        toldOfPlain = true;
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

    private Properties properties(ServerTls tls, StartTls how, boolean required) {
        Properties properties = new Properties();
        properties.put("mail.smtp.ssl.socketFactory", tls);
        // A connection that failed is not repeated past the bounds.
        properties.put("mail.smtp.ssl.socketFactory.fallback", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.starttls.enable", String.valueOf(!config.smtps() && how != StartTls.NEVER));
        properties.put("mail.smtp.starttls.required", String.valueOf(!config.smtps() && required));
        properties.put("mail.smtp.auth", String.valueOf(config.user() != null));
        properties.put("mail.smtp.sendpartial", "true");
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.localhost", ehlo);
        properties.put("mail.smtp.from", from);
        return properties;
    }

    /** Read for each connection, so that a new password needs no restart. */
    private @Nullable String password() throws IOException {
        Path file = config.passwordFile();
        return config.user() == null || file == null ? null : PasswordFile.read(file);
    }
}
