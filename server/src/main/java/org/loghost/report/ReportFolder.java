package org.loghost.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The reports kept on the server: {@code <id>/report.txt} and {@code <id>/complete.txt.gz}, folders 0750, files 0600.
 * Within its budget the oldest go first; one report may take half of it. One thread.
 */
final class ReportFolder {
    private static final Logger logger = LogManager.getLogger(ReportFolder.class);
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String UNFINISHED = ".tmp";
    private static final String COMPLETE = "complete.txt.gz";

    private final Path folder;
    private final long keepSize;

    ReportFolder(Path folder, long keepSize) {
        this.folder = folder;
        this.keepSize = keepSize;
    }

    /** Where a report's complete list will lie. */
    Path completeList(String id) {
        return folder.resolve(id).resolve(COMPLETE);
    }

    /** The greatest size of one complete list. */
    long completeLimit() {
        return keepSize / 2;
    }

    /** Begins a report's folder, afresh if an earlier run began it; the caller closes the complete list. */
    OutputStream begin(String id) throws IOException {
        Files.createDirectories(folder, FOLDER);
        Path unfinished = folder.resolve(id + UNFINISHED);
        delete(unfinished);
        Files.createDirectory(unfinished, FOLDER);
        return create(unfinished.resolve(COMPLETE));
    }

    /**
     * Adds the text, gives the folder its name, and makes room by deleting the oldest others. On disk when it returns:
     * the findings are deleted after this.
     */
    void publish(String id, String text) throws IOException {
        Path unfinished = folder.resolve(id + UNFINISHED);
        try (OutputStream out = create(unfinished.resolve("report.txt"))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        force(unfinished.resolve("report.txt"));
        force(unfinished.resolve(COMPLETE));
        force(unfinished);
        Path report = folder.resolve(id);
        delete(report);
        Files.move(unfinished, report, StandardCopyOption.ATOMIC_MOVE);
        force(folder);
        makeRoom(report);
    }

    /** The oldest first: ids begin with their time. What cannot be deleted does not protect those behind it. */
    private void makeRoom(Path newest) {
        try {
            List<Path> reports = new ArrayList<>();
            try (DirectoryStream<Path> found =
                    Files.newDirectoryStream(folder, path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))) {
                found.forEach(reports::add);
            }
            reports.sort(Comparator.naturalOrder());
            long size = 0;
            for (Path report : reports) {
                size += size(report);
            }
            for (Path report : reports) {
                if (size > keepSize && !report.equals(newest)) {
                    size -= deleted(report);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            logger.warn("{}: no room could be made (expected: folders that may be listed)", folder, e);
        }
    }

    /** The octets that its end has freed. */
    private static long deleted(Path report) throws IOException {
        long size = size(report);
        try {
            delete(report);
            return size;
        } catch (IOException e) {
            logger.warn("{}: an old report could not be deleted: {}", report, e.toString());
            return size - size(report);
        }
    }

    private static long size(Path report) throws IOException {
        AtomicLong size = new AtomicLong();
        Files.walkFileTree(report, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                size.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return size.get();
    }

    /** A file's content, or a folder's names. */
    private static void force(Path path) throws IOException {
        boolean isFolder = Files.isDirectory(path);
        try (FileChannel channel =
                FileChannel.open(path, isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static OutputStream create(Path file) throws IOException {
        return Channels.newOutputStream(
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE));
    }

    /** With whatever somebody has put into it, links themselves and not what they lead to. */
    private static void delete(Path report) throws IOException {
        if (!Files.exists(report, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Deletion deletion = new Deletion();
        Files.walkFileTree(report, deletion);
        if (deletion.failure != null) {
            throw deletion.failure;
        }
    }

    /** Goes on past what cannot be deleted. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        private @Nullable IOException failure;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return delete(file);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            return delete(folder);
        }

        private FileVisitResult delete(Path path) {
            try {
                Files.delete(path);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
