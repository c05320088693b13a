package org.loghost.mail;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code [mail]} of the configuration: at least one of Maildir and SMTP.
 *
 * @param maildir {@code maildir}: a Maildir that gets every report; null for none
 * @param smtp {@code smtp}: the mail server; null for none
 * @param from {@code from}: the sender's address
 */
public record MailConfig(@Nullable Path maildir, @Nullable Smtp smtp, String from) {

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
     */
    public record Smtp(
            String host,
            int port,
            @Nullable String user,
            @Nullable Path passwordFile,
            boolean smtps,
            StartTls startTls,
            @Nullable Path trust) {}

    /** How STARTTLS is used. */
    public enum StartTls {
        /** No mail without it; the default unless the server is on loopback. */
        REQUIRED,
        /** When the server offers it. */
        OFFERED,
        /** Not at all. */
        NEVER
    }
}
