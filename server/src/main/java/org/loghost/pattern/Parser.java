package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.Ast.Edge;

/**
 * Reads one pattern as GNU grep 3.8 does.
 *
 * <p>grep reads every pattern twice: glibc's {@code regcomp} checks its syntax, and gnulib's {@code dfa.c} builds what
 * is matched. The two disagree on odd patterns ({@code ^*a}, <code>a{1\,2}</code>). The stricter one decides whether a
 * pattern is valid; {@code dfa.c} decides what it means, unless it contains a back-reference or a collating element,
 * which only {@code regcomp} can match. {@link Dialect} names the two readers. Patterns are bytes; a newline is an
 * ordinary byte here, because rule files cannot contain one.
 */
final class Parser {
    /** Which of grep's two readers is followed. */
    enum Dialect {
        /** gnulib's dfa.c. */
        DFA,
        /** glibc's regcomp.c. */
        REGEX
    }

    /**
     * Parentheses and repetitions inside one another, both counted, deeper than this are refused: everything that
     * walks an {@link Ast} calls itself for each level.
     */
    static final int MAX_DEPTH = 200;

    private static final int MAX_REPEAT = 32_767;
    private static final int FURTHER_GROUPS_ARE_UNNAMED = 9;

    private final byte[] pattern;
    private final boolean ignoreCase;
    private final boolean utf8;
    private final Dialect dialect;
    private int at;
    /** How many parentheses are open. */
    private int depth;
    /** How many parentheses and repetitions stand inside one another in what was read last. */
    private int height;

    private int groups;
    private int closedGroups;
    /** The position of an opening brace that regcomp has found to be literal, or -1. */
    private int literalBrace = -1;

    private boolean needsRegex;

    /** A pattern for characters, {@code utf8}, must be well-formed UTF-8. */
    Parser(byte[] pattern, boolean ignoreCase, boolean utf8, Dialect dialect) {
        this.pattern = pattern;
        this.ignoreCase = ignoreCase;
        this.utf8 = utf8;
        this.dialect = dialect;
    }

    Ast parse() throws PatternException {
        return choice();
    }

    /** True after parsing when grep leaves the matching of this pattern to {@code regcomp}. */
    boolean needsRegex() {
        return needsRegex;
    }

    private Ast choice() throws PatternException {
        List<Ast> branches = new ArrayList<>();
        branches.add(branch());
        int highest = height;
        while (peek() == '|') {
            at++;
            branches.add(branch());
            highest = Math.max(highest, height);
        }
        height = highest;
        return Ast.choice(branches);
    }

    private Ast branch() throws PatternException {
        List<Ast> items = new ArrayList<>();
        int highest = 0;
        while (peek() >= 0 && peek() != '|' && !(peek() == ')' && depth > 0)) {
            height = 0;
            items.add(dialect == Dialect.DFA ? dfaExpression() : regexExpression());
            highest = Math.max(highest, height);
        }
        height = highest;
        return Ast.sequence(items);
    }

    /** dfa.c, closure(): an operator without operand repeats the empty string. */
    private Ast dfaExpression() throws PatternException {
        return repeats(isOperator(peek()) ? Ast.EMPTY : atom());
    }

    /** regcomp.c, parse_expression(): skips operators without operand; an anchor cannot be repeated. */
    private Ast regexExpression() throws PatternException {
        while (isOperator(peek())) {
            at++;
        }
        if (peek() < 0 || peek() == '|') {
            return Ast.EMPTY;
        }
        Ast atom = atom();
        return atom instanceof Ast.Anchor ? atom : repeats(atom);
    }

    /** Whether an operator stands here. An opening brace counts when it opens a valid interval. */
    private boolean isOperator(int c) throws PatternException {
        if (c != '{') {
            return c == '*' || c == '+' || c == '?';
        }
        // regcomp knows that a brace is literal only after it has tried it as an operator of something.
        return dialect == Dialect.REGEX ? literalBrace != at : dfaInterval() != null;
    }

    @SuppressWarnings("ReferenceEquality") // asks whether this very operand is inside, or was joined with the operator
    private Ast repeats(Ast operand) throws PatternException {
        Ast result = operand;
        while (isOperator(peek())) {
            int c = peek();
            Interval interval = c == '{' ? interval() : Interval.of(c, at + 1);
            if (interval == null) {
                literalBrace = at;
                break;
            }
            at = interval.end;
            Ast repeated = Ast.repeat(result, interval.min, interval.max);
            boolean inside = repeated instanceof Ast.Repeat outer && outer.body() == result;
            higher(inside ? 1 : 0);
            result = repeated;
        }
        return result;
    }

    private Ast atom() throws PatternException {
        int start = at;
        int c = next();
        return switch (c) {
            case '^' -> new Ast.Anchor(Edge.LINE_START);
            case '$' -> new Ast.Anchor(Edge.LINE_END);
            case '.' -> utf8 ? new Ast.Chars(CharSet.ANY) : new Ast.Bytes(ByteSet.ALL);
            case '(' -> group(start);
            case '[' -> bracket(start);
            case '\\' -> escape(start);
            default -> literal(c);
        };
    }

    private Ast literal(int c) {
        if (utf8) {
            int character = Utf8Decoder.decode(pattern, at - 1, pattern.length);
            at += Utf8Decoder.length(character) - 1;
            return (ignoreCase
                            ? Characters.thatUpperCaseInto(CharSet.of(Characters.upper(character)))
                            : CharSet.of(character))
                    .item();
        }
        ByteSet set = ByteSet.of(c);
        return new Ast.Bytes(ignoreCase ? set.foldCase() : set);
    }

