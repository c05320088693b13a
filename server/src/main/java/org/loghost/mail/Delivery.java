package org.loghost.mail;

import java.util.List;

/**
 * How one try to deliver ended.
 *
 * @param outcome what to do now
 * @param accepted recipients that have the mail by this try
 * @param reason why not, or which recipients will not get it; one escaped line, empty when all is well
 */
public record Delivery(Outcome outcome, List<String> accepted, String reason) {

    /** What the outbox does next. */
    public enum Outcome {
        /** Handed over: never again. */
        ACCEPTED,
        /** The destination cannot be reached or used at all: this mail and those behind it wait. */
        LATER,
        /** This mail alone is not taken for now, or is no mail: it waits, and those behind it pass. */
        DEFERRED,
        /** This mail is refused for good: it is kept and tried seldom, and those behind it pass. */
        REFUSED
    }

    static Delivery done() {
        return new Delivery(Outcome.ACCEPTED, List.of(), "");
    }

    static Delivery later(String reason) {
        return new Delivery(Outcome.LATER, List.of(), escaped(reason));
    }

    static Delivery deferred(String reason) {
        return new Delivery(Outcome.DEFERRED, List.of(), escaped(reason));
    }

    static Delivery refused(String reason) {
        return new Delivery(Outcome.REFUSED, List.of(), escaped(reason));
    }

    /** Room for a remedy behind the other side's words. */
    static String shortened(String words) {
        return words.length() <= 250 ? words : words.substring(0, 250) + "...";
    }

    /** One line of at most 500 characters: the other side's words may hold anything. */
    static String escaped(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < 500; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                line.append(c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                line.append(' ');
            } else {
                line.append('?');
            }
        }
        return line.toString().strip();
    }
}
