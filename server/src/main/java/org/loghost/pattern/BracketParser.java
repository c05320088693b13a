package org.loghost.pattern;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.loghost.pattern.Parser.Dialect;

/**
 * Reads one bracket expression, {@code [...]}, as GNU grep does in the C locale: validity is that of glibc's
 * {@code parse_bracket_exp}, which upper-cases the ends of a range under {@code -i}, and the meaning is that of
 * gnulib's {@code dfa.c}, which does not.
 */
final class BracketParser {
    private static final int LONGEST_NAME = 32;
    private static final Map<String, ByteSet> CLASSES = classes();
    /** Instead of a byte: the last element was a class, which cannot be the end of a range. */
    private static final int CLASS = -1;

    private final byte[] pattern;
    private final int start;
    private final boolean ignoreCase;
    private final boolean utf8;
    private final Dialect dialect;
    private int at;
    private ByteSet set = ByteSet.NONE;
    /** Instead of {@link #set}, in UTF-8: in upper case where case is ignored. */
    private CharSet characters = CharSet.NONE;

    private boolean needsRegex;
    private boolean plainMembersOnly = true;
    private boolean otherThanColon;

    /** {@code from} is the offset behind the opening bracket. */
    BracketParser(byte[] pattern, int from, boolean ignoreCase, boolean utf8, Dialect dialect) {
        this.utf8 = utf8;
        this.pattern = pattern;
        this.start = from - 1;
        this.at = from;
        this.ignoreCase = ignoreCase;
        this.dialect = dialect;
    }

    Ast parse() throws PatternException {
        boolean negated = peek(0) == '^';
        if (negated) {
            at++;
        }
        int first = at;
        do {
            member(at == first);
        } while (peek(0) != ']');
        refuseLoneClass(first);
        at++;
        if (!utf8) {
            return new Ast.Bytes(negated ? set.negate() : set);
        }
        needsRegex |= negated || !characters.isAscii();
        CharSet members = ignoreCase ? Characters.thatUpperCaseInto(characters) : characters;
        return (negated ? members.negate() : members).item();
    }

    /** The offset behind the closing bracket. */
    int end() {
        return at;
    }

    /** True after a collating element or an equivalence class, which dfa.c leaves to regcomp. */
    boolean needsRegex() {
        return needsRegex;
    }

    private void member(boolean first) throws PatternException {
        int from = element(first);
        if (from == CLASS) {
            plainMembersOnly = false;
        } else if (peek(0) == '-' && peek(1) != ']') {
            at++;
            range(from, element(true));
            plainMembersOnly = false;
        } else {
            otherThanColon |= from != ':';
            add(from);
        }
        if (peek(0) < 0) {
            throw unclosed();
        }
    }

    /** One byte, or {@link #CLASS} after a class was added. A hyphen stands for itself first, last or as a range's end. */
    private int element(boolean hyphenAllowed) throws PatternException {
        int c = peek(0);
        if (c < 0) {
            throw unclosed();
        }
        int kind = peek(1);
        if (c == '[' && (kind == ':' || kind == '.' || kind == '=')) {
            return named(kind);
        }
        if (c == '-' && !hyphenAllowed && peek(1) != ']') {
            throw badRange();
        }
        int character = utf8 ? Utf8Decoder.decode(pattern, at, pattern.length) : c;
        at += utf8 ? Utf8Decoder.length(character) : 1;
        return character;
    }

    private int named(int kind) throws PatternException {
        int open = at;
        at += 2;
        int nameStart = at;
        while (!(peek(0) == kind && peek(1) == ']')) {
            if (peek(0) < 0 || at - nameStart >= LONGEST_NAME) {
                throw unclosed();
            }
            at++;
        }
        // Bytes, in UTF-8 too: glibc knows no name longer than one.
        String name = new String(pattern, nameStart, at - nameStart, StandardCharsets.ISO_8859_1);
        at += 2;
        return kind == ':' ? characterClass(name, open) : collating(name, kind, open);
    }

