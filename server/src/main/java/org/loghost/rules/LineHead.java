package org.loghost.rules;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time stamp and the host at the start of a log line, in the two forms that archives have.
 *
 * @param rule what matches any such time stamp, with the blank after it; empty when there is none
 * @param host the host, empty when there is none
 * @param length how many characters of the line both take, with the blank after the host
 */
record LineHead(String rule, String host, int length) {
    private static final Pattern CLASSIC = Pattern.compile("[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} ([^ ]+) ");
    private static final Pattern ISO =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(?:Z|[+-][0-9]{2}:?[0-9]{2})? ([^ ]+) ");
    private static final String CLASSIC_RULE = "[[:alpha:]]{3} [ :[:digit:]]{11} ";
    private static final String ISO_RULE = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,+Z-]+ ";
    private static final LineHead NONE = new LineHead("", "", 0);

    static LineHead of(String line) {
        Matcher classic = CLASSIC.matcher(line);
        if (classic.lookingAt()) {
            return new LineHead(CLASSIC_RULE, classic.group(1), classic.end());
        }
        Matcher iso = ISO.matcher(line);
        return iso.lookingAt() ? new LineHead(ISO_RULE, iso.group(1), iso.end()) : NONE;
    }
}
