package org.loghost.mail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code [mail]} of the configuration: at least one of Maildir and SMTP.
 *
 * @param maildir {@code maildir}: a Maildir that gets every report; null for none
 * @param smtp {@code smtp}: the mail server; null for none
 * @param from {@code from}: the sender's address
 * @param limits {@code give-up} and {@code outbox-size}
 */
public record MailConfig(@Nullable Path maildir, @Nullable Smtp smtp, String from, OutboxLimits limits) {

    /** With the usual limits. */
    public MailConfig(@Nullable Path maildir, @Nullable Smtp smtp, String from) {
        this(maildir, smtp, from, OutboxLimits.defaults());
    }

    /**
     * {@code smtp = "smtp://user@host:587"} and what belongs to it.
     *
     * @param host the mail server
     * @param port its port; 25, or 465 with {@code smtps}
     * @param user who logs in; null for no login
     * @param passwordFile {@code password-file}: holds the password; null for no login
     * @param smtps {@code smtps://}: TLS from the first byte
     * @param startTls {@code starttls = "required"}, {@code "offered"} or {@code "never"}
     * @param trust {@code trust}: a PEM file of certificates to trust beside the system's; null for none
     * @param ehlo {@code ehlo}: what this machine calls itself; null for its own name
     */
    public record Smtp(
            String host,
            int port,
            @Nullable String user,
            @Nullable Path passwordFile,
            boolean smtps,
            StartTls startTls,
            @Nullable Path trust,
            @Nullable String ehlo) {

        /** With the machine's own name in EHLO. */
        public Smtp(
                String host,
                int port,
                @Nullable String user,
                @Nullable Path passwordFile,
                boolean smtps,
                StartTls startTls,
                @Nullable Path trust) {
            this(host, port, user, passwordFile, smtps, startTls, trust, null);
        }

        /** What may be written, and will not work as things are on this machine. */
        public List<String> warnings() {
            List<String> warnings = new ArrayList<>();
            if (SmtpConnector.isTlsPort(smtps, port)) {
                warnings.add("mail.smtp: port 465 speaks TLS from the first byte (expected: \"smtps://" + host + "\")");
            }
            if (passwordFile != null && Files.exists(passwordFile)) {
                PasswordFile.fault(passwordFile).ifPresent(warnings::add);
            }
            return List.copyOf(warnings);
        }
    }

    /** How STARTTLS is used. */
    public enum StartTls {
        /** No mail without it; the default unless the server is on loopback. */
        REQUIRED,
        /** When the server offers it and it works; a password leaves the machine by TLS alone. */
        OFFERED,
        /** Not at all. */
        NEVER
    }
}