    private int characterClass(String name, int open) throws PatternException {
        boolean anyCase = ignoreCase && (name.equals("upper") || name.equals("lower"));
        String known = anyCase ? "alpha" : name;
        if (!CLASSES.containsKey(known)) {
            throw new PatternException(
                    "[:" + name + ":] (expected: one of alnum, alpha, blank, cntrl, digit, graph, lower, print, punct,"
                            + " space, upper, xdigit)",
                    open);
        }
        if (utf8) {
            needsRegex = true;
            characters = characters.or(Objects.requireNonNull(Characters.named(known)));
        } else {
            set = set.or(Objects.requireNonNull(CLASSES.get(known)));
        }
        return CLASS;
    }

    /** In the C locale each character is its own collating element and its own equivalence class. */
    private int collating(String name, int kind, int open) throws PatternException {
        if (name.length() != 1) {
            throw new PatternException(
                    "[" + (char) kind + name + (char) kind + "] (expected: a single character inside)", open);
        }
        needsRegex = true;
        plainMembersOnly = false;
        if (kind == '.') {
            return name.charAt(0);
        }
        add(name.charAt(0));
        return CLASS;
    }

    private void range(int from, int to) throws PatternException {
        if (to == CLASS || collationOrder(from) > collationOrder(to)) {
            throw badRange();
        }
        if (utf8) {
            needsRegex |= !isDigit(from) || !isDigit(to);
            characters = characters.or(CharSet.range(collationOrder(from), collationOrder(to)));
            return;
        }
        boolean folded = dialect == Dialect.REGEX;
        add(folded ? ByteSet.range(collationOrder(from), collationOrder(to)) : ByteSet.range(from, to));
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private int collationOrder(int c) {
        if (utf8) {
            return ignoreCase ? Characters.upper(c) : c;
        }
        return ignoreCase && c >= 'a' && c <= 'z' ? c - 32 : c;
    }

    private void add(int member) {
        if (utf8) {
            characters = characters.or(CharSet.of(collationOrder(member)));
        } else {
            add(ByteSet.of(member));
        }
    }

    private void add(ByteSet members) {
        set = set.or(ignoreCase ? members.foldCase() : members);
    }

    /** grep refuses {@code [:space:]}: a set of letters that was surely meant as {@code [[:space:]]}. */
    private void refuseLoneClass(int first) throws PatternException {
        if (plainMembersOnly && otherThanColon && pattern[first] == ':' && pattern[at - 1] == ':') {
            throw new PatternException("[:...:] alone (expected: [[:space:]], not [:space:])", start);
        }
    }

    private PatternException unclosed() {
        return new PatternException("[ without ] (expected: a closing bracket, or \\[ for the character)", start);
    }

    private PatternException badRange() {
        return new PatternException(
                "a range in brackets that runs backwards or has no end (expected: like a-z; a literal - stands last)",
                at);
    }

    private int peek(int ahead) {
        int index = at + ahead;
        return index < pattern.length ? pattern[index] & 0xff : -1;
    }

    private static Map<String, ByteSet> classes() {
        ByteSet upper = ByteSet.range('A', 'Z');
        ByteSet lower = ByteSet.range('a', 'z');
        ByteSet digit = ByteSet.range('0', '9');
        ByteSet graph = ByteSet.range('!', '~');
        ByteSet alnum = upper.or(lower).or(digit);
        Map<String, ByteSet> map = new HashMap<>();
        map.put("alnum", alnum);
        map.put("alpha", upper.or(lower));
        map.put("blank", ByteSet.of(' ').with('\t'));
        map.put("cntrl", ByteSet.range(0, 31).with(127));
        map.put("digit", digit);
        map.put("graph", graph);
        map.put("lower", lower);
        map.put("print", graph.with(' '));
        map.put("punct", graph.and(alnum.negate()));
        map.put("space", ByteSet.SPACE);
        map.put("upper", upper);
        map.put("xdigit", digit.withRange('a', 'f').withRange('A', 'F'));
        return Map.copyOf(map);
    }
}
