package org.loghost.classify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.loghost.file.SetAside;
import org.loghost.file.WholeFile;

/**
 * The folder of segments: {@code <number>.open} is written to, {@code <number>.sealed} waits for its report, and
 * {@code last-number} holds the greatest number ever given, so that none is given twice. Guarded by its store.
 */
final class SegmentFiles {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.(open|sealed)");
    private static final String LAST_NUMBER = "last-number";
    private static final long MOST_NOTED = 100;
    private static final long MOST_KEPT = 16L << 20;
    private static final String OPEN = "open";
    private static final String SEALED = "sealed";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final List<String> setAside = new ArrayList<>();
    private boolean numberIsUnknown;

    SegmentFiles(Path folder) {
        this.folder = folder;
    }

    void createFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                setAside.add(folder + " is no folder and is now " + SetAside.move(folder));
            }
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        }
    }

    /** Moves away what bears a segment's name and cannot be read or written to; says what, for each. */
    List<String> setAsideUnusable() throws IOException {
        for (String state : List.of(OPEN, SEALED)) {
            for (Path segment : list(state).values()) {
                if (!Files.isRegularFile(segment) || !Files.isReadable(segment) || !Files.isWritable(segment)) {
                    setAside.add(segment + " is now " + SetAside.move(segment));
                }
            }
        }
        Path noted = folder.resolve(LAST_NUMBER);
        try {
            byte[] bytes = WholeFile.read(noted, MOST_NOTED).orElse(null);
            if (bytes != null) {
                Long.parseLong(new String(bytes, StandardCharsets.ISO_8859_1).strip());
            }
        } catch (IOException | NumberFormatException e) {
            numberIsUnknown = true;
            setAside.add(noted + " is now " + SetAside.move(noted));
        }
        return List.copyOf(setAside);
    }

    /** Whether what lies at a place of a segment begins as a record does. */
    boolean isUnfinishedRecord(Path segment, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(2);
            int read = channel.read(start, at);
            return (read < 1 || start.get(0) == (byte) (RecordFormat.MAGIC >>> 8))
                    && (read < 2 || start.get(1) == (byte) RecordFormat.MAGIC);
        }
    }

    /** Keeps what a segment has behind a place, which is about to be cut off; the first of it when it is much. */
    Path keepAside(Path segment, long from) throws IOException {
        Path place = SetAside.place(segment);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(MOST_KEPT, channel.size() - from));
            while (end.hasRemaining() && channel.read(end, from + end.position()) >= 0) {
                // until full or at the file's end
            }
            WholeFile.replace(place, Arrays.copyOf(end.array(), end.position()));
        }
        return place;
    }

    /** Moves a segment that cannot be read away. */
    Path moveAside(Path segment) throws IOException {
        return SetAside.move(segment);
    }

    Path open(long number) {
        return file(number, OPEN);
    }

    Path sealed(long number) {
        return file(number, SEALED);
    }

    /** Creates the file of a new segment, after its number has been noted as given. */
    Path create(long number) throws IOException {
        note(number);
        return Files.createFile(open(number), PRIVATE);
    }

    /** Seals by one rename, so that a segment is either open or sealed after a crash too. */
    void seal(long number) throws IOException {
        Files.move(open(number), sealed(number), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes renames last over a loss of power: a report must never be made of a segment that is open after it. */
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    NavigableMap<Long, Path> allOpen() throws IOException {
        return list(OPEN);
    }

    NavigableMap<Long, Path> allSealed() throws IOException {
        return list(SEALED);
    }

    /**
     * The greatest number ever given.
     *
     * @param nowSeconds seconds since the epoch: what to go on from when the note of it is damaged
     */
    long lastNumber(long nowSeconds) throws IOException {
        long last = 0;
        for (NavigableMap<Long, Path> files : List.of(allOpen(), allSealed())) {
            last = files.isEmpty() ? last : Math.max(last, files.lastKey());
        }
        if (numberIsUnknown) {
            return Math.max(last, nowSeconds);
        }
        try {
            String noted = Files.readString(folder.resolve(LAST_NUMBER), StandardCharsets.ISO_8859_1);
            return Math.max(last, Long.parseLong(noted.strip()));
        } catch (NoSuchFileException e) {
            return last;
        } catch (NumberFormatException e) {
            return Math.max(last, nowSeconds);
        }
    }

    private void note(long number) throws IOException {
        WholeFile.replace(folder.resolve(LAST_NUMBER), (number + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private NavigableMap<Long, Path> list(String state) throws IOException {
        NavigableMap<Long, Path> found = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && name.group(2).equals(state)) {
                    found.put(Long.parseLong(name.group(1)), entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private Path file(long number, String state) {
        return folder.resolve(String.format(Locale.ROOT, "%012d.%s", number, state));
    }
}
