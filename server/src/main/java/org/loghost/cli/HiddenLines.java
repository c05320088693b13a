package org.loghost.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;
import org.loghost.rules.LineTemplate;
import org.loghost.rules.RuleSet;
import org.loghost.rules.Suggestion;
import org.loghost.rules.Verdicts;

/** What suggested rules would have hidden, counted line by line and told apart by what the lines say. One thread. */
final class HiddenLines {
    /** Templates kept; who hides more has a rule that is far too wide. */
    private static final int MOST_TEMPLATES = 1_000;
    /** Lines cut into tokens, which is slow: some seconds' worth. */
    private static final int MOST_CUT = 200_000;

    private static final int MOST_KNOWN = 20_000;

    private final PatternSet patterns;
    private final RuleSet rules;
    private final Verdicts verdicts = new Verdicts();
    private final Set<String> hosts = new TreeSet<>();
    private final Map<String, Kind> kinds = new HashMap<>();
    /** By the line without its digits: most lines differ from one before in nothing else. */
    private final Map<String, Kind> known = new HashMap<>();

    private @Nullable String alarm;
    private long lines;
    private long alarms;
    private int cut;
    private boolean complete = true;

    /** Lines of one template. */
    static final class Kind {
        private final String example;
        private long lines;

        private Kind(String example) {
            this.example = example;
        }

        /** The first of them, one byte per char. */
        String example() {
            return example;
        }

        long lines() {
            return lines;
        }
    }

    HiddenLines(List<Suggestion> suggestions, RuleSet rules, boolean utf8) throws PatternException {
        PatternSet.Builder builder = PatternSet.builder().utf8(utf8);
        for (Suggestion suggestion : suggestions) {
            builder.add(suggestion.pattern().getBytes(StandardCharsets.ISO_8859_1), false, 0, 0);
        }
        this.patterns = builder.build();
        this.rules = rules;
    }

    void add(String host, byte[] bytes, int offset, int length) {
        if (patterns.match(bytes, offset, length).isEmpty()) {
            return;
        }
        lines++;
        hosts.add(host);
        String line = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        rules.classify(bytes, new int[] {offset}, new int[] {length}, 1, verdicts);
        if ((verdicts.tiers(0) & (RuleSet.ATTACK | RuleSet.VIOLATION)) != 0) {
            alarms++;
            alarm = alarm == null ? line : alarm;
        }
        Kind kind = kind(line);
        if (kind == null) {
            complete = false;
        } else {
            kind.lines++;
        }
    }

    /** Null when there are more templates, or lines to cut, than are looked at. */
    private @Nullable Kind kind(String line) {
        String withoutDigits = withoutDigits(line);
        Kind kind = known.get(withoutDigits);
        if (kind != null || cut == MOST_CUT) {
            return kind;
        }
        cut++;
        String template = LineTemplate.of(line);
        kind = kinds.get(template);
        if (kind == null && kinds.size() < MOST_TEMPLATES) {
            kind = new Kind(line);
            kinds.put(template, kind);
        }
        if (kind != null && known.size() < MOST_KNOWN) {
            known.put(withoutDigits, kind);
        }
        return kind;
    }

    private static String withoutDigits(String line) {
        StringBuilder text = new StringBuilder(line.length());
        boolean digit = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9') {
                text.append(c);
                digit = false;
            } else if (!digit) {
                text.append('0');
                digit = true;
            }
        }
        return text.toString();
    }

    long lines() {
        return lines;
    }

    /** Lines that are an attack or a violation as well. */
    long alarms() {
        return alarms;
    }

    /** The first of those, one byte per char; null when there is none. */
    @Nullable
    String alarm() {
        return alarm;
    }

    Set<String> hosts() {
        return hosts;
    }

    /** The templates of the lines, the one with the most lines first. */
    List<Kind> kinds() {
        List<Kind> all = new ArrayList<>(kinds.values());
        all.sort(Comparator.comparingLong((Kind kind) -> -kind.lines).thenComparing(Kind::example));
        return all;
    }

    /** Whether these are the templates of all lines. */
    boolean isComplete() {
        return complete;
    }
}
