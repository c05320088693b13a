package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.loghost.pattern.PatternSet;

/**
 * Takes the text of one rule file apart. Total: whatever the bytes are, there is a list of patterns, and what was
 * trimmed or left out is a fault.
 *
 * <p>Comments, where they apply: in LogSentry's files {@code #} alone or before a blank or a colon; in logcheck's every
 * line that starts with {@code #}. {@code #:} lines directly above a pattern are its meaning. Used once, by one thread.
 */
final class RuleText {
    private static final int MAX_MEANING = 4_000;
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final RuleSource source;
    private final RulesConfig config;
    private final List<RuleFault> faults;
    private final List<RuleLine> lines = new ArrayList<>();
    private final StringBuilder meaning = new StringBuilder();
    private int carriageReturns;
    private int firstCarriageReturn;
    private int trailingBlanks;
    private int firstTrailingBlank;
    private int emptyLines;
    private int firstEmptyLine;

    private RuleText(RuleSource source, RulesConfig config, List<RuleFault> faults) {
        this.source = source;
        this.config = config;
        this.faults = faults;
    }

    /** The patterns of a file's bytes, in order. */
    static List<RuleLine> lines(RuleSource source, byte[] bytes, RulesConfig config, List<RuleFault> faults) {
        RuleText text = new RuleText(source, config, faults);
        text.read(new String(bytes, StandardCharsets.ISO_8859_1));
        text.reportTrimmed();
        return text.lines;
    }

    private void read(String text) {
        int start = 0;
        if (text.startsWith(BYTE_ORDER_MARK)) {
            start = BYTE_ORDER_MARK.length();
            warn(1, "a byte order mark was left out", "save the file without one");
        }
        for (int number = 1; start < text.length(); number++) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            line(number, text.substring(start, end));
            start = end + 1;
        }
    }

    private void line(int number, String raw) {
        if (isComment(raw)) {
            comment(raw);
            return;
        }
        String text = trimmed(number, raw);
        if (text.isEmpty()) {
            empty(number);
        } else if (text.length() > PatternSet.MAX_PATTERN) {
            fault(
                    number,
                    "a pattern of " + text.length() + " bytes (expected: at most " + PatternSet.MAX_PATTERN + ")");
        } else {
            lines.add(new RuleLine(source, number, text, meaning.isEmpty() ? null : meaning.toString()));
        }
        meaning.setLength(0);
    }

    private boolean isComment(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '#') {
            return false;
        }
        if (config.style() == RulesConfig.Style.LOGCHECK) {
            return true;
        }
        return config.comments() && (raw.length() == 1 || " \t\r:".indexOf(raw.charAt(1)) >= 0);
    }

    /** Keeps what {@code #:} says until the next line that is not such a comment. */
    private void comment(String raw) {
        if (!raw.startsWith("#:")) {
            meaning.setLength(0);
        } else {
            // Meanings are for people to read: characters, not bytes.
            byte[] said = raw.substring(2).strip().getBytes(StandardCharsets.ISO_8859_1);
            meaning.append(meaning.isEmpty() ? "" : "\n").append(new String(said, StandardCharsets.UTF_8));
            meaning.setLength(Math.min(meaning.length(), MAX_MEANING));
        }
    }

    private String trimmed(int number, String raw) {
        int end = raw.length();
        if (end > 0 && raw.charAt(end - 1) == '\r') {
            end--;
            firstCarriageReturn = carriageReturns++ == 0 ? number : firstCarriageReturn;
        }
        int kept = withoutBlanks(raw, end);
        if (kept < end && kept > 0) {
            firstTrailingBlank = trailingBlanks++ == 0 ? number : firstTrailingBlank;
        }
        return raw.substring(0, kept);
    }

    /** The end without trailing blanks; a blank that a backslash stands before belongs to the pattern. */
    private static int withoutBlanks(String raw, int end) {
        int kept = end;
        while (kept > 0 && (raw.charAt(kept - 1) == ' ' || raw.charAt(kept - 1) == '\t')) {
            kept--;
        }
        int backslash = kept;
        while (backslash > 0 && raw.charAt(backslash - 1) == '\\') {
            backslash--;
        }
        return kept < end && (kept - backslash) % 2 == 1 ? kept + 1 : kept;
    }

    /** An empty line is nothing; to egrep it is a pattern that matches everything, so that it is said where it counts. */
    private void empty(int number) {
        if (config.style() == RulesConfig.Style.LOGSENTRY && !config.comments()) {
            firstEmptyLine = emptyLines++ == 0 ? number : firstEmptyLine;
        }
    }

    private void reportTrimmed() {
        if (carriageReturns > 0) {
            warn(
                    firstCarriageReturn,
                    "carriage returns at the end of " + carriageReturns + " lines were left out",
                    "save the file with Unix line ends");
        }
        if (trailingBlanks > 0) {
            warn(
                    firstTrailingBlank,
                    "blanks at the end of " + trailingBlanks + " patterns were left out",
                    "delete them, or write [ ] where a blank is meant");
        }
        if (emptyLines > 0) {
            warn(
                    firstEmptyLine,
                    emptyLines
                            + " empty lines were left out, which egrep would take for patterns that match everything",
                    "delete them");
        }
    }

    private void warn(int number, String what, String advice) {
        faults.add(new RuleFault(source.path(), number, RuleFault.Level.WARNING, what, advice));
    }

    private void fault(int number, String what) {
        String advice = "this rule is not used; split it into several";
        faults.add(new RuleFault(source.path(), number, RuleFault.Level.ERROR, what, advice));
    }
}
