package org.loghost.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the log of some machines: lines of daemons with what changes in them drawn anew, some damaged by one character,
 * some with odd bytes. One byte per char (ISO 8859-1); no two lines are the same, also without blanks at their ends.
 */
final class SyslogLines {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");
    private static final String[] USERS = {"root", "cindy", "www-data", "j.doe", "_apt", "backup2", "m\u00c3\u00bcller"
    };
    private static final String[] HOSTS = {
        "hop.pop.com", "mail.example.org", "web-01.example.net", "goblin", "a.b.c.d.e"
    };
    private static final String[] WORDS = {"nginx", "postgres", "web01", "backup", "x", "TRACE", "fwupd"};
    private static final String[] MACHINES = {"web01", "mail.example.net", "db-2", "10.0.0.7", "goblin"};
    /** What stays in a line and is neither letter nor digit, for most patterns. */
    private static final String ODD = "\0\u0001\t\u000b\f\r\u001b\u007f\u0080\u00a0\u00c3\u00e9\u00fe\u00ff \\\"'*[]";

    private final Random random;
    private final Set<String> stripped = new LinkedHashSet<>();
    private final List<String> lines = new ArrayList<>();
    private int second;

    SyslogLines(long seed) {
        random = new Random(seed);
    }

    /** The lines so far, in order. */
    List<String> lines() {
        return lines;
    }

    /** One line of each template in the resource, so many times over. */
    void addTemplates(int times) {
        List<String> templates = templates();
        for (int i = 0; i < times; i++) {
            for (String template : templates) {
                add(begin() + filled(template));
            }
        }
    }

    /** A line that goes on so after the time and the host. */
    void addMessage(String message) {
        add(begin() + message);
    }

    /** Lines of the log so far with one character left out, doubled, or replaced by one that is near it. */
    void addNearMisses(int count) {
        for (int i = 0; i < count; i++) {
            String line = drawn();
            int at = random.nextInt(line.length());
            String middle = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> line.substring(at, at + 1).repeat(2);
                case 2 -> String.valueOf((char) (line.charAt(at) ^ 1));
                default -> swappedCase(line.charAt(at));
            };
            add(line.substring(0, at) + middle + line.substring(at + 1));
        }
    }

    /** Lines of the log so far with an odd byte in them, or with blanks at their ends. */
    void addOdd(int count) {
        for (int i = 0; i < count; i++) {
            String line = drawn();
            int at = random.nextInt(8) == 0 ? line.length() : random.nextInt(line.length() + 1);
            String odd = String.valueOf(ODD.charAt(random.nextInt(ODD.length())));
            add(line.substring(0, at) + odd.repeat(1 + random.nextInt(2)) + line.substring(at));
        }
    }

    /** Lines of the log so far that go on for some thousand bytes in their middle, or at their end. */
    void addLong(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            String line = drawn();
            int at = random.nextBoolean() ? line.length() : line.lastIndexOf(' ') + 1;
            add(line.substring(0, at) + "x".repeat(bytes + random.nextInt(bytes)) + line.substring(at));
        }
    }

    private String drawn() {
        return lines.get(random.nextInt(lines.size()));
    }

    private static String swappedCase(char c) {
        return String.valueOf(Character.isLowerCase(c) ? Character.toUpperCase(c) : Character.toLowerCase(c))
                .substring(0, 1);
    }

    private void add(String line) {
        String bytes = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        if (bytes.indexOf('\n') < 0 && !bytes.isBlank() && stripped.add(withoutBlanksAtEnd(bytes))) {
            lines.add(bytes);
        }
    }

    /** As logcheck does before it looks at a line, in the C locale. */
    static String withoutBlanksAtEnd(String line) {
        int end = line.length();
        while (end > 0
                && (line.charAt(end - 1) == ' ' || (line.charAt(end - 1) >= '\t' && line.charAt(end - 1) <= '\r'))) {
            end--;
        }
        return line.substring(0, end);
    }

    /** The time and the machine; one line in five has the time as RFC 3339 has it. */
    private String begin() {
        second++;
        int hour = second / 3600 % 24;
        int minute = second / 60 % 60;
        String machine = MACHINES[random.nextInt(MACHINES.length)];
        String time = random.nextInt(5) == 0
                ? "2026-11-22T%02d:%02d:%02d.%06d+01:00".formatted(hour, minute, second % 60, random.nextInt(1_000_000))
                : "%s %2d %02d:%02d:%02d"
                        .formatted(random.nextInt(9) == 0 ? "Jun" : "Nov", 1 + second % 28, hour, minute, second % 60);
        return time + " " + machine + " ";
    }

    private String filled(String template) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), found.group())));
    }

    private String value(String name, String asIs) {
        return switch (name) {
            case "ip" -> random.nextInt(9) == 0 ? "2001:db8::" + hex(4) : "192.0.2." + random.nextInt(256);
            case "port" -> String.valueOf(1024 + random.nextInt(64_000));
            case "pid", "n" -> String.valueOf(1 + random.nextInt(99_999));
            case "user" -> one(USERS);
            case "host" -> one(HOSTS);
            case "word" -> one(WORDS);
            case "hex" -> hex(8);
            case "qid" -> hex(10).toUpperCase(Locale.ROOT);
            case "if" -> "eth" + random.nextInt(3);
            default -> asIs;
        };
    }

    private String one(String[] values) {
        return values[random.nextInt(values.length)];
    }

    private String hex(int digits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }

    private static List<String> templates() {
        try (InputStream in = SyslogLines.class.getResourceAsStream("/clients/syslog-lines.txt")) {
            if (in == null) {
                throw new IllegalStateException("/clients/syslog-lines.txt is not among the test resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
