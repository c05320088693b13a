package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.loghost.rules.LineTokens.Token;

/**
 * A rule that hides lines like the given ones and as few others as possible: anchored at both ends, what changes from
 * line to line as the narrowest class that fits all samples, everything else as it stands. Whether it hides them as part
 * of a rule set {@link #works} says. Immutable.
 *
 * @param pattern one byte per char (ISO 8859-1)
 * @param samples the lines it was made of
 */
public record Suggestion(String pattern, List<String> samples) {
    /** Bytes of a sample: a rule for a longer line would be one that nobody can read. */
    public static final int MAX_SAMPLE = 8 * 1024;

    /** With more values than these a place is said to change, and gets a class. */
    private static final int FEW = 3;

    /** {@code [[:space:]]} in the C locale. */
    private static final String BLANKS = " \t\n\u000b\f\r";

    /** From narrow to wide. */
    private static final List<String> CLASSES = List.of(
            "[0-9]+", "[[:lower:]]+", "[[:upper:]]+", "[[:alpha:]]+", "[[:alnum:]]+", "[._[:alnum:]-]+", "[^ ]+", ".+");

    private static final List<Pattern> CLASS_FORMS = List.of(
            Pattern.compile("[0-9]+"),
            Pattern.compile("[a-z]+"),
            Pattern.compile("[A-Z]+"),
            Pattern.compile("[A-Za-z]+"),
            Pattern.compile("[A-Za-z0-9]+"),
            Pattern.compile("[A-Za-z0-9._-]+"),
            Pattern.compile("[^ ]+"),
            Pattern.compile("(?s).+"));

    public Suggestion {
        samples = List.copyOf(samples);
    }

    /** A line, cut up. */
    private record Sample(String line, String stamp, String host, List<Token> tokens) {
        static Sample of(String line) {
            LineHead head = LineHead.of(line);
            return new Sample(line, head.rule(), head.host(), LineTokens.of(line.substring(head.length())));
        }

        /** Whether one rule can say both: the same form, and for the most part the same words. */
        boolean isLike(Sample other) {
            if (!stamp.equals(other.stamp) || tokens.size() != other.tokens.size()) {
                return false;
            }
            int words = 0;
            int same = 0;
            for (int i = 0; i < tokens.size(); i++) {
                Token one = tokens.get(i);
                Token two = other.tokens.get(i);
                boolean separator = one.type() == LineTokens.Type.SEPARATOR || two.type() == LineTokens.Type.SEPARATOR;
                boolean program = i == 0;
                if ((separator || program) && !one.equals(two)) {
                    return false;
                }
                if (one.type() == LineTokens.Type.WORD && two.type() == LineTokens.Type.WORD) {
                    words++;
                    same += one.equals(two) ? 1 : 0;
                }
            }
            return 2 * same >= words;
        }
    }

    /**
     * Rules for these lines, one for each form among them, in the order of their first lines.
     *
     * @param lines one byte per char (ISO 8859-1); empty ones are left out
     * @param anyHost whether the rules hold for any host, or for the lines' own ones alone
     * @param config how the rules will be read
     * @throws IllegalArgumentException when a line is longer than {@link #MAX_SAMPLE}
     */
    public static List<Suggestion> of(List<String> lines, boolean anyHost, RulesConfig config) {
        List<List<Sample>> groups = new ArrayList<>();
        for (String line : lines) {
            if (line.length() > MAX_SAMPLE) {
                throw new IllegalArgumentException(
                        "a line of " + line.length() + " bytes (expected: at most " + MAX_SAMPLE + ")");
            }
            if (!line.isBlank()) {
                Sample sample = Sample.of(asMatched(line, config));
                groups.stream()
                        .filter(group -> group.get(0).isLike(sample))
                        .findFirst()
                        .orElseGet(() -> {
                            List<Sample> group = new ArrayList<>();
                            groups.add(group);
                            return group;
                        })
                        .add(sample);
            }
        }
        return groups.stream().map(group -> ofGroup(group, anyHost, config)).toList();
    }

    /** Without what does not count in logcheck's style, and what a pattern therefore must not ask for. */
    private static String asMatched(String line, RulesConfig config) {
        int end = line.length();
        while (config.style() == RulesConfig.Style.LOGCHECK && end > 0 && BLANKS.indexOf(line.charAt(end - 1)) >= 0) {
            end--;
        }
        return line.substring(0, end);
    }

