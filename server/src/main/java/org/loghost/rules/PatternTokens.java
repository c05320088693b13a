package org.loghost.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern cut into the pieces a person sees: brackets, escapes, operators. It only serves to talk about patterns; what
 * a pattern means is the engine's business alone. Total: a pattern that is invalid has pieces, too.
 */
final class PatternTokens {
    /** What a piece is. */
    enum Kind {
        LITERAL,
        ESCAPE,
        BRACKET,
        OPEN,
        CLOSE,
        BAR,
        START,
        END,
        ANY,
        REPEAT
    }

    /**
     * One piece.
     *
     * @param text as it stands in the pattern
     * @param depth how many parentheses are open around it
     * @param at where it begins
     */
    record Token(Kind kind, String text, int depth, int at) {}

    private final String pattern;
    private final List<Token> tokens = new ArrayList<>();
    private int depth;

    private PatternTokens(String pattern) {
        this.pattern = pattern;
    }

    static List<Token> of(String pattern) {
        PatternTokens reader = new PatternTokens(pattern);
        int at = 0;
        while (at < pattern.length()) {
            at = reader.token(at);
        }
        return reader.tokens;
    }

    private int token(int at) {
        return switch (pattern.charAt(at)) {
            case '\\' -> add(Kind.ESCAPE, at, Math.min(pattern.length(), at + 2));
            case '[' -> bracket(at);
            case '(' -> {
                int end = add(Kind.OPEN, at, at + 1);
                depth++;
                yield end;
            }
            case ')' -> {
                depth = Math.max(0, depth - 1);
                yield add(Kind.CLOSE, at, at + 1);
            }
            case '|' -> add(Kind.BAR, at, at + 1);
            case '^' -> add(Kind.START, at, at + 1);
            case '$' -> add(Kind.END, at, at + 1);
            case '.' -> add(Kind.ANY, at, at + 1);
            case '*', '+', '?' -> add(Kind.REPEAT, at, at + 1);
            case '{' -> interval(at);
            default -> add(Kind.LITERAL, at, at + 1);
        };
    }

    private int add(Kind kind, int from, int to) {
        tokens.add(new Token(kind, pattern.substring(from, to), depth, from));
        return to;
    }

    private int interval(int at) {
        int end = at + 1;
        while (end < pattern.length() && "0123456789,".indexOf(pattern.charAt(end)) >= 0) {
            end++;
        }
        boolean closed = end > at + 1 && end < pattern.length() && pattern.charAt(end) == '}';
        return closed ? add(Kind.REPEAT, at, end + 1) : add(Kind.LITERAL, at, at + 1);
    }

    /** One that is not closed is no bracket, whatever it looks like. */
    private int bracket(int at) {
        int close = closingBracket(at);
        boolean closed = close < pattern.length();
        return add(closed ? Kind.BRACKET : Kind.LITERAL, at, closed ? close + 1 : pattern.length());
    }

    /** Where the closing bracket is, which may stand first as a member and inside {@code [:x:]}; the end without one. */
    private int closingBracket(int open) {
        int at = open + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        if (at < pattern.length() && pattern.charAt(at) == ']') {
            at++;
        }
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            at = memberEnd(at);
        }
        return at;
    }

    private int memberEnd(int at) {
        if (pattern.charAt(at) == '[' && at + 1 < pattern.length() && ":.=".indexOf(pattern.charAt(at + 1)) >= 0) {
            int close = pattern.indexOf(pattern.charAt(at + 1) + "]", at + 2);
            return close < 0 ? at + 1 : close + 2;
        }
        return at + 1;
    }
}
