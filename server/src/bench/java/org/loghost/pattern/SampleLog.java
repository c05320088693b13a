package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Rules with the shape of Debian's logcheck database, and lines as servers write them, both made from the same
 * templates by a seeded source of chance.
 *
 * <p>Each rule has the standard prefix, one of some hundred programs, and a message of words and slots (number, address,
 * host, user, path, hexadecimal, quoted text), as its class of characters on one side and as a value on the other. Nine
 * lines in ten are of a template that has a rule, the tenth of one that has none, and one template in ten belongs to a
 * program that no rule names. How often a template is used falls with its rank (Zipf, exponent 1). Lines have 60 to 250
 * bytes.
 */
public final class SampleLog {
    private static final String PREFIX = "^(\\w{3} [ :[:digit:]]{11}|[0-9T:.+-]{32}) [._[:alnum:]-]+ ";
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final String[] SYLLABLES = {
        "con", "nect", "ser", "ver", "ses", "sion", "time", "out", "re", "quest", "an", "swer", "que", "ue", "re",
                "mote",
        "clo", "sed", "ac", "cept", "mail", "box", "dis", "ab", "led", "in", "ter", "face", "up", "date", "key", "ring",
        "log", "ro", "tate", "ca", "che", "sto", "red", "for", "ward", "start", "ing", "stop", "ped", "user", "lo",
                "cal"
    };
    private static final String[][] SLOTS = {
        {"[[:digit:]]+", "number"},
        {"[[:digit:]]{1,3}(\\.[[:digit:]]{1,3}){3}", "address"},
        {"[._[:alnum:]-]+", "host"},
        {"[[:alnum:]]+", "user"},
        {"/[^ ]+", "path"},
        {"[[:xdigit:]]{8}", "hex"},
        {"'[^']*'", "quoted"},
        {"(yes|no|on|off)", "flag"},
        {"[-_.@[:alnum:]]+", "mail"},
        {".*", "rest"}
    };
    private static final double RULED = 0.9;

    private final Random random;
    private final List<String> programs = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final List<Template> ruled = new ArrayList<>();
    private final List<Template> unruled = new ArrayList<>();

    /** @param rules how many templates have a rule */
    public SampleLog(int rules, long seed) {
        random = new Random(seed);
        fill(words, 700, 2);
        fill(programs, Math.max(8, Math.min(400, rules / 8)), 2);
        for (int i = 0; i < 60; i++) {
            hosts.add(words.get(i) + (i % 3 == 0 ? "-0" + i % 10 : "") + (i % 5 == 0 ? ".example.net" : ""));
        }
        Set<String> seen = new HashSet<>();
        while (ruled.size() < rules) {
            add(ruled, template(false), seen);
        }
        while (unruled.size() < Math.max(20, rules / 10)) {
            add(unruled, template(unruled.size() % 10 == 0), seen);
        }
    }

    private static void add(List<Template> all, Template template, Set<String> seen) {
        if (seen.add(template.rule())) {
            all.add(template);
        }
    }

    private void fill(List<String> names, int count, int syllables) {
        Set<String> seen = new HashSet<>();
        while (names.size() < count) {
            StringBuilder name = new StringBuilder();
            for (int i = syllables + random.nextInt(2); i > 0; i--) {
                name.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            if (seen.add(name.toString())) {
                names.add(name.toString());
            }
        }
    }

    private Template template(boolean unknownProgram) {
        List<String> parts = new ArrayList<>();
        int length = 4 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            boolean slot = i > 0 && random.nextInt(3) == 0;
            // ".*" stands in few of Debian's rules, and mostly last.
            int kinds = i == length - 1 && random.nextInt(8) == 0 ? SLOTS.length : SLOTS.length - 1;
            parts.add(slot ? String.valueOf((char) random.nextInt(kinds)) : word(i));
        }
        String program =
                unknownProgram ? words.get(random.nextInt(words.size())) + "x" : programs.get(rank(programs.size()));
        return new Template(program, random.nextInt(5) > 0, parts);
    }

    private String word(int index) {
        String word = words.get(rank(words.size()));
        return index == 0 && random.nextInt(3) == 0 ? word + ":" : random.nextInt(9) == 0 ? word + "=" : word;
    }

    /** The patterns, one a rule. */
    public List<String> rules() {
        return ruled.stream().map(Template::rule).toList();
    }

    /** Lines, each with a line feed. */
    public byte[] lines(int count) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(count * 130);
        int second = 0;
        for (int i = 0; i < count; i++) {
            List<Template> from = random.nextDouble() < RULED ? ruled : unruled;
            Template template = from.get(rank(from.size()));
            second += random.nextInt(3) == 0 ? 1 : 0;
            lines.writeBytes(line(template, second).getBytes(US_ASCII));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private String line(Template template, int second) {
        StringBuilder line = new StringBuilder();
        int day = second / 86_400 % 28 + 1;
        line.append(MONTHS[second / 2_419_200 % 12])
                .append(day < 10 ? "  " : " ")
                .append(day)
                .append(' ');
        two(line, second / 3_600 % 24);
        two(line.append(':'), second / 60 % 60);
        two(line.append(':'), second % 60);
        line.append(' ').append(hosts.get(rank(hosts.size()))).append(' ').append(template.program);
        if (template.withPid) {
            line.append('[').append(100 + random.nextInt(60_000)).append(']');
        }
        line.append(':');
        for (String part : template.parts) {
            line.append(' ');
            value(line, part);
        }
        return line.toString();
    }

    private static void two(StringBuilder line, int number) {
        line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private void value(StringBuilder line, String part) {
        if (part.charAt(0) >= SLOTS.length) {
            line.append(part);
            return;
        }
        switch (SLOTS[part.charAt(0)][1]) {
            case "number" -> line.append(random.nextInt(1 << (1 + random.nextInt(20))));
            case "address" -> {
                line.append(1 + random.nextInt(250));
                for (int i = 0; i < 3; i++) {
                    line.append('.').append(random.nextInt(256));
                }
            }
            case "host" -> line.append(hosts.get(rank(hosts.size()))).append(".example.com");
            case "user" -> line.append(words.get(rank(60)));
            case "path" ->
                line.append("/var/").append(words.get(rank(60))).append('/').append(words.get(rank(90)));
            case "hex" -> {
                for (int i = 0; i < 8; i++) {
                    line.append("0123456789ABCDEF".charAt(random.nextInt(16)));
                }
            }
            case "quoted" ->
                line.append('\'')
                        .append(words.get(rank(90)))
                        .append(' ')
                        .append(words.get(rank(90)))
                        .append('\'');
            case "flag" -> line.append(random.nextBoolean() ? "yes" : "off");
            case "mail" -> line.append(words.get(rank(90))).append("@example.org");
            default ->
                line.append(words.get(rank(90)))
                        .append(", ")
                        .append(words.get(rank(90)))
                        .append("; done");
        }
    }

    /** A number below {@code size}; the chance of each falls with its rank. */
    private int rank(int size) {
        return (int) Math.min(size - 1L, (long) Math.pow(size + 1.0, random.nextDouble()) - 1);
    }

    /** Words, and slots as a character of their number. */
    private record Template(String program, boolean withPid, List<String> parts) {
        String rule() {
            StringBuilder rule =
                    new StringBuilder(PREFIX).append(program).append(withPid ? "\\[[[:digit:]]+\\]:" : ":");
            for (String part : parts) {
                rule.append(' ').append(part.charAt(0) < SLOTS.length ? SLOTS[part.charAt(0)][0] : part);
            }
            return rule.append('$').toString();
        }
    }
}