    private Ast group(int start) throws PatternException {
        if (++depth > MAX_DEPTH) {
            throw tooDeep();
        }
        int number = ++groups;
        Ast body = choice();
        if (peek() != ')') {
            throw new PatternException(
                    "( without ) (expected: a closing parenthesis, or \\( for the character)", start);
        }
        at++;
        depth--;
        higher(1);
        if (number <= FURTHER_GROUPS_ARE_UNNAMED) {
            closedGroups |= 1 << number;
        }
        return new Ast.Group(number, body);
    }

    private Ast bracket(int start) throws PatternException {
        BracketParser bracket = new BracketParser(pattern, start + 1, ignoreCase, utf8, dialect);
        Ast set = bracket.parse();
        at = bracket.end();
        needsRegex |= bracket.needsRegex();
        return set;
    }

    private Ast escape(int start) throws PatternException {
        if (peek() < 0) {
            throw new PatternException(
                    "\\ at the end (expected: a character after it, or \\\\ for a backslash)", start);
        }
        int c = next();
        return switch (c) {
            case '`' -> new Ast.Anchor(Edge.LINE_START);
            case '\'' -> new Ast.Anchor(Edge.LINE_END);
            case '<' -> wordEdge(Edge.WORD_START);
            case '>' -> wordEdge(Edge.WORD_END);
            case 'b' -> wordEdge(Edge.WORD_EDGE);
            case 'B' -> wordEdge(Edge.NOT_WORD_EDGE);
            case 'w', 'W', 's', 'S' -> utf8 ? characters(c) : new Ast.Bytes(bytes(c));
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> backReference(c - '0', start);
            default -> literal(c);
        };
    }

    private Ast wordEdge(Edge edge) {
        needsRegex |= utf8;
        return new Ast.Anchor(edge);
    }

    private static ByteSet bytes(int escape) {
        return switch (escape) {
            case 'w' -> ByteSet.WORD;
            case 'W' -> ByteSet.WORD.negate();
            case 's' -> ByteSet.SPACE;
            default -> ByteSet.SPACE.negate();
        };
    }

    private Ast characters(int escape) {
        needsRegex = true;
        CharSet set = escape == 'w' || escape == 'W' ? Characters.word() : Characters.space();
        CharSet members = ignoreCase ? Characters.thatUpperCaseInto(set) : set;
        return (escape == 'w' || escape == 's' ? members : members.negate()).item();
    }

    private Ast backReference(int number, int start) throws PatternException {
        needsRegex = true;
        if ((closedGroups & (1 << number)) == 0) {
            throw new PatternException(
                    "\\" + number + " (expected: a group " + number + " that has closed before it)", start);
        }
        return new Ast.BackReference(number);
    }

    private @Nullable Interval interval() throws PatternException {
        return dialect == Dialect.DFA ? dfaInterval() : regexInterval();
    }

    /** dfa.c, lex(): anything but digits with one comma makes the brace literal. */
    private @Nullable Interval dfaInterval() {
        int p = at + 1;
        int min = -1;
        for (; digitAt(p); p++) {
            min = decimal(min, byteAt(p));
        }
        int max = min;
        if (byteAt(p) == ',') {
            min = Math.max(min, 0);
            max = -1;
            while (digitAt(++p)) {
                max = decimal(max, byteAt(p));
            }
        }
        boolean valid = byteAt(p) == '}' && min >= 0 && (max < 0 || min <= max);
        return valid ? new Interval(min, max, p + 1) : null;
    }

    /** regcomp.c, parse_dup_op(): null when the brace is literal. */
    private @Nullable Interval regexInterval() throws PatternException {
        int start = at;
        BoundReader reader = new BoundReader(pattern, at + 1);
        int min = reader.read();
        if (min == BoundReader.NONE && reader.delimiter() == '}') {
            throw badInterval(start);
        }
        min = min == BoundReader.NONE ? 0 : min;
        int max = min;
        if (min != BoundReader.INVALID && reader.delimiter() == ',') {
            max = reader.read();
        }
        if (min == BoundReader.INVALID || max == BoundReader.INVALID) {
            return null;
        }
        if (reader.delimiter() != '}' || (max >= 0 && min > max)) {
            throw badInterval(start);
        }
        if (Math.max(min, max) > MAX_REPEAT) {
            throw new PatternException(
                    "repetition " + Math.max(min, max) + " or more (expected: at most " + MAX_REPEAT + ")", start);
        }
        return new Interval(min, max, reader.position());
    }

    private PatternException badInterval(int start) {
        return new PatternException(
                "{ with odd bounds (expected: {n}, {n,}, {,m} or {n,m} with n <= m, or \\{ for the character)", start);
    }

    private void higher(int levels) throws PatternException {
        height += levels;
        if (height > MAX_DEPTH) {
            throw tooDeep();
        }
    }

    private PatternException tooDeep() {
        return new PatternException(
                "parentheses and repetitions nested deeper than " + MAX_DEPTH + " (expected: a simpler pattern)", at);
    }

    static int decimal(int value, int digit) {
        return Math.min(MAX_REPEAT + 1, Math.max(value, 0) * 10 + digit - '0');
    }

    private boolean digitAt(int index) {
        int c = byteAt(index);
        return c >= '0' && c <= '9';
    }

    private int byteAt(int index) {
        return index < pattern.length ? pattern[index] & 0xff : -1;
    }

    private int peek() {
        return byteAt(at);
    }

    private int next() {
        return pattern[at++] & 0xff;
    }

    /** Bounds of a repetition and where the pattern goes on after it. */
    private record Interval(int min, int max, int end) {
        static Interval of(int operator, int end) {
            return new Interval(operator == '+' ? 1 : 0, operator == '?' ? 1 : Ast.Repeat.UNBOUNDED, end);
        }
    }
}
