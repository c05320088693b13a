package org.loghost.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.mail.MailConfig;
import org.loghost.mail.OutboxLimits;

/** The table {@code [mail]}. */
final class MailReader {
    private static final String EHLO =
            "this machine's full name, such as \"loghost.example.com\", or its address in brackets";

    private MailReader() {}

    static MailConfig read(Section section, Path data, String machine) {
        Path maildir = section.value("maildir", "a folder", data::resolve);
        MailConfig.Smtp smtp = smtp(section, data);
        String from = section.value("from", Addresses.MAIL, Addresses::mail);
        OutboxLimits usual = OutboxLimits.defaults();
        OutboxLimits limits = OutboxLimits.of(
                section.duration("give-up", usual.giveUp(), Duration.ofHours(1), Duration.ofDays(365)),
                section.size("outbox-size", usual.size(), 16L << 20, 1L << 40));
        section.finish();
        return new MailConfig(
                maildir == null && !section.has("smtp") ? data.resolve("mail") : maildir,
                smtp,
                from == null ? "loghost@" + machine : from,
                limits);
    }

    private static MailConfig.@Nullable Smtp smtp(Section section, Path data) {
        SmtpUrl url = section.value("smtp", SmtpUrl.EXPECTED, SmtpUrl::of);
        Path passwordFile = section.value("password-file", "a file", data::resolve);
        Path trust = section.value("trust", "a PEM file", data::resolve);
        MailConfig.StartTls startTls = section.choice("starttls", MailConfig.StartTls.values());
        String ehlo = section.value("ehlo", EHLO, MailReader::ehlo);
        if (url == null) {
            for (String key : List.of("password-file", "trust", "starttls", "ehlo")) {
                if (section.has(key) && !section.has("smtp")) {
                    section.fault(key, "mail." + key + " has no meaning here (expected: smtp = … beside it)");
                }
            }
            return null;
        }
        checkLogin(section, url, passwordFile);
        MailConfig.StartTls usual = url.isLoopback() ? MailConfig.StartTls.OFFERED : MailConfig.StartTls.REQUIRED;
        return new MailConfig.Smtp(
                url.host(),
                url.port(),
                url.user(),
                passwordFile,
                url.tls(),
                startTls == null ? usual : startTls,
                trust,
                ehlo);
    }

    /** Passwords stand in a file of their own: configurations are readable, copied and shown. */
    private static void checkLogin(Section section, SmtpUrl url, @Nullable Path passwordFile) {
        if (url.hasPassword()) {
            section.fault(
                    "smtp",
                    "mail.smtp holds a password (expected: \"smtp://USER@HOST\", and password-file = a file that holds"
                            + " it)");
        } else if (url.user() != null && passwordFile == null && !section.has("password-file")) {
            section.fault("smtp", "mail.smtp names a user (expected: password-file = a file that holds the password)");
        } else if (url.user() == null && passwordFile != null) {
            section.fault("password-file", "mail.smtp names no user (expected: \"smtp://USER@HOST\")");
        }
    }

    /** RFC 5321 section 4.1.3 lets those who have no name give their address in brackets. */
    private static String ehlo(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            String address = text.substring(1, text.length() - 1);
            Addresses.address(address.startsWith("IPv6:") ? address.substring(5) : address);
            return text;
        }
        return Addresses.hostName(text);
    }
}
