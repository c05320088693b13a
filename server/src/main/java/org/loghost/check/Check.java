package org.loghost.check;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Tier;
import org.loghost.report.ShownText;
import org.loghost.rules.RuleSet;

/**
 * One run over log files: reads what is new, classifies it, and keeps how far it came only when told that the report is
 * out, so that a line is in a report however a run ends. Two runs on one state folder exclude each other.
 *
 * <p>Order: {@link #open}, {@link #read} for each file, {@link #writeTo}, {@link #commit}, {@link #close}. One thread.
 */
public final class Check implements Closeable {
    private static final int LONGEST_NAME = 100;

    private final Path state;
    private final FileChannel lock;
    private final Sections sections;
    private final Map<Path, Place> places = new LinkedHashMap<>();
    private final List<String> notices = new ArrayList<>();
    private @Nullable Journal journal;

    private Check(Path state, FileChannel lock, Sections sections) {
        this.state = state;
        this.lock = lock;
        this.sections = sections;
    }

    /**
     * Makes the state folder (0700) if need be, and takes it.
     *
     * @throws IOException when another run has it, or it cannot be written
     */
    public static Check open(RuleSet rules, Path state) throws IOException {
        if (!Files.isDirectory(state)) {
            Path above = state.toAbsolutePath().getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.createDirectory(
                    state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        FileChannel channel = FileChannel.open(
                state.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            FileLock taken = tryLock(channel);
            if (taken == null) {
                throw new IOException(state + ": another check is running on this state folder");
            }
            return new Check(state, channel, Sections.open(rules, state));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Reads what was appended to a log since the last committed run; all of it at the first. */
    public void read(Path log, long nowMillis) throws IOException {
        Path file = log.toAbsolutePath().normalize();
        if (!places.containsKey(file)) {
            Place last = Place.load(stateFile(file));
            places.put(file, new LogFile(file, notices::add).read(last, sections::add, nowMillis));
        }
    }

    /** Reads what the systemd journal got since the last committed run, by this {@code journalctl}. */
    public void readJournal(String journalctl) throws IOException {
        Journal reading = new Journal(journalctl, state);
        try {
            reading.read(sections::add);
        } catch (IOException failed) {
            reading.discard(); // what it did read is in the report, and again in the next one
            throw failed;
        }
        journal = reading;
    }

    /** Says something in the report that is no line of a log. */
    public void notice(String text) {
        notices.add(text);
    }

    /** What is to be said beside the lines. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    /** Whether no line fell into any tier. */
    public boolean isEmpty() {
        return sections.isEmpty();
    }

    /** How many lines fell into a tier. */
    public long count(Tier tier) {
        return sections.count(tier);
    }

    /** Writes the report, in UTF-8. */
    public void writeTo(OutputStream out) throws IOException {
        sections.writeTo(out);
        if (!notices.isEmpty()) {
            Sections.heading("Notices", out);
            for (String notice : notices) {
                Sections.text("! " + ShownText.ofText(notice) + "\n", out);
            }
        }
    }

    /** Keeps how far the logs were read. Call when the report is out. */
    public void commit() throws IOException {
        for (Map.Entry<Path, Place> place : places.entrySet()) {
            place.getValue().save(stateFile(place.getKey()));
        }
        if (journal != null) {
            journal.commit();
        }
    }

    /** Named after the log's path, readable and yet one to one. */
    private Path stateFile(Path log) {
        String path = log.toString();
        String readable = path.replaceAll("[^A-Za-z0-9._-]", "_");
        Fingerprint print = new Fingerprint();
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        print.add(bytes, 0, bytes.length);
        String end = readable.substring(Math.max(0, readable.length() - LONGEST_NAME));
        return state.resolve("at" + end + "-" + print.text().substring(0, 12));
    }

    @Override
    public void close() throws IOException {
        try {
            sections.close();
            if (journal != null) {
                journal.discard();
            }
        } finally {
            lock.close();
        }
    }
}
