package org.loghost.mail;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/** A mail server's refusals as the outbox wants them: whom they concern, for how long, and what to do. */
final class SmtpAnswers {
    private static final Pattern GREETED_WRONGLY =
            Pattern.compile("(?i)helo command rejected|need fully-qualified hostname|\\bHELO\\b.*(?:invalid|reject)");

    private SmtpAnswers() {}

    /**
     * The server said no. To the sender, to DATA or to the text: that answer is for every recipient. Else to recipients
     * alone, and those it took have the mail.
     */
    static Delivery afterRefusal(SendFailedException failure, Address[] recipients, Set<String> accepted) {
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
                        .append(text(refused));
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

    /** What a failure says; one of Jakarta Mail with its cause, when that says more. */
    static String reasonOf(Exception failure) {
        if (failure instanceof IOException) {
            return text(failure);
        }
        if (failure.getCause() instanceof IOException trouble
                && String.valueOf(failure.getMessage()).startsWith("Exception reading")) {
            return text(trouble);
        }
        StringBuilder reason = new StringBuilder(text(failure));
        Throwable cause = failure.getCause();
        if (cause != null && !reason.toString().contains(String.valueOf(cause.getMessage()))) {
            reason.append(": ").append(text(cause));
        }
        return reason.toString();
    }

    /** What a failure says, and what to do where that is certain. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        String line = message.strip();
        return GREETED_WRONGLY.matcher(line).find() || line.startsWith("504")
                ? Delivery.shortened(line) + " (expected: ehlo in [mail] with this machine's full name)"
                : line;
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
}
