package org.loghost.archive;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the archive's files, running server or not, for the command line. Holds no state; any thread. Where hosts are
 * asked for, an empty list means all; a host without files gives nothing.
 */
public final class ArchiveReader {
    private final Path path;

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
        this.path = path.toAbsolutePath().normalize();
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
                    LogLines.all(file, host, sink);
                }
            }
        }
    }

    /** The last lines of each host's newest files, at most {@code lines} of each host. */
    public void tail(List<String> hosts, int lines, LineSink sink) throws IOException {
        for (String host : hosts.isEmpty() ? names() : hosts) {
            tailHost(host, lines, null, 0, sink);
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
                if (!name.startsWith(".") && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name);
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
                if (day != null) {
                    days.computeIfAbsent(day, d -> new ArrayList<>()).add(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return days;
        }
        days.values().forEach(files -> files.sort(Collections.reverseOrder()));
        return days;
    }

    /** Passes a host's last lines on; of the file {@code followed}, when it is not null, only what lies before an end. */
    void tailHost(String host, int lines, @Nullable Path followed, long followedEnd, LineSink sink) throws IOException {
        Deque<byte[]> last = new ArrayDeque<>();
        for (List<Path> files : days(host).descendingMap().values()) {
            for (int i = files.size() - 1; i >= 0 && last.size() < lines; i--) {
                Path file = files.get(i);
                long end = file.equals(followed) ? followedEnd : Long.MAX_VALUE;
                LogLines.last(file, end, lines - last.size())
                        .descendingIterator()
                        .forEachRemaining(last::addFirst);
            }
        }
        for (byte[] line : last) {
            sink.line(host, line, 0, line.length);
        }
    }
}
