package org.loghost.clients;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.loghost.classify.Tier;
import org.loghost.report.ShownText;

/**
 * The lines of a report by section, as a person sees them and without blanks at their ends; {@code blankLines} counts
 * the empty ones before the first other line of System Events, where logcheck's sorting puts them.
 */
record ReportSections(Map<Tier, Set<String>> lines, int blankLines) {
    private static final Pattern ATTACK = Pattern.compile("Security Alerts( for [A-Za-z0-9_-]+)?");
    private static final Pattern VIOLATION = Pattern.compile("Security Events( for [A-Za-z0-9_-]+)?");
    private static final Pattern UNUSUAL = Pattern.compile("System Events");

    /** Reads what logcheck printed; each char is a byte. */
    static ReportSections ofLogcheck(String report) {
        Map<Tier, Set<String>> lines = empty();
        int blank = 0;
        Tier tier = null;
        List<String> all = List.of(report.split("\n", -1));
        for (int i = 0; i < all.size(); i++) {
            String line = all.get(i);
            if (i + 1 < all.size() && all.get(i + 1).matches("=(-=)*-?") && tierOfLogcheck(line) != null) {
                tier = tierOfLogcheck(line);
                i++;
            } else if (tier != null && !line.isEmpty()) {
                lines.get(tier).add(ShownText.of(line));
            } else if (tier == Tier.UNUSUAL && lines.get(tier).isEmpty()) {
                blank++;
            }
        }
        return new ReportSections(lines, blank);
    }

    private static Tier tierOfLogcheck(String heading) {
        if (ATTACK.matcher(heading).matches()) {
            return Tier.ATTACK;
        }
        if (VIOLATION.matcher(heading).matches()) {
            return Tier.VIOLATION;
        }
        return UNUSUAL.matcher(heading).matches() ? Tier.UNUSUAL : null;
    }

    /**
     * Reads what {@code loghost check} printed. It leaves blanks at the ends of lines in place, so that each line is
     * looked up in the log.
     *
     * @param log shown lines to the same without blanks at the end; a line that is not in it stays as it is
     */
    static ReportSections ofLoghost(String report, Map<String, String> log) {
        Map<Tier, Set<String>> lines = empty();
        Tier tier = null;
        List<String> all = report.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            String line = all.get(i);
            if (i + 1 < all.size() && !line.isEmpty() && all.get(i + 1).equals("=".repeat(line.length()))) {
                tier = tierOfLoghost(line);
                i++;
            } else if (tier != null && !line.isEmpty()) {
                lines.get(tier).add(log.getOrDefault(line, line));
            }
        }
        return new ReportSections(lines, 0);
    }

    private static Tier tierOfLoghost(String heading) {
        for (Tier tier : Tier.values()) {
            if (tier.heading().equals(heading)) {
                return tier;
            }
        }
        return null;
    }

    /** The lines of one section. */
    Set<String> of(Tier tier) {
        return lines.get(tier);
    }

    /** The name of the section in which a line stands, - for none. */
    String tierOf(String line) {
        String names = lines.keySet().stream()
                .filter(tier -> of(tier).contains(line))
                .map(Tier::name)
                .collect(Collectors.joining(" and "));
        return names.isEmpty() ? "-" : names;
    }

    /** How many lines stand in some section. */
    int size() {
        return lines.values().stream().mapToInt(Set::size).sum();
    }

    private static Map<Tier, Set<String>> empty() {
        Map<Tier, Set<String>> lines = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            lines.put(tier, new TreeSet<>());
        }
        return lines;
    }
}
