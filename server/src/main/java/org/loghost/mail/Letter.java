package org.loghost.mail;

import java.time.ZonedDateTime;
import java.util.regex.Pattern;

/**
 * A report as it goes to the outbox, not yet in the form of a mail. Immutable.
 *
 * @param id what makes two letters the same, for ever; letters are delivered in the order of their ids. 1 to 64 of
 *     {@code [A-Za-z0-9-]}, because it names a file and stands in the Message-ID
 * @param date when the report was made, in the server's zone
 * @param subject one line without control characters
 * @param text the body: lines that end in LF, of any length
 * @param urgency the worst it tells of; when there is no room for all, the least urgent go first
 */
public record Letter(String id, ZonedDateTime date, String subject, String text, Urgency urgency) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /** The worst a report tells of, the least first. */
    public enum Urgency {
        /** Notices alone. */
        NOTICES,
        /** Unusual System Activity. */
        UNUSUAL,
        /** Security Violations. */
        VIOLATIONS,
        /** ACTIVE SYSTEM ATTACK. */
        ATTACK
    }

    /** Refuses an unsafe id and a subject that could end its header. */
    public Letter {
        if (!isId(id)) {
            throw new IllegalArgumentException("id: " + id + " (expected: 1 to 64 of [A-Za-z0-9-])");
        }
        if (subject.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("subject: has a control character (expected: one plain line)");
        }
    }

    /** A letter of no particular urgency. */
    public Letter(String id, ZonedDateTime date, String subject, String text) {
        this(id, date, subject, text, Urgency.NOTICES);
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
