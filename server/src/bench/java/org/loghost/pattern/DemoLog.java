package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of the small network that {@code loghost demo} shows, in any order: servers of several kinds, network devices,
 * and an intruder. A message that the script sends n times is n times as frequent here.
 */
final class DemoLog {
    private static final Pattern MESSAGE = Pattern.compile("\\d+ +(?:x(\\d+)/\\d+ +)?\\S+ +<\\d+>(.*)");
    private static final Pattern RFC5424 = Pattern.compile("1 \\{iso} (\\S+) (\\S+) (\\S+) \\S+ (?:-|\\[[^]]*]) (.*)");
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");

    private DemoLog() {}

    /** Each line with a line feed. */
    static byte[] lines(int count) throws IOException {
        List<String> messages = messages();
        Random random = new Random(7);
        ByteArrayOutputStream lines = new ByteArrayOutputStream(count * 130);
        for (int i = 0; i < count; i++) {
            lines.writeBytes(filled(messages.get(random.nextInt(messages.size())), i, random)
                    .getBytes(ISO_8859_1));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    /** Each message as often as it is sent. */
    private static List<String> messages() throws IOException {
        List<String> messages = new ArrayList<>();
        try (InputStream in = DemoLog.class.getResourceAsStream("/demo/traffic.txt")) {
            for (String line : new String(in.readAllBytes(), ISO_8859_1).split("\n", -1)) {
                Matcher matcher = MESSAGE.matcher(line);
                if (matcher.matches()) {
                    int times = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
                    messages.addAll(java.util.Collections.nCopies(times, canonical(matcher.group(2))));
                }
            }
        }
        return messages;
    }

    /** As the server writes it to the archive. */
    private static String canonical(String message) {
        Matcher rfc5424 = RFC5424.matcher(message);
        if (rfc5424.matches()) {
            String pid = rfc5424.group(3).equals("-") ? "" : "[" + rfc5424.group(3) + "]";
            return "{time} " + rfc5424.group(1) + " " + rfc5424.group(2) + pid + ": " + rfc5424.group(4);
        }
        return message.startsWith("{time}") ? message : "{time} gateway " + message;
    }

    private static String filled(String message, int number, Random random) {
        return SLOT.matcher(message).replaceAll(slot -> switch (slot.group(1)) {
            case "time" -> {
                int second = number / 20;
                yield String.format(
                        "Nov %2d %02d:%02d:%02d",
                        1 + second / 86_400 % 28, second / 3_600 % 24, second / 60 % 60, second % 60);
            }
            case "iso" -> "2026-11-22T06:30:00.000+01:00";
            case "date" -> "2026-11-22";
            case "clock" -> "06:30:00";
            case "esc" -> "#033";
            default -> String.valueOf(1_000 + random.nextInt(60_000));
        });
    }
}
