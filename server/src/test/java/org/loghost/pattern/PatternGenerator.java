package org.loghost.pattern;

import java.util.Random;

/** Makes patterns and lines over a small alphabet, so that they often match, from a seeded source of chance. */
final class PatternGenerator {
    private static final String[] ODD = {
        "a",
        "b",
        "c",
        "a",
        "b",
        "A",
        "B",
        "_",
        "1",
        " ",
        "-",
        ".",
        "*",
        "+",
        "?",
        "|",
        "(",
        ")",
        "^",
        "$",
        "{",
        "}",
        ",",
        "{1}",
        "{2}",
        "{0}",
        "{,2}",
        "{1,}",
        "{1,2}",
        "{2,1}",
        "{,}",
        "{}",
        "{1",
        "{x}",
        "{1,2,3}",
        "{1\\,2}",
        "\\<",
        "\\>",
        "\\b",
        "\\B",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "\\`",
        "\\'",
        "\\d",
        "\\t",
        "\\n",
        "\\.",
        "\\*",
        "\\\\",
        "\\{",
        "\\}",
        "\\(",
        "\\)",
        "\\|",
        "\\",
        "[ab]",
        "[^a]",
        "[[:alpha:]]",
        "[[:upper:]]",
        "[[:foo:]]",
        "[:alpha:]",
        "[b-a]",
        "[a-c-e]",
        "[a-]",
        "[]a]",
        "[^]a]",
        "[a\\]",
        "[[.a.]]",
        "[[=a=]]",
        "[",
        "]",
        "(a|)",
        "()",
        "(a|b)",
        "(?:a)",
        "a*?"
    };
    private static final String[] ATOMS = {
        "a",
        "b",
        "c",
        "A",
        "_",
        "1",
        " ",
        ".",
        "-",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "[ab]",
        "[^a]",
        "[[:alpha:]]",
        "[[:digit:]_]",
        "[^[:space:]]",
        "[a-c]",
        "\\.",
        "\\d"
    };
    private static final String[] ANCHORS = {"^", "$", "\\<", "\\>", "\\b", "\\B", "\\`", "\\'"};
    private static final String[] REPEATS = {"*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "{,1}", "{0}"};
    private static final String[] MEMBERS = {
        "a",
        "b",
        "z",
        "A",
        "Z",
        "_",
        "0",
        "9",
        "-",
        "]",
        "^",
        ":",
        "[",
        "\\",
        ".",
        "=",
        "a-z",
        "A-Z",
        "0-9",
        "b-a",
        "_-a",
        "Z-a",
        "a-_",
        "+--",
        "--/",
        "---",
        "[:alpha:]",
        "[:upper:]",
        "[:space:]",
        "[:punct:]",
        "[:digit:]",
        "[:cntrl:]",
        "[:print:]",
        "[:graph:]",
        "[:xdigit:]",
        "[:blank:]",
        "[:lower:]",
        "[:alnum:]",
        "[:nope:]",
        "[.a.]",
        "[.-.]",
        "[=b=]",
        "[.aa.]",
        "\u00e4",
        "\u0001",
        "!-~",
        " -/",
        "é-ÿ",
        ":",
        "[:",
        ":]"
    };
    private static final String LETTERS = "aabbccAB_1 -.*^${}(),|";

    private final Random random;

    PatternGenerator(Random random) {
        this.random = random;
    }

    String oddPattern() {
        StringBuilder pattern = new StringBuilder();
        for (int i = 1 + random.nextInt(7); i > 0; i--) {
            pattern.append(pick(ODD));
        }
        return pattern.toString();
    }

    String nestedPattern(int depth) {
        int choice = random.nextInt(depth == 0 ? 3 : 10);
        return switch (choice) {
            case 0, 1 -> pick(ATOMS);
            case 2 -> random.nextInt(3) == 0 ? pick(ANCHORS) : pick(ATOMS);
            case 3, 4, 5 -> nestedPattern(depth - 1) + nestedPattern(depth - 1);
            case 6 -> "(" + nestedPattern(depth - 1) + "|" + nestedPattern(depth - 1) + ")";
            case 7 -> "(" + nestedPattern(depth - 1) + ")" + pick(REPEATS);
            case 8 -> pick(ATOMS) + pick(REPEATS) + nestedPattern(depth - 1);
            default -> nestedPattern(depth - 1) + "|" + nestedPattern(depth - 1);
        };
    }

    /** One or two groups and references to them, among simple things. */
    String backReferencePattern() {
        String first = pick(new String[] {"(a)", "(a*)", "([ab]+)", "(a|b)", "(\\w+)", "(.)", "(ab?)", "([ab][bc])"});
        String between = pick(new String[] {"", "c", ".*", "b?", "-", "[ -]", "x*"});
        String pattern = first + between + "\\1";
        if (random.nextInt(3) == 0) {
            pattern += pick(new String[] {"(.)\\2", "([bc])\\2", "\\1", "(b)\\2\\1"});
        }
        pattern = random.nextInt(4) == 0 ? "^" + pattern : pattern;
        return random.nextInt(4) == 0 ? pattern + "$" : pattern;
    }

    String bracketPattern() {
        StringBuilder pattern = new StringBuilder("[").append(random.nextInt(3) == 0 ? "^" : "");
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            pattern.append(pick(MEMBERS));
        }
        return pattern.append("]").toString();
    }

    String oddLine() {
        StringBuilder line = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            line.append(LETTERS.charAt(random.nextInt(random.nextInt(3) == 0 ? LETTERS.length() : 6)));
        }
        if (random.nextInt(20) == 0) {
            line.append((char) random.nextInt(2)).append((char) (128 + random.nextInt(128)));
        }
        return line.toString().replace('\n', ' ');
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
