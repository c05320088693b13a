package org.loghost.mail;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.loghost.mail.MailConfig.Smtp;

/** Why TLS to a mail server failed, and what to do about it, in the operator's words instead of the library's. */
final class TlsFault {
    private static final int MOST_NAMES = 5;

    private TlsFault() {}

    /** Whether a failure is one of TLS. */
    static boolean isIn(Throwable failure) {
        return cause(failure, SSLException.class) != null;
    }

    /**
     * What, and what to do.
     *
     * @param shown the certificate that the server has shown; null for none
     */
    static String text(Throwable failure, Smtp config, @Nullable X509Certificate shown) {
        String words = words(failure);
        boolean ofCertificate = cause(failure, CertificateException.class) != null;
        if (shown != null && ofCertificate && shown.getNotAfter().toInstant().isBefore(Instant.now())) {
            return "TLS: the server's certificate has expired on "
                    + day(shown.getNotAfter().toInstant())
                    + " (expected: one that is valid; renew it on the mail server, and look at this machine's clock)";
        }
        if (shown != null && ofCertificate && shown.getNotBefore().toInstant().isAfter(Instant.now())) {
            return "TLS: the server's certificate is not valid before "
                    + day(shown.getNotBefore().toInstant())
                    + " (expected: one that is valid; is this machine's clock right?)";
        }
        if (shown != null && (words.contains("No name matching") || words.contains("No subject alternative"))) {
            return "TLS: the server's certificate is for " + names(shown) + ", not for " + config.host()
                    + " (expected: smtp with a name that is in it, or a certificate for " + config.host() + ")";
        }
        if (words.contains("Unsupported or unrecognized SSL message") || words.contains("plaintext connection")) {
            return config.smtps()
                    ? "TLS: the server answers in plain text (expected: smtp = \"smtp://…\", which uses STARTTLS, or a"
                            + " port where TLS begins at once, mostly 465)"
                    : "TLS: the server goes on in plain text after STARTTLS (expected: TLS; look at the mail server's"
                            + " settings)";
        }
        if (isWithoutCommonGround(words)) {
            return "TLS: no version or cipher in common: " + words
                    + " (expected: TLS 1.2 or later; bring the mail server up to date)";
        }
        if (words.contains("terminated the handshake") || words.contains("Connection reset")) {
            return "TLS: the server has ended the handshake without a word (expected: TLS 1.2 or later; look at the"
                    + " mail server's log"
                    + (config.smtps() ? ", and whether this port speaks TLS from the first byte)" : ")");
        }
        if (words.contains("Algorithm constraints") || words.contains("not conform")) {
            return "TLS: the server's certificate is too weak: " + words
                    + " (expected: RSA with 2048 bits or EC, signed with SHA-256 or better)";
        }
        // Also one that replaced another of the same name, which is the one trusted.
        return shown != null && ofCertificate ? untrusted(config, shown) : "TLS: " + words + otherwise(config);
    }

    private static String untrusted(Smtp config, X509Certificate shown) {
        boolean selfSigned = shown.getSubjectX500Principal().equals(shown.getIssuerX500Principal());
        String who = selfSigned
                ? "is self-signed (" + shown.getSubjectX500Principal().getName() + ")"
                : "is signed by an authority that is not known here ("
                        + shown.getIssuerX500Principal().getName() + ")";
        String what = config.trust() == null
                ? "trust = a PEM file with " + (selfSigned ? "it" : "that authority's certificate")
                : (selfSigned ? "it" : "that authority's certificate") + " in " + config.trust();
        return "TLS: the server's certificate " + who + " (expected: " + what
                + ", as from: openssl s_client -showcerts " + (config.smtps() ? "" : "-starttls smtp ") + "-connect "
                + config.host() + ":" + config.port() + ")";
    }

    private static boolean isWithoutCommonGround(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return lower.contains("protocol_version")
                || lower.contains("handshake_failure")
                || lower.contains("insufficient_security")
                || lower.contains("appropriate protocol")
                || lower.contains("no cipher suites in common")
                || lower.contains("selected protocol version");
    }

    private static String otherwise(Smtp config) {
        return config.smtps()
                ? " (expected: a server that speaks TLS from the first byte; else smtp = \"smtp://…\")"
                : " (expected: a handshake; look at the mail server's log)";
    }

    /** The innermost words, which say most. */
    private static String words(Throwable failure) {
        StringBuilder words = new StringBuilder();
        for (Throwable cause = failure; cause != null && words.length() < 1_000; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && words.indexOf(message) < 0) {
                words.insert(0, words.isEmpty() ? message : message + "; ");
            }
        }
        return words.toString();
    }

    private static <T> @Nullable T cause(Throwable failure, Class<T> type) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String names(X509Certificate shown) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = shown.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(1) instanceof String text && names.size() < MOST_NAMES) {
                    names.add(text);
                }
            }
        } catch (CertificateParsingException e) {
            // The subject has to do.
        }
        return names.isEmpty() ? shown.getSubjectX500Principal().getName() : String.join(", ", names);
    }

    private static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }
}
