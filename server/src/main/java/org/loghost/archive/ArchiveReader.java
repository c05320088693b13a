package org.loghost.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Reads the archive's files, running server or not, for the command line. Holds no state; any thread. */
@SuppressWarnings({"unused", "DoNotCallSuggester"}) // for the moment: the body follows
public final class ArchiveReader {

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
    public ArchiveReader(Path path) {}

    /** All hosts by name. */
    public List<HostFolder> hosts() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The lines of the hosts' files, compressed or not, from one day to another (both included), host by host. */
    public void read(List<String> hosts, LocalDate from, LocalDate to, LineSink sink) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The last lines of each host's newest files, at most {@code lines} of each host. */
    public void tail(List<String> hosts, int lines, LineSink sink) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits for lines written after the call and passes them on, until {@code stop} says so or the thread is interrupted;
     * goes over to a new day's file when there is one, and takes up new hosts when {@code hosts} is empty (all hosts).
     */
    public void follow(List<String> hosts, LineSink sink, BooleanSupplier stop) throws IOException {
        throw new UnsupportedOperationException();
    }
}
