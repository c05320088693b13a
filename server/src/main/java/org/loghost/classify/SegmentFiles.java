package org.loghost.classify;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.loghost.file.WholeFile;

/**
 * The folder of segments: {@code <number>.open} is written to, {@code <number>.sealed} waits for its report, and
 * {@code last-number} holds the greatest number ever given, so that none is given twice. Guarded by its store.
 */
final class SegmentFiles {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.(open|sealed)");
    private static final String OPEN = "open";
    private static final String SEALED = "sealed";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    SegmentFiles(Path folder) {
        this.folder = folder;
    }

    void createFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        }
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
        try {
            String noted = Files.readString(folder.resolve("last-number"), StandardCharsets.ISO_8859_1);
            return Math.max(last, Long.parseLong(noted.strip()));
        } catch (NoSuchFileException e) {
            return last;
        } catch (NumberFormatException e) {
            return Math.max(last, nowSeconds);
        }
    }

    private void note(long number) throws IOException {
        WholeFile.replace(folder.resolve("last-number"), (number + "\n").getBytes(StandardCharsets.ISO_8859_1));
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
