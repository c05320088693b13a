package org.loghost.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.loghost.mail.MailConfig.Smtp;

/** One dialogue with a mail server, as Jakarta Mail leads it: it tells how far STARTTLS came, and can CRAM-MD5. */
final class SmtpDialogue extends SMTPTransport {
    private boolean startTlsBegun;
    private boolean startTlsDone;

    SmtpDialogue(Session session, Smtp config, @Nullable String password) {
        super(session, new URLName("smtp", config.host(), config.port(), null, config.user(), password));
    }

    /** Whether STARTTLS was tried in vain. */
    boolean hasStartTlsFailed() {
        return startTlsBegun && !startTlsDone;
    }

    /** The ways to log in that the server offers. */
    String offeredLogins() {
        String offered = getExtensionParameter("AUTH");
        return offered == null ? "none" : offered;
    }

    @Override
    protected void startTLS() throws MessagingException {
        startTlsBegun = true;
        super.startTLS();
        startTlsDone = true;
    }

    /** CRAM-MD5 is one that Jakarta Mail leaves to SASL, which knows it. */
    @Override
    protected boolean ehlo(String name) throws MessagingException {
        boolean known = super.ehlo(name);
        if (!supportsAuthentication("LOGIN")
                && !supportsAuthentication("PLAIN")
                && supportsAuthentication("CRAM-MD5")) {
            setSASLEnabled(true);
            setSASLMechanisms(new String[] {"CRAM-MD5"});
        }
        return known;
    }
}
