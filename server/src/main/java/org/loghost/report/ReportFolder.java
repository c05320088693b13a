package org.loghost.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The reports kept on the server: {@code <id>/report.txt} and {@code <id>/complete.txt.gz}, folders 0750, files 0600.
 * Within its budget the oldest go first; one report may take half of it. One thread.
 */
final class ReportFolder {
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

    /** Adds the text, gives the folder its name, and makes room by deleting the oldest others. */
    void publish(String id, String text) throws IOException {
        Path unfinished = folder.resolve(id + UNFINISHED);
        try (OutputStream out = create(unfinished.resolve("report.txt"))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        force(unfinished.resolve(COMPLETE));
        Path report = folder.resolve(id);
        delete(report);
        Files.move(unfinished, report, StandardCopyOption.ATOMIC_MOVE);
        makeRoom(report);
    }

    /** The oldest first: ids begin with their time. */
    private void makeRoom(Path newest) throws IOException {
        List<Path> reports = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, Files::isDirectory)) {
            found.forEach(reports::add);
        }
        reports.sort(Comparator.naturalOrder());
        long size = 0;
        for (Path report : reports) {
            size += size(report);
        }
        for (Path report : reports) {
            if (size <= keepSize) {
                return;
            }
            if (!report.equals(newest)) {
                size -= size(report);
                delete(report);
            }
        }
    }

    private static long size(Path report) throws IOException {
        long size = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(report)) {
            for (Path file : files) {
                size += Files.size(file);
            }
        }
        return size;
    }

    /** The findings are deleted after this: the list must not be in memory alone. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static OutputStream create(Path file) throws IOException {
        return Channels.newOutputStream(
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE));
    }

    private static void delete(Path report) throws IOException {
        if (!Files.exists(report)) {
            return;
        }
        try (Stream<Path> files = Files.list(report)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(report);
    }
}
