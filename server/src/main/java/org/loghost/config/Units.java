package org.loghost.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations and sizes as a configuration writes them: a whole number and a unit, always with the unit.
 *
 * <p>What cannot be read throws {@link Expected}.
 */
final class Units {
    static final String DURATION = "a whole number and ms, s, m, h, d or w, such as \"30s\" or \"90d\"";
    static final String SIZE = "a whole number and B, KiB, MiB, GiB, TiB, KB, MB, GB or TB, such as \"64 KiB\"";

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15}) ?([A-Za-z]{1,3})");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L, "w", 604_800_000L);
    private static final Map<String, Long> BYTES = Map.of(
            "B", 1L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30,
            "TiB", 1L << 40,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "TB", 1_000_000_000_000L);

    private Units() {}

    static Duration duration(String text) {
        return Duration.ofMillis(amount(text, MILLIS, DURATION));
    }

    static long bytes(String text) {
        return amount(text, BYTES, SIZE);
    }

    private static long amount(String text, Map<String, Long> units, String expected) {
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new Expected(expected);
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException tooLarge) {
            throw new Expected(expected);
        }
    }

    /** Shortest exact form, for messages: {@code 90d}, {@code 1500ms}. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            long length = MILLIS.getOrDefault(unit, 1L);
            if (millis % length == 0 && millis != 0) {
                return millis / length + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }

    /** Shortest exact form, for messages: {@code 64 KiB}. */
    static String text(long bytes) {
        for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
            long length = BYTES.getOrDefault(unit, 1L);
            if (bytes % length == 0 && bytes != 0) {
                return bytes / length + " " + unit;
            }
        }
        return bytes + " B";
    }
}
