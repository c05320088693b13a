package org.loghost.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The traffic of {@code loghost demo}, read from {@code demo/traffic.txt}, which describes its own format. Always the
 * same but for the time stamps. Immutable.
 *
 * @param hosts who sends, by name
 * @param names address to name, of senders that give none
 * @param lines what is sent
 */
record DemoScript(Map<String, Host> hosts, Map<String, String> names, List<Line> lines) {
    /** How long the traffic is in the senders' time. */
    static final Duration LENGTH = Duration.ofSeconds(60);

    private static final Pattern LINE = Pattern.compile("(\\d+)\\s+(?:x(\\d+)/(\\d+)\\s+)?(\\S+) (.*)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** How a host sends. */
    enum Wire {
        UDP,
        TCP,
        TCP_COUNTED
    }

    /** One sender. */
    record Host(String name, String address, Wire wire) {}

    /** One line of the script. */
    record Line(int second, int times, int step, Host host, String text) {}

    /** A message as it goes out, {@code second} seconds after the beginning. */
    record Message(int second, Host host, String text) {}

    /** The script that ships. */
    static DemoScript shipped() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(DemoScript.class.getResourceAsStream("/demo/traffic.txt"), "the jar holds it")) {
            return read(in);
        }
    }

    static DemoScript read(InputStream in) throws IOException {
        Map<String, Host> hosts = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        List<Line> lines = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", -1);
            if (words[0].equals("host") && words.length == 4) {
                Wire wire = Wire.valueOf(words[3].toUpperCase(Locale.ROOT).replace('-', '_'));
                hosts.put(words[1], new Host(words[1], words[2], wire));
            } else if (words[0].equals("name") && words.length == 3) {
                names.put(words[1], words[2]);
            } else {
                lines.add(line(line, number, hosts));
            }
        }
        return new DemoScript(Map.copyOf(hosts), Map.copyOf(names), List.copyOf(lines));
    }

    private static Line line(String line, int number, Map<String, Host> hosts) throws IOException {
        Matcher matcher = LINE.matcher(line);
        Host host = matcher.matches() ? hosts.get(matcher.group(4)) : null;
        if (host == null) {
            throw new IOException("demo/traffic.txt:" + number + ": " + line + " (expected: as its head says)");
        }
        boolean once = matcher.group(2) == null;
        return new Line(
                Integer.parseInt(matcher.group(1)),
                once ? 1 : Integer.parseInt(matcher.group(2)),
                once ? 0 : Integer.parseInt(matcher.group(3)),
                host,
                matcher.group(5));
    }

    /** Every message in the order of time; the last ones are stamped with {@code end}. */
    List<Message> messages(ZonedDateTime end) {
        ZonedDateTime begin = end.minus(LENGTH);
        List<Message> messages = new ArrayList<>();
        for (Line line : lines) {
            for (int n = 1; n <= line.times(); n++) {
                int second = line.second() + (n - 1) * line.step();
                messages.add(new Message(second, line.host(), filled(line.text(), n, begin.plusSeconds(second))));
            }
        }
        messages.sort(Comparator.comparingInt(Message::second));
        return messages;
    }

    private static String filled(String text, int n, ZonedDateTime at) {
        return text.replace("{time}", TIME.format(at))
                .replace("{iso}", ISO.format(at))
                .replace("{date}", DATE.format(at))
                .replace("{clock}", CLOCK.format(at))
                .replace("{epoch}", String.valueOf(at.toEpochSecond()))
                .replace("{n}", String.valueOf(n))
                .replace("{pid}", String.valueOf(2_000 + 7 * n))
                .replace("{port}", String.valueOf(40_000 + 13 * n))
                .replace("{esc}", "\u001b");
    }
}
