package org.loghost.pattern;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What glibc's locale C.UTF-8 knows about characters, derived from the JDK's Unicode data as glibc derives it from
 * Unicode's ({@code gen_unicode_ctype.py}): differs in characters that only one of the two versions of Unicode has.
 */
final class Characters {
    private static final Map<String, IntPredicate> CLASSES = Map.ofEntries(
            Map.entry("alnum", Characters::isAlnum),
            Map.entry("alpha", Characters::isAlpha),
            Map.entry("blank", c -> c == '\t' || (isSpace(c) && Character.getType(c) == Character.SPACE_SEPARATOR)),
            Map.entry("cntrl", Characters::isControl),
            Map.entry("digit", Characters::isDigit),
            Map.entry("graph", c -> isPrint(c) && !isSpace(c)),
            Map.entry("lower", c -> Character.isLowerCase(c) || Character.toUpperCase(c) != c),
            Map.entry("print", Characters::isPrint),
            Map.entry("punct", c -> isPrint(c) && !isSpace(c) && !isAlnum(c)),
            Map.entry("space", Characters::isSpace),
            Map.entry("upper", c -> Character.isUpperCase(c) || Character.toLowerCase(c) != c),
            Map.entry("xdigit", c -> isDigit(c) || (c < 128 && "abcdef".indexOf(Character.toLowerCase(c)) >= 0)));

    private static final Map<String, CharSet> SETS = new ConcurrentHashMap<>();

    private Characters() {}

    /** The members of a class by its POSIX name; null when there is no such class. */
    static @Nullable CharSet named(String name) {
        IntPredicate holds = CLASSES.get(name);
        return holds == null ? null : SETS.computeIfAbsent(name, unseen -> CharSet.where(holds));
    }

    /** {@code \w}. */
    static CharSet word() {
        return SETS.computeIfAbsent("\\w", unseen -> CharSet.where(Characters::isWord));
    }

    /** {@code \s}. */
    static CharSet space() {
        return SETS.computeIfAbsent("space", unseen -> CharSet.where(Characters::isSpace));
    }

    static boolean isWord(int c) {
        return c == '_' || isAlnum(c);
    }

    private static boolean isAlnum(int c) {
        return isAlpha(c) || isDigit(c);
    }

    /** Digits of other scripts are letters here. */
    private static boolean isAlpha(int c) {
        return Character.isAlphabetic(c) || (c > 127 && Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isControl(int c) {
        return Character.getType(c) == Character.CONTROL || c == 0x2028 || c == 0x2029;
    }

    private static boolean isPrint(int c) {
        return Character.getType(c) != Character.UNASSIGNED && !isControl(c);
    }

    /** Not the spaces at which a line may not be broken. */
    private static boolean isSpace(int c) {
        int type = Character.getType(c);
        boolean separator = type == Character.SPACE_SEPARATOR
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        return (c >= '\t' && c <= '\r') || (separator && c != 0xA0 && c != 0x2007 && c != 0x202F);
    }

    static int upper(int c) {
        return Character.toUpperCase(c);
    }

    /** The characters whose upper case is in the set. */
    static CharSet thatUpperCaseInto(CharSet set) {
        int[] members = new int[Folding.LOWER.length];
        int count = 0;
        for (int c : Folding.LOWER) {
            if (set.has(upper(c))) {
                members[count++] = c;
            }
        }
        return set.and(Folding.NOT_LOWER).or(CharSet.of(members, count));
    }

    /** Made when first needed. */
    private static final class Folding {
        /** What has an upper case other than itself. */
        static final int[] LOWER =
                IntStream.range(0, CharSet.INVALID).filter(c -> upper(c) != c).toArray();

        static final CharSet NOT_LOWER = CharSet.of(LOWER, LOWER.length).negate();
    }
}
