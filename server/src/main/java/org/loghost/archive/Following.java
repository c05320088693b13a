package org.loghost.archive;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** {@code tail -f} over the files of hosts: remembers per host which day's file was read how far. One thread. */
final class Following {
    private static final long PAUSE_MILLIS = 250;

    private final ArchiveReader reader;
    private final List<String> hosts;
    private final ArchiveReader.LineSink sink;
    private final Map<String, Place> places = new HashMap<>();

    Following(ArchiveReader reader, List<String> hosts, ArchiveReader.LineSink sink) {
        this.reader = reader;
        this.hosts = hosts;
        this.sink = sink;
    }

    /** How far a day's file was read. */
    private record Place(LocalDate day, long position) {}

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
        if (logs.isEmpty()) {
            reader.tailHost(host, lines, null, 0, sink);
            return;
        }
        Path newest = logs.lastEntry().getValue();
        long end;
        try (SeekableByteChannel channel = LogLines.open(newest)) {
            end = LogLines.endOfLines(channel);
        }
        places.put(host, new Place(logs.lastKey(), end));
        reader.tailHost(host, lines, newest, end, sink);
    }

    /** Reads on in the file known, and then in every newer one from its start. */
    private void advance(String host) throws IOException {
        Place known = places.get(host);
        NavigableMap<LocalDate, Path> logs = logs(host);
        List<LocalDate> days = new ArrayList<>(
                known == null ? logs.keySet() : logs.tailMap(known.day(), true).keySet());
        for (LocalDate day : days) {
            long from = known != null && known.day().equals(day) ? known.position() : 0;
            Path file = logs.get(day);
            if (file != null) {
                places.put(host, new Place(day, readOn(host, file, from)));
            }
        }
    }

    private long readOn(String host, Path file, long from) throws IOException {
        try (SeekableByteChannel channel = LogLines.open(file)) {
            long size = channel.size();
            // A file that shrank was replaced: it is read from its start.
            long start = size < from ? 0 : from;
            return size == start ? start : LogLines.whole(channel, start, size, host, sink);
        } catch (NoSuchFileException e) {
            return from;
        }
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
