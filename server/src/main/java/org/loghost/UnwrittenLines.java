package org.loghost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.archive.ArchiveReader;
import org.loghost.classify.Finding;
import org.loghost.classify.FindingsStore;
import org.loghost.metrics.LastRun;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * After an unclean end, the findings whose lines are not in the archive: findings are stored first, and a line may be
 * lost between the two. Looked at are the findings of the last moments and the ends of their hosts' files, before anything
 * is written to either. Used once, by one thread.
 */
final class UnwrittenLines {
    private static final Logger logger = LogManager.getLogger(UnwrittenLines.class);

    /** How far before what was surely on file: messages wait for names, batches in queues. */
    private static final Duration BEFORE = Duration.ofSeconds(10);

    private static final int MOST_FINDINGS = 200_000;
    /** Bytes of lines that are kept: one finding may be as long as its segment allows. */
    private static final long MOST_KEPT = 32L << 20;

    /** What a line that is kept takes beside its text. */
    private static final long BESIDE = 100;

    private static final long MOST_BYTES = 256L << 20;
    private static final long FIRST_BYTES = 1L << 20;
    private static final int HOSTS_NAMED = 5;

    private final ArchiveReader archive;
    private final ZoneId zone;
    private final Map<Place, Wanted> wanted = new HashMap<>();
    private int findings;
    private long keptBytes;
    private long notLookedFor;
    private long bytesLeft = MOST_BYTES;
    private final Map<String, Long> missing = new TreeMap<>();

    /** A host's file. */
    private record Place(String host, LocalDate day) {}

    /** The lines to look for in one file, and how often each. */
    private static final class Wanted {
        final Map<String, Integer> lines = new HashMap<>();
        final String first;

        Wanted(String first) {
            this.first = first;
        }
    }

    UnwrittenLines(ArchiveReader archive, ZoneId zone) {
        this.archive = archive;
        this.zone = zone;
    }

    /** Looks, and says what it found; nothing that fails here keeps the server from its start. */
    void tell(FindingsStore store, LastRun run, Notices notices) {
        try {
            Instant sure = run.writtenUntil().isBefore(run.until()) ? run.writtenUntil() : run.until();
            store.readSince(sure.minus(BEFORE).toEpochMilli(), this::want);
            for (Map.Entry<Place, Wanted> file : wanted.entrySet()) {
                look(file.getKey(), file.getValue());
            }
        } catch (IOException | RuntimeException e) {
            logger.warn(
                    "Lines that are in the report but not in the archive could not be looked for: {}", e.toString());
            notices.post(
                    Notice.Level.WARNING,
                    "unwritten lines unknown",
                    "After the unclean end, lines that are in the report but not in the archive could not be"
                            + " looked for: "
                            + e);
            return;
        }
        long all = missing.values().stream().mapToLong(Long::longValue).sum();
        if (all + notLookedFor > 0) {
            notices.post(Notice.Level.WARNING, "unwritten lines", text(all));
        }
    }

    private String text(long all) {
        if (all == 0) {
            return "After the unclean end, " + notLookedFor + (notLookedFor == 1 ? " line" : " lines")
                    + " of the report could not be looked for in the archive, there were too many";
        }
        String hosts = missing.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(HOSTS_NAMED)
                .map(host -> host.getKey() + " " + host.getValue())
                .collect(Collectors.joining(", "));
        int others = missing.size() - HOSTS_NAMED;
        return all + (all == 1 ? " line" : " lines") + " of the report and of its complete list "
                + (all == 1 ? "is" : "are")
                + " not in the archive, as the unclean end came before "
                + (all == 1 ? "it was" : "they were") + " on file"
                + (hosts.isEmpty()
                        ? ""
                        : ": " + hosts
                                + (others > 0 ? " and " + others + (others == 1 ? " more host" : " more hosts") : ""))
                + (notLookedFor == 0 ? "" : "; " + notLookedFor + " more could not be looked for, there were too many");
    }

    private void want(Finding finding) {
        long needed = (long) finding.line().length() + BESIDE;
        if (findings == MOST_FINDINGS || keptBytes + needed > MOST_KEPT) {
            notLookedFor++;
            return;
        }
        findings++;
        keptBytes += needed;
        LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(finding.receivedMillis()), zone);
        wanted.computeIfAbsent(new Place(finding.host(), day), place -> new Wanted(finding.line()))
                .lines
                .merge(finding.line(), 1, Integer::sum);
    }

    /** Reads more and more of a file's end, until the first of its lines is found: those behind it come later. */
    private void look(Place place, Wanted file) throws IOException {
        Map<String, Integer> left = Map.of();
        boolean whole = false;
        boolean seen = false;
        for (long bytes = FIRST_BYTES; !whole && !seen; bytes *= 8) {
            if (bytes > bytesLeft) {
                notLookedFor += sum(file.lines);
                return;
            }
            bytesLeft -= bytes;
            Map<String, Integer> open = new HashMap<>(file.lines);
            whole = archive.end(
                    place.host(), place.day(), bytes, (host, line, offset, length) -> find(open, line, offset, length));
            left = open;
            seen = !open.getOrDefault(file.first, 0).equals(file.lines.get(file.first));
        }
        long lost = sum(left);
        if (lost > 0) {
            missing.merge(place.host(), lost, Long::sum);
        }
    }

    private static long sum(Map<String, Integer> lines) {
        return lines.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** In the full format the classic line stands behind other fields. */
    private static void find(Map<String, Integer> open, byte[] bytes, int offset, int length) {
        String line = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        if (take(open, line) || line.isEmpty() || !Character.isDigit(line.charAt(0))) {
            return;
        }
        for (int blank = line.indexOf(' '); blank >= 0; blank = line.indexOf(' ', blank + 1)) {
            if (isStamp(line, blank + 1) && take(open, line.substring(blank + 1))) {
                return;
            }
        }
    }

    private static boolean take(Map<String, Integer> open, String line) {
        Integer times = open.get(line);
        if (times == null) {
            return false;
        }
        if (times == 1) {
            open.remove(line);
        } else {
            open.put(line, times - 1);
        }
        return true;
    }

    /** {@code Mmm dd hh:mm:ss}. */
    private static boolean isStamp(String line, int at) {
        return line.length() > at + 15
                && Character.isUpperCase(line.charAt(at))
                && line.charAt(at + 3) == ' '
                && line.charAt(at + 9) == ':'
                && line.charAt(at + 12) == ':';
    }
}
