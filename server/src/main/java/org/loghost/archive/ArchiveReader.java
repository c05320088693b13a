package org.loghost.archive;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Reads the archive's files, running server or not, for the command line. Where hosts are asked for, an empty list means
 * all; a host without files gives nothing. What is no regular file (links and pipes that somebody planted), or cannot be
 * read, is left out and said once. One thread at a time.
 *
 * <p>Days after tomorrow were told by a clock that was wrong: they come before all others.
 */
public final class ArchiveReader {
    private static final int MOST_SAID = 1000;

    private final Path path;
    private final Consumer<String> leftOut;
    private final Set<Path> said = new HashSet<>();

    /** Takes lines, one at a time, without their line end; the bytes are valid during the call alone. */
    @FunctionalInterface
    public interface LineSink {
        /** One line of a host. */
        void line(String host, byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * One host's folder.
     *
     * @param name the host's name
     * @param bytes the size of all its files
     * @param days how many days it has a file of
     * @param lastWritten when a line was last written to it
     */
    public record HostFolder(String name, long bytes, int days, Instant lastWritten) {}

    /** Reads below {@code [archive] path}. */
    public ArchiveReader(Path path) {
        this(path, text -> {});
    }

    /** As the other constructor; {@code leftOut} gets a text for each path that is left out. */
    public ArchiveReader(Path path, Consumer<String> leftOut) {
        this.path = path.toAbsolutePath().normalize();
        this.leftOut = leftOut;
    }

    /** All hosts by name. */
    public List<HostFolder> hosts() throws IOException {
        List<HostFolder> hosts = new ArrayList<>();
        for (String name : names()) {
            long bytes = 0;
            Instant last = Instant.EPOCH;
            NavigableMap<LocalDate, List<Path>> days = days(name);
            for (List<Path> files : days.values()) {
                for (Path file : files) {
                    BasicFileAttributes attributes = ArchiveFolder.attributes(file);
                    if (attributes != null) {
                        bytes += attributes.size();
                        Instant written = attributes.lastModifiedTime().toInstant();
                        last = written.isAfter(last) ? written : last;
                    }
                }
            }
            hosts.add(new HostFolder(name, bytes, days.size(), last));
        }
        return hosts;
    }

    /** The lines of the hosts' files, compressed or not, from one day to another (both included), host by host. */
    public void read(List<String> hosts, LocalDate from, LocalDate to, LineSink sink) throws IOException {
        for (String host : hosts.isEmpty() ? names() : hosts) {
            for (List<Path> files : days(host).subMap(from, true, to, true).values()) {
                for (Path file : files) {
                    read(file, host, sink);
                }
            }
        }
    }

    private void read(Path file, String host, LineSink sink) throws IOException {
        boolean[] inSink = {false};
        try {
            LogLines.all(file, host, (name, bytes, offset, length) -> {
                inSink[0] = true;
                sink.line(name, bytes, offset, length);
                inSink[0] = false;
            });
        } catch (IOException e) {
            if (inSink[0]) {
                throw e;
            }
            leaveOut(file, e);
        }
    }

    /** The last lines of each host's newest files, at most {@code lines} of each host. */
    public void tail(List<String> hosts, int lines, LineSink sink) throws IOException {
        for (String host : hosts.isEmpty() ? names() : hosts) {
            tailHost(host, lines, Map.of(), sink);
        }
    }

    /**
     * The last lines as {@link #tail} gives them, and then every line written from there on, until {@code stop} says so or
     * the thread is interrupted. Goes over to a new day's file when there is one, and takes up new hosts when
     * {@code hosts} is empty. Looks every quarter of a second.
     */
    public void follow(List<String> hosts, int lines, LineSink sink, BooleanSupplier stop) throws IOException {
        new Following(this, hosts, sink).run(lines, stop);
    }

    /**
     * The lines that begin in the last bytes of a host's file of one day; none when it is compressed or not there.
     *
     * @return whether that was the whole file
     */
    public boolean end(String host, LocalDate day, long bytes, LineSink sink) throws IOException {
        for (Path file : days(host).getOrDefault(day, List.of())) {
            if (!file.toString().endsWith(DaySeries.GZ)) {
                return LogLines.end(file, bytes, host, sink);
            }
        }
        return true;
    }

    /** All hosts' names, sorted. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(path)) {
            for (Path folder : folders) {
                String name = String.valueOf(folder.getFileName());
                if (name.startsWith(".")) {
                    continue;
                }
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name);
                } else {
                    leaveOut(folder, "is no folder");
                }
            }
        } catch (NoSuchFileException e) {
            return names;
        }
        Collections.sort(names);
        return names;
    }

    /** A host's files by day; of one day, the compressed one first. */
    NavigableMap<LocalDate, List<Path>> days(String host) throws IOException {
        Path folder = path.resolve(host).normalize();
        TreeMap<LocalDate, List<Path>> days = new TreeMap<>();
        if (host.startsWith(".") || !path.equals(folder.getParent()) || Files.isSymbolicLink(folder)) {
            return days;
        }
        DaySeries series = DaySeries.ofHost(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                LocalDate day = series.dayOf(String.valueOf(file.getFileName()));
                if (day != null && isRegular(file)) {
                    days.computeIfAbsent(day, d -> new ArrayList<>()).add(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return days;
        } catch (IOException | DirectoryIteratorException e) {
            leaveOut(folder, e);
        }
        days.values().forEach(files -> files.sort(Collections.reverseOrder()));
        return days;
    }

    /** Days from the oldest to the newest, those of the future first. */
    static List<LocalDate> inOrder(Set<LocalDate> days) {
        LocalDate tomorrow = LocalDate.now(ZoneId.systemDefault()).plusDays(1);
        Comparator<LocalDate> futureFirst = Comparator.comparing(day -> !day.isAfter(tomorrow));
        return days.stream()
                .sorted(futureFirst.thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Passes a host's last lines on; of the files that have an end given, only what lies before it. */
    void tailHost(String host, int lines, Map<Path, Long> ends, LineSink sink) throws IOException {
        Deque<byte[]> last = new ArrayDeque<>();
        NavigableMap<LocalDate, List<Path>> days = days(host);
        List<LocalDate> order = inOrder(days.keySet());
        for (int i = order.size() - 1; i >= 0 && last.size() < lines; i--) {
            List<Path> files = days.getOrDefault(order.get(i), List.of());
            for (int j = files.size() - 1; j >= 0 && last.size() < lines; j--) {
                Path file = files.get(j);
                long end = ends.getOrDefault(file, Long.MAX_VALUE);
                lastOf(file, end, lines - last.size()).descendingIterator().forEachRemaining(last::addFirst);
            }
        }
        for (byte[] line : last) {
            sink.line(host, line, 0, line.length);
        }
    }

    private Deque<byte[]> lastOf(Path file, long end, int lines) {
        try {
            return LogLines.last(file, end, lines);
        } catch (IOException e) {
            leaveOut(file, e);
            return new ArrayDeque<>();
        }
    }

    /** A pipe would be waited at for ever, and a link leads anywhere. */
    private boolean isRegular(Path file) throws IOException {
        BasicFileAttributes attributes = ArchiveFolder.attributes(file);
        if (attributes != null && !attributes.isRegularFile()) {
            leaveOut(file, "is " + ArchiveFolder.kind(attributes));
        }
        return attributes != null && attributes.isRegularFile();
    }

    void leaveOut(Path file, Exception why) {
        Throwable cause = why instanceof DirectoryIteratorException && why.getCause() != null ? why.getCause() : why;
        if (!(cause instanceof NoSuchFileException)) {
            leaveOut(
                    file,
                    "cannot be read: "
                            + (cause instanceof IOException error ? ArchiveFolder.reason(error) : cause.toString()));
        }
    }

    private void leaveOut(Path file, String why) {
        if (said.size() < MOST_SAID && said.add(file)) {
            leftOut.accept(file + " " + why + "; it is left out");
        }
    }
}
