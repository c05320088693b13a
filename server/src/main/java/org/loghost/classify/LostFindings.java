package org.loghost.classify;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts findings that were not stored, by host, program and highest tier, until one line for each, with an example or
 * two, can be stored in their place. Bounded: what is beyond the first thousand is counted together. Guarded by its
 * store.
 */
final class LostFindings {
    private static final int MAX_SOURCES = 1_000;
    private static final int EXAMPLES = 2;
    private static final int MAX_EXAMPLE = 500;
    private static final String OTHERS = "other-hosts";
    private static final int PRI = 45; // syslog.notice
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    private final Map<Source, Lost> bySource = new LinkedHashMap<>();

    private record Source(String host, String program, Tier tier) {}

    private static final class Lost {
        private final List<String> examples = new ArrayList<>();
        private long count;
    }

    boolean isEmpty() {
        return bySource.isEmpty();
    }

    /** Counts one finding of a buffer. */
    void add(FindingsBuffer findings, int at) {
        Source source = new Source(findings.host(at), findings.program(at), findings.tier(at));
        if (!bySource.containsKey(source) && bySource.size() >= MAX_SOURCES) {
            source = new Source(OTHERS, "", source.tier());
        }
        Lost lost = bySource.computeIfAbsent(source, unknown -> new Lost());
        lost.count++;
        if (lost.examples.size() < EXAMPLES) {
            String line = findings.line(at);
            lost.examples.add(line.length() <= MAX_EXAMPLE ? line : line.substring(0, MAX_EXAMPLE) + "...");
        }
    }

    /** One line per host, program and tier that says how many findings are missing. */
    void describe(Clock clock, FindingsBuffer out) {
        Instant now = clock.instant();
        String stamp = STAMP.format(now.atZone(clock.getZone()));
        byte[] rule = FindingsBuffer.noRule();
        bySource.forEach((source, lost) -> {
            String from = source.program().isEmpty() ? "" : " from " + source.program();
            String text = stamp + " " + source.host() + " loghost: " + lost.count
                    + (lost.count == 1 ? " line of " : " lines of ")
                    + source.tier().heading() + from + (lost.count == 1 ? " is" : " are")
                    + " only counted here (there were too many findings, or they"
                    + " could not be stored); the archive has them; for example: "
                    + String.join(" | ", lost.examples);
            byte[] line = text.getBytes(StandardCharsets.ISO_8859_1);
            byte[] name = source.host().getBytes(StandardCharsets.US_ASCII);
            int times = (int) Math.min(lost.count, Integer.MAX_VALUE);
            out.add(now.toEpochMilli(), source.tier().bit(), PRI, times, name, rule, line, 0, line.length);
        });
    }

    void clear() {
        bySource.clear();
    }
}