    private static Suggestion ofGroup(List<Sample> group, boolean anyHost, RulesConfig config) {
        StringBuilder pattern = new StringBuilder("^").append(group.get(0).stamp());
        if (!group.get(0).stamp().isEmpty()) {
            pattern.append(host(group, anyHost)).append(' ');
        }
        for (int i = 0; i < group.get(0).tokens().size(); i++) {
            pattern.append(place(group, i));
        }
        pattern.append('$');
        List<String> samples = group.stream().map(Sample::line).distinct().toList();
        Suggestion narrow = new Suggestion(pattern.toString(), samples);
        return narrow.works(config) ? narrow : new Suggestion(literal(samples), samples);
    }

    private static String host(List<Sample> group, boolean anyHost) {
        Set<String> hosts = new TreeSet<>(group.stream().map(Sample::host).toList());
        if (!anyHost) {
            return choice(hosts.stream().map(Suggestion::escaped).toList());
        }
        boolean plain = hosts.stream().allMatch(host -> host.matches("[._A-Za-z0-9-]+"));
        return plain ? "[._[:alnum:]-]+" : "[^ ]+";
    }

    private static String place(List<Sample> group, int index) {
        Set<String> classes = new LinkedHashSet<>();
        Set<String> literals = new TreeSet<>();
        Set<LineTokens.Type> types = new LinkedHashSet<>();
        for (Sample sample : group) {
            Token token = sample.tokens().get(index);
            types.add(token.type());
            if (token.type() == LineTokens.Type.HEX) {
                classes.add(token.text().startsWith("0x") ? "0x[[:xdigit:]]+" : "[[:xdigit:]]+");
            } else if (token.type().changes()) {
                classes.add(token.type().rule());
            } else {
                literals.add(token.text());
            }
        }
        absorb(types, classes, literals);
        if (literals.size() > FEW) {
            classes.add(classOf(literals, types));
            literals.clear();
        }
        List<String> all =
                new ArrayList<>(literals.stream().map(Suggestion::escaped).toList());
        all.addAll(classes);
        return choice(all);
    }

    /** What a wider class that is there anyhow says as well. */
    private static void absorb(Set<LineTokens.Type> types, Set<String> classes, Set<String> literals) {
        if (types.contains(LineTokens.Type.HOST)) {
            classes.remove(LineTokens.Type.IPV4.rule());
            classes.remove(LineTokens.Type.NUMBER.rule());
            literals.removeIf(text -> text.matches("[._A-Za-z0-9-]+"));
        }
        if (classes.contains("[[:xdigit:]]+")) {
            classes.remove(LineTokens.Type.NUMBER.rule());
        }
    }

    private static String classOf(Set<String> values, Set<LineTokens.Type> types) {
        if (types.equals(Set.of(LineTokens.Type.QUOTED))) {
            String quote = values.iterator().next().substring(0, 1);
            if (values.stream().allMatch(value -> value.startsWith(quote))) {
                return quote + "[^" + quote + "]*" + quote;
            }
        }
        if (types.equals(Set.of(LineTokens.Type.PATH))) {
            return values.stream().allMatch(value -> value.matches("[A-Za-z0-9._/-]+"))
                    ? "/[._/[:alnum:]-]+"
                    : "/[^ ]+";
        }
        for (int i = 0; i < CLASSES.size(); i++) {
            Pattern form = CLASS_FORMS.get(i);
            if (values.stream().allMatch(value -> form.matcher(value).matches())) {
                return CLASSES.get(i);
            }
        }
        throw new AssertionError("the last class fits everything");
    }

    private static String choice(List<String> alternatives) {
        return alternatives.size() == 1 ? alternatives.get(0) : "(" + String.join("|", alternatives) + ")";
    }

    private static String literal(List<String> samples) {
        return "^" + choice(samples.stream().map(Suggestion::escaped).toList()) + "$";
    }

    private static String escaped(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                pattern.append('.');
            } else {
                pattern.append("\\.[](){}*+?^$|".indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return pattern.toString();
    }

    /**
     * Whether a set of this rule alone can be loaded and hides all its samples. It does not when they are too large
     * together, or hold what is no character where rules match characters.
     */
    public boolean works(RulesConfig config) {
        RuleSource source = new RuleSource(Rule.Kind.IGNORE, "", Path.of("suggested"), "suggested");
        byte[] text = pattern.getBytes(StandardCharsets.ISO_8859_1);
        List<RuleFault> faults = new ArrayList<>();
        RuleCompiler compiler = new RuleCompiler(config, faults);
        compiler.compile(RuleText.lines(source, text, config, faults));
        RuleSet alone = new RuleSet(config, compiler, List.of(), faults, List.of(), true);
        Verdicts verdicts = new Verdicts();
        for (String sample : samples) {
            byte[] line = sample.getBytes(StandardCharsets.ISO_8859_1);
            alone.classify(line, new int[] {0}, new int[] {line.length}, 1, verdicts);
            if (verdicts.tiers(0) != 0) {
                return false;
            }
        }
        return true;
    }
}
