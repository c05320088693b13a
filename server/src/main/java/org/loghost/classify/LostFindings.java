package org.loghost.classify;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts findings that were not stored, by host and highest tier, until one line for each can be stored in their place.
 * Bounded: hosts beyond the first thousand are counted together. Guarded by its store.
 */
final class LostFindings {
    private static final int MAX_HOSTS = 1_000;
    private static final String OTHERS = "other-hosts";
    private static final int PRI = 45; // syslog.notice
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    private final Map<String, long[]> byHost = new LinkedHashMap<>();

    boolean isEmpty() {
        return byHost.isEmpty();
    }

    /** Counts the findings of a buffer. */
    void add(FindingsBuffer findings) {
        byte[] bytes = findings.bytes();
        int at = 0;
        while (at < findings.length()) {
            int length = ((bytes[at + 2] & 0xff) << 24)
                    | ((bytes[at + 3] & 0xff) << 16)
                    | ((bytes[at + 4] & 0xff) << 8)
                    | (bytes[at + 5] & 0xff);
            int payload = at + RecordFormat.HEADER;
            int hostLength = bytes[payload + 14] & 0xff;
            String host = new String(bytes, payload + RecordFormat.FIXED, hostLength, StandardCharsets.US_ASCII);
            if (!byHost.containsKey(host) && byHost.size() >= MAX_HOSTS) {
                host = OTHERS;
            }
            long[] counts = byHost.computeIfAbsent(host, name -> new long[Tier.values().length]);
            counts[Integer.numberOfTrailingZeros(bytes[payload + 8] & 7)]++;
            at = payload + length;
        }
    }

    /** One line per host and tier that says how many findings are missing. */
    void describe(Clock clock, FindingsBuffer out) {
        Instant now = clock.instant();
        String stamp = STAMP.format(now.atZone(clock.getZone()));
        byHost.forEach((host, counts) -> {
            for (Tier tier : Tier.values()) {
                long count = counts[Integer.numberOfTrailingZeros(tier.bit())];
                if (count > 0) {
                    String text = stamp + " " + host + " loghost: " + count + " lines of " + tier.heading()
                            + " are not in this report (the store of findings was full); the archive has them";
                    byte[] line = text.getBytes(StandardCharsets.US_ASCII);
                    byte[] name = host.getBytes(StandardCharsets.US_ASCII);
                    int times = (int) Math.min(count, Integer.MAX_VALUE);
                    byte[] rule = FindingsBuffer.noRule();
                    out.add(now.toEpochMilli(), tier.bit(), PRI, times, name, rule, line, 0, line.length);
                }
            }
        });
    }

    void clear() {
        byHost.clear();
    }
}
