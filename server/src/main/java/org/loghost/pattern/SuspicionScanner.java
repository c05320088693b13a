package org.loghost.pattern;

import java.util.ArrayList;
import java.util.List;
import org.loghost.pattern.PatternAnalysis.Part;
import org.loghost.pattern.PatternAnalysis.Suspicion;

/** Walks a valid pattern for brackets and for what only Perl would understand. */
final class SuspicionScanner {
    private static final String PERL_ESCAPES = "dDtnrfvxuQEeAzZhHRKpPXGc0";
    private static final String OPERATORS = "*+?}";

    private final byte[] pattern;
    private final boolean ignoreCase;
    private final List<Part> parts = new ArrayList<>();

    SuspicionScanner(byte[] pattern, boolean ignoreCase) {
        this.pattern = pattern;
        this.ignoreCase = ignoreCase;
    }

    List<Part> scan() throws PatternException {
        int at = 0;
        while (at < pattern.length) {
            at += step(at);
        }
        return List.copyOf(parts);
    }

    /** Looks at what begins here and returns its length. */
    private int step(int at) throws PatternException {
        char c = charAt(at);
        if (c == '\\') {
            return PERL_ESCAPES.indexOf(charAt(at + 1)) >= 0 ? add(Suspicion.PERL, at, 2) : 2;
        }
        if (c == '[') {
            BracketParser bracket = new BracketParser(pattern, at + 1, ignoreCase, false, Parser.Dialect.DFA);
            bracket.parse();
            return add(Suspicion.BRACKET, at, bracket.end() - at);
        }
        boolean extension = c == '(' && charAt(at + 1) == '?';
        boolean lazyOrPossessive =
                OPERATORS.indexOf(c) >= 0 && at > 0 && (charAt(at + 1) == '?' || charAt(at + 1) == '+');
        return extension || lazyOrPossessive ? add(Suspicion.PERL, at, 2) : 1;
    }

    private int add(Suspicion suspicion, int at, int length) {
        parts.add(new Part(suspicion, at, length));
        return length;
    }

    private char charAt(int index) {
        return index < pattern.length ? (char) (pattern[index] & 0xff) : '\n';
    }
}
