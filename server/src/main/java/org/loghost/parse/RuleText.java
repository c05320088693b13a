package org.loghost.parse;

/**
 * Takes the wrappings away that would hide a message from rules written for plain lines: the message ID of Solaris,
 * {@code [ID 800047 auth.info] }, and {@code message repeated 5 times: [ … ]} of rsyslog. Counts repeats.
 *
 * <p>Stateless.
 */
final class RuleText {
    /** No message stands for more: a forged number must not blow up every count. */
    static final int MAX_REPEAT = 1_000_000;

    private static final byte[] ID = Ascii.bytes("[ID ");
    private static final byte[] MESSAGE_REPEATED = Ascii.bytes("message repeated ");
    private static final byte[] TIMES_OPEN = Ascii.bytes(" times: [");
    private static final byte[] LAST_MESSAGE_REPEATED = Ascii.bytes("last message repeated ");
    private static final byte[] DASHES = Ascii.bytes("--- ");
    private static final byte[] TIME = Ascii.bytes(" time");

    private RuleText() {}

    /** Looks at the message behind the tag, and sets the rules' text and the repeat where such a form is present. */
    static void unwrap(byte[] bytes, ParsedMessage message) {
        int at = message.messageOffset;
        if (at >= message.end) {
            return;
        }
        switch (bytes[at]) {
            case '[' -> solaris(bytes, at, message);
            case 'm' -> messageRepeated(bytes, at, message);
            case 'l' -> lastMessageRepeated(bytes, at, message);
            case '-' -> {
                if (Ascii.isAt(bytes, at, message.end, DASHES)) { // macOS
                    lastMessageRepeated(bytes, at + DASHES.length, message);
                }
            }
            default -> {}
        }
    }

    private static void solaris(byte[] bytes, int at, ParsedMessage message) {
        int end = message.end;
        if (!Ascii.isAt(bytes, at, end, ID)) {
            return;
        }
        int number = at + ID.length;
        int word = Ascii.skipDigits(bytes, number, end);
        if (word == number || !Ascii.isAt(bytes, word, end, ' ')) {
            return;
        }
        int close = word + 1;
        while (close < end && (Ascii.isLetterOrDigit(bytes[close]) || bytes[close] == '.')) {
            close++;
        }
        if (close > word + 1 && Ascii.isAt(bytes, close, end, ']')) {
            message.ruleOffset = Ascii.skipBlanks(bytes, close + 1, end);
            message.ruleEnd = end;
            messageRepeated(bytes, message.ruleOffset, message);
        }
    }

    private static void messageRepeated(byte[] bytes, int at, ParsedMessage message) {
        int end = message.end;
        if (!Ascii.isAt(bytes, at, end, MESSAGE_REPEATED)) {
            return;
        }
        int number = at + MESSAGE_REPEATED.length;
        int after = Ascii.skipDigits(bytes, number, end);
        int close = end;
        while (close > after && bytes[close - 1] == ' ') {
            close--;
        }
        if (after > number && Ascii.isAt(bytes, after, end, TIMES_OPEN) && bytes[close - 1] == ']') {
            message.repeat = times(bytes, number, after);
            message.ruleOffset = Ascii.skipBlanks(bytes, after + TIMES_OPEN.length, close - 1);
            message.ruleEnd = close - 1;
        }
    }

    private static void lastMessageRepeated(byte[] bytes, int at, ParsedMessage message) {
        if (!Ascii.isAt(bytes, at, message.end, LAST_MESSAGE_REPEATED)) {
            return;
        }
        int number = at + LAST_MESSAGE_REPEATED.length;
        int after = Ascii.skipDigits(bytes, number, message.end);
        if (after > number && Ascii.isAt(bytes, after, message.end, TIME)) {
            message.repeat = times(bytes, number, after);
        }
    }

    private static int times(byte[] bytes, int from, int to) {
        int value = 0;
        for (int i = from; i < to && value < MAX_REPEAT; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return Math.max(1, Math.min(MAX_REPEAT, value));
    }
}
