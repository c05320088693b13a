package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.loghost.file.WholeFile;

/**
 * How often each rule decided about a line, and when last. A rule is known by its file and its pattern, so that its
 * count outlives reloads, restarts and changes of other lines; of several rules that match, the first is credited.
 *
 * <p>Counting and asking: any thread. Counts of rules that are no longer in use are kept for 90 days.
 */
public final class RuleHits {
    private static final String HEADER = "loghost rule hits 1";
    private static final long MOST = 128L << 20;
    private static final Duration KEEP = Duration.ofDays(90);
    /** Rules remembered in all, in use or not. */
    private static final int MAX_REMEMBERED = 200_000;

    private final Map<Key, Hits> byRule = new LinkedHashMap<>();

    private record Key(String file, Rule.Kind kind, String pattern) {}

    /** One rule's hits; shared by every rule set that has the rule. */
    private static final class Hits {
        final AtomicLong times = new AtomicLong();
        final AtomicLong lastMillis = new AtomicLong();
        final long sinceMillis;

        Hits(long sinceMillis) {
            this.sinceMillis = sinceMillis;
        }
    }

    /** No hits yet. */
    public RuleHits() {}

    /**
     * The hits kept in a file by {@link #save}; none when it is not there. Lines that cannot be read are left out.
     *
     * @throws IOException when the file is there and cannot be read, or is none of these
     */
    public static RuleHits load(Path file) throws IOException {
        RuleHits hits = new RuleHits();
        byte[] bytes = WholeFile.read(file, MOST).orElse(null);
        if (bytes == null) {
            return hits;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(HEADER + "\n")) {
            throw new IOException(file + " does not begin as it should (expected: " + HEADER + ")");
        }
        // At line feeds alone: a pattern may hold a carriage return.
        Stream.of(text.split("\n", -1)).skip(1).forEach(hits::parse);
        return hits;
    }

    /** The counters of a rule set's rules, from now on. */
    public synchronized Counters of(RuleSet rules, long nowMillis) {
        Hits[] hits = new Hits[rules.rules().size()];
        for (Rule rule : rules.rules()) {
            Key key = new Key(rule.file().toString(), rule.kind(), rule.pattern());
            hits[rule.id()] = byRule.computeIfAbsent(key, unknown -> new Hits(nowMillis));
        }
        return new Counters(hits);
    }

    /** The counters of one {@link RuleSet}, by rule id. Any thread. */
    public static final class Counters {
        private final Hits[] hits;

        private Counters(Hits[] hits) {
            this.hits = hits;
        }

        /** Adds the hits of a run of lines. */
        public void add(Verdicts verdicts, long nowMillis) {
            for (int i = 0; i < verdicts.hitCount(); i++) {
                Hits rule = hits[verdicts.hitRule(i)];
                rule.times.addAndGet(verdicts.hitTimes(i));
                if (rule.lastMillis.get() < nowMillis) {
                    rule.lastMillis.set(nowMillis);
                }
            }
        }

        /** How often a rule decided. */
        public long times(int rule) {
            return hits[rule].times.get();
        }

        /** When a rule decided last, in milliseconds since the epoch; 0 for never. */
        public long lastMillis(int rule) {
            return hits[rule].lastMillis.get();
        }

        /** Since when a rule's hits are counted, in milliseconds since the epoch. */
        public long sinceMillis(int rule) {
            return hits[rule].sinceMillis;
        }
    }

    /**
     * Writes all counts to a file (0600), which is replaced whole.
     *
     * @param current the rules in use, whose counts are kept however old they are
     */
    public void save(Path file, RuleSet current, long nowMillis) throws IOException {
        WholeFile.replace(file, text(current, nowMillis).getBytes(StandardCharsets.ISO_8859_1));
    }

    private synchronized String text(RuleSet current, long nowMillis) {
        Map<Key, Hits> inUse = new LinkedHashMap<>();
        for (Rule rule : current.rules()) {
            Key key = new Key(rule.file().toString(), rule.kind(), rule.pattern());
            inUse.put(key, byRule.computeIfAbsent(key, unknown -> new Hits(nowMillis)));
        }
        byRule.keySet().removeIf(key -> !inUse.containsKey(key) && isForgotten(key, nowMillis));
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        byRule.forEach((key, hits) -> lines.add(hits.times + "\t" + hits.lastMillis + "\t" + hits.sinceMillis + "\t"
                + key.kind + "\t" + escaped(key.file) + "\t" + key.pattern));
        return String.join("\n", lines) + "\n";
    }

    private boolean isForgotten(Key key, long nowMillis) {
        Hits hits = byRule.get(key);
        if (hits == null || byRule.size() > MAX_REMEMBERED) {
            return true;
        }
        long last = Math.max(hits.lastMillis.get(), hits.sinceMillis);
        return last < nowMillis - KEEP.toMillis();
    }

    private void parse(String line) {
        String[] fields = line.split("\t", 6);
        if (fields.length < 6 || byRule.size() >= MAX_REMEMBERED) {
            return;
        }
        try {
            Hits hits = new Hits(Long.parseLong(fields[2]));
            hits.times.set(Long.parseLong(fields[0]));
            hits.lastMillis.set(Long.parseLong(fields[1]));
            byRule.put(new Key(unescaped(fields[4]), Rule.Kind.valueOf(fields[3]), fields[5]), hits);
        } catch (IllegalArgumentException e) {
            return; // A damaged line is one rule's count; it starts again from 0.
        }
    }

    /** A path as one field of ISO 8859-1. */
    private static String escaped(String file) {
        String text = file.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String unescaped(String field) {
        String text = new String(field.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                file.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
            } else {
                file.append(c);
            }
        }
        return file.toString();
    }
}
