package org.loghost.archive;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code tail -f} over the files of hosts: remembers which day's file was read how far. Of each host the two newest days
 * are watched, as a line of the day before may come after midnight. One thread.
 */
final class Following {
    private static final long PAUSE_MILLIS = 250;
    private static final int WATCHED_DAYS = 2;

    private final ArchiveReader reader;
    private final List<String> hosts;
    private final ArchiveReader.LineSink sink;
    private final Map<String, Map<LocalDate, Long>> places = new HashMap<>();

    Following(ArchiveReader reader, List<String> hosts, ArchiveReader.LineSink sink) {
        this.reader = reader;
        this.hosts = hosts;
        this.sink = sink;
    }

    void run(int lines, BooleanSupplier stop) throws IOException {
        for (String host : followed()) {
            begin(host, lines);
        }
        while (!stop.getAsBoolean()) {
            for (String host : followed()) {
                advance(host);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<String> followed() throws IOException {
        return hosts.isEmpty() ? reader.names() : hosts;
    }

    private void begin(String host, int lines) throws IOException {
        NavigableMap<LocalDate, Path> logs = logs(host);
        List<LocalDate> watched = newest(logs);
        Map<LocalDate, Long> known = new HashMap<>();
        Map<Path, Long> ends = new HashMap<>();
        for (Map.Entry<LocalDate, Path> log : logs.entrySet()) {
            boolean isWatched = watched.contains(log.getKey());
            long end = isWatched ? endOfLines(log.getValue()) : size(log.getValue());
            known.put(log.getKey(), end);
            if (isWatched) {
                ends.put(log.getValue(), end);
            }
        }
        places.put(host, known);
        reader.tailHost(host, lines, ends, sink);
    }

    private long endOfLines(Path file) {
        try (SeekableByteChannel channel = LogLines.open(file)) {
            return LogLines.endOfLines(channel);
        } catch (IOException e) {
            reader.leaveOut(file, e);
            return 0;
        }
    }

    private static long size(Path file) throws IOException {
        BasicFileAttributes attributes = ArchiveFolder.attributes(file);
        return attributes == null ? 0 : attributes.size();
    }

    private void advance(String host) throws IOException {
        NavigableMap<LocalDate, Path> logs = logs(host);
        Map<LocalDate, Long> known = places.computeIfAbsent(host, name -> new HashMap<>());
        for (LocalDate day : newest(logs)) {
            Path file = logs.get(day);
            if (file != null) {
                known.put(day, readOn(host, file, known.getOrDefault(day, 0L)));
            }
        }
        known.keySet().retainAll(logs.keySet());
    }

    private long readOn(String host, Path file, long from) throws IOException {
        if (size(file) == from) {
            return from;
        }
        try (SeekableByteChannel channel = opened(file)) {
            if (channel == null) {
                return from;
            }
            long size = channel.size();
            // A file that shrank was replaced: it is read from its start.
            long start = size < from ? 0 : from;
            return size == start ? start : LogLines.whole(channel, start, size, host, sink);
        }
    }

    private @Nullable SeekableByteChannel opened(Path file) {
        try {
            return LogLines.open(file);
        } catch (IOException e) {
            reader.leaveOut(file, e);
            return null;
        }
    }

    private static List<LocalDate> newest(NavigableMap<LocalDate, Path> logs) {
        List<LocalDate> days = ArchiveReader.inOrder(logs.keySet());
        return days.subList(Math.max(0, days.size() - WATCHED_DAYS), days.size());
    }

    /** The files that can still grow. */
    private NavigableMap<LocalDate, Path> logs(String host) throws IOException {
        TreeMap<LocalDate, Path> logs = new TreeMap<>();
        reader.days(host)
                .forEach((day, files) -> files.stream()
                        .filter(file -> file.toString().endsWith(DaySeries.LOG))
                        .forEach(file -> logs.put(day, file)));
        return logs;
    }
}
