package org.loghost.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.loghost.rules.PatternTokens.Kind;
import org.loghost.rules.PatternTokens.Token;

/**
 * What is valid in a pattern and rarely meant: the traps that one falls into with egrep. Looks at the text alone. Used
 * once, by one thread.
 */
final class PatternAdvice {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){1,3}");
    private static final Pattern ADDRESS_6 = Pattern.compile("[0-9a-fA-F]{1,4}:[0-9a-fA-F:]*:[0-9a-fA-F:]*");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{3,}");
    private static final Pattern SPELLED = Pattern.compile("[a-zA-Z]{5,}");

    /** What can be said about a pattern: {@link Complaint} without its place. */
    record Remark(String what, String why, String instead) {}

    private final List<Token> tokens;
    private final List<Remark> remarks = new ArrayList<>();

    private PatternAdvice(String pattern) {
        this.tokens = PatternTokens.of(pattern);
    }

    /** The remarks about a pattern; {@code hides} says that it takes lines out of the report. */
    static List<Remark> about(String pattern, boolean hides) {
        PatternAdvice advice = new PatternAdvice(pattern);
        advice.alternatives();
        for (int i = 0; i < advice.tokens.size(); i++) {
            advice.token(i);
        }
        if (hides) {
            advice.anchors();
        }
        return advice.remarks;
    }

    private void token(int i) {
        Token token = tokens.get(i);
        switch (token.kind()) {
            case BRACKET -> bracket(i, token.text());
            case ESCAPE -> escape(token.text());
            case REPEAT -> repeat(i, token.text());
            default -> {}
        }
    }

    /** {@code ^a|b$}: each anchor belongs to its alternative. */
    private void alternatives() {
        boolean bar = has(Kind.BAR);
        boolean anchor = has(Kind.START) || has(Kind.END);
        if (bar && anchor && !everyAlternativeIsAnchored()) {
            say(
                    "| outside parentheses",
                    "an anchor holds for its own alternative alone, and the others match anywhere in a line",
                    "^prefix (this|that)$");
        }
    }

    private boolean has(Kind kind) {
        return tokens.stream().anyMatch(token -> token.kind() == kind && token.depth() == 0);
    }

    private boolean everyAlternativeIsAnchored() {
        int first = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size()
                    || (tokens.get(i).kind() == Kind.BAR && tokens.get(i).depth() == 0)) {
                if (i == first
                        || tokens.get(first).kind() != Kind.START
                        || tokens.get(i - 1).kind() != Kind.END) {
                    return false;
                }
                first = i + 1;
            }
        }
        return true;
    }

    private void bracket(int i, String text) {
        boolean negated = text.startsWith("[^");
        String members = text.substring(negated ? 2 : 1, Math.max(negated ? 2 : 1, text.length() - 1));
        if (members.length() > 1
                && members.endsWith("\\")
                && i + 1 < tokens.size()
                && tokens.get(i + 1).text().equals("]")) {
            say(
                    text + "]",
                    "a backslash is itself in a bracket, so that the first ] closes it",
                    "put ] first: []" + members.substring(0, members.length() - 1) + "]");
        } else if (members.matches(".*\\\\[dDsSwWnt].*")) {
            say(text, "a backslash is itself in a bracket", "[0-9], [[:space:]] or [_[:alnum:]]");
        }
        if (!negated) {
            shape(i, text, members);
        }
    }

    private void shape(int i, String text, String members) {
        String literal = "\\[" + members.replace(".", "\\.") + "\\]";
        String chars = "it is one character out of these";
        if (ADDRESS.matcher(members).matches()) {
            say(
                    text + " looks like an address",
                    chars,
                    literal + " for this one, or \\[[0-9]{1,3}(\\.[0-9]{1,3}){3}\\] for any");
        } else if (ADDRESS_6.matcher(members).matches()) {
            say(text + " looks like an address", chars, literal + " for this one, or \\[[[:xdigit:]:.]+\\] for any");
        } else if (DIGITS.matcher(members).matches() && !ascends(members)) {
            say(text + " looks like a process number", chars, literal + " for this one, or \\[[0-9]+\\] for any");
        } else if ("\\".equals(repeated(members))) {
            say(text, "a backslash is itself in a bracket", "the characters without backslashes");
        } else if (repeated(members) != null) {
            say(
                    text + " has " + repeated(members) + " twice",
                    chars,
                    "it once, or " + literal + " if the brackets are meant themselves");
        } else if (SPELLED.matcher(members).matches() && !ascends(members) && !isOneOf(i)) {
            say(
                    text + " spells a word",
                    chars,
                    literal + " if the brackets are meant themselves, or (a|b) for one of several");
        }
    }

    /** {@code [aeiou]+} and {@code [aeiou]*}: a set of characters that is meant as one. */
    private boolean isOneOf(int i) {
        return i + 1 < tokens.size() && tokens.get(i + 1).kind() == Kind.REPEAT;
    }

    private static boolean ascends(String members) {
        for (int i = 1; i < members.length(); i++) {
            if (members.charAt(i) <= members.charAt(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** A character that stands in a bracket twice; null when none does, or when classes and ranges make it hard to say. */
    private static @Nullable String repeated(String members) {
        Set<Character> seen = new HashSet<>();
        int at = 0;
        while (at < members.length()) {
            char c = members.charAt(at);
            if (c == '[' && at + 1 < members.length() && ":.=".indexOf(members.charAt(at + 1)) >= 0) {
                int close = members.indexOf(members.charAt(at + 1) + "]", at + 2);
                at = close < 0 ? members.length() : close + 2;
            } else if (at + 2 < members.length() && members.charAt(at + 1) == '-') {
                at += 3;
            } else if (!seen.add(c)) {
                return String.valueOf(c);
            } else {
                at++;
            }
        }
        return null;
    }

    private void escape(String text) {
        char c = text.length() < 2 ? ' ' : text.charAt(1);
        switch (c) {
            case '`' -> say(text, "it is the start of the line", "^, or ` for the character");
            case '\'' -> say(text, "it is the end of the line", "$, or ' for the character");
            case 'd' -> say(text, "it is the letter d, as this is not Perl", "[0-9]");
            case 'D' -> say(text, "it is the letter D, as this is not Perl", "[^0-9]");
            case 'w', 'W', 's', 'S', 'b', 'B' -> {}
            default -> {
                if (Character.isLetter(c)) {
                    say(text, "it is the letter " + c + ", as this is not Perl", c + ", or the character itself");
                }
            }
        }
    }

    private void repeat(int i, String text) {
        Token before = i == 0 ? null : tokens.get(i - 1);
        if (before == null || before.kind() == Kind.BAR) {
            say(text + " at the beginning", "there is nothing to repeat, and it matches anywhere", "\\" + text);
        } else if (before.kind() == Kind.OPEN) {
            if (text.equals("?")) {
                say("(?", "it is an ordinary group, as this is not Perl", "( without the ?");
            } else {
                say(text + " after (", "there is nothing to repeat", "\\" + text);
            }
        } else if (before.kind() == Kind.START || before.kind() == Kind.END) {
            say(
                    before.text() + text,
                    "it repeats the anchor, which then need not hold",
                    before.text() + ".*, or \\" + text + " for the character");
        } else if (before.kind() == Kind.REPEAT && text.equals("?")) {
            say(before.text() + text, "there are no lazy repeats, as this is not Perl", before.text());
        }
    }

    private void anchors() {
        if (tokens.isEmpty()) {
            return;
        }
        boolean start = isAtEdge(Kind.START, 0, 1);
        boolean end = isAtEdge(Kind.END, tokens.size() - 1, -1);
        if (!start || !end) {
            String which = start ? "no $ at the end" : end ? "no ^ at the start" : "neither ^ nor $";
            say(
                    which,
                    "it also hides lines that merely hold this text, such as what an attacker makes a program log",
                    start ? "…$" : end ? "^[[:alpha:]]{3} [ :[:digit:]]{11} [._[:alnum:]-]+ …" : "^…$");
        }
    }

    /** Whether the anchor is the outermost piece, parentheses aside. */
    private boolean isAtEdge(Kind anchor, int from, int step) {
        for (int i = from; i >= 0 && i < tokens.size(); i += step) {
            Token token = tokens.get(i);
            if (token.kind() != Kind.OPEN && token.kind() != Kind.CLOSE) {
                String text = anchor == Kind.START ? "\\`" : "\\'";
                return token.kind() == anchor || token.text().equals(text);
            }
        }
        return false;
    }

    private void say(String what, String why, String instead) {
        remarks.add(new Remark(what, why, instead));
    }
}
