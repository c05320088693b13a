package org.loghost.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Closes lines that a crash cut in the middle, so that no two lines are ever glued: a file that does not end in a line
 * end gets one, and a mark in the archive's format:
 *
 * <pre>
 * Nov 23 08:15:00 goblin loghost: the line above is cut: the server stopped while writing it
 * </pre>
 *
 * Looked at are, at start and before any other thread, the file written last ({@code current.log}) and the one of the day before it, of every host, and only
 * when the last run did not end in order; and every file that exists when it is first appended to.
 */
final class TornTails {
    private static final Logger logger = LogManager.getLogger(TornTails.class);
    private static final DateTimeFormatter CLASSIC = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");

    private final ZoneId zone;
    private final Clock clock;
    private final Supplier<ArchiveConfig> configuration;

    TornTails(ZoneId zone, Clock clock, Supplier<ArchiveConfig> configuration) {
        this.zone = zone;
        this.clock = clock;
        this.configuration = configuration;
    }

    /** Closes the torn tails of all hosts; returns how many there were. */
    int closeAll(Path base, Predicate<Path> isOurs) throws IOException {
        int torn = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base)) {
            for (Path folder : folders) {
                String name = String.valueOf(folder.getFileName());
                if (!name.startsWith(".")
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && isOurs.test(folder)) {
                    torn += close(DaySeries.ofHost(folder), name, isOurs);
                }
            }
        }
        return torn;
    }

    /** Closes the torn tails of one series; returns how many there were. */
    int close(DaySeries series, String host, Predicate<Path> isOurs) {
        int torn = 0;
        try {
            LocalDate newest = newestDay(series);
            if (newest != null) {
                for (Path file : List.of(series.log(newest), series.log(newest.minusDays(1)))) {
                    torn += isOurs.test(file) && closeFile(file, host) ? 1 : 0;
                }
            }
        } catch (IOException e) {
            logger.warn("looking for a cut line of {}: {}", host, e.getMessage());
        }
        return torn;
    }

    private static @Nullable LocalDate newestDay(DaySeries series) throws IOException {
        BasicFileAttributes link = ArchiveFolder.attributes(series.linkPath());
        if (link == null || !link.isSymbolicLink()) {
            return null;
        }
        return series.dayOf(Files.readSymbolicLink(series.linkPath()).toString());
    }

    /** Closes one file's tail; false when there was nothing to do. */
    boolean closeFile(Path file, String host) throws IOException {
        BasicFileAttributes attributes = ArchiveFolder.attributes(file);
        if (attributes == null || !attributes.isRegularFile() || attributes.size() == 0) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            if (channel.read(last, size - 1) == 1 && last.get(0) == '\n') {
                return false;
            }
            ByteBuffer mark = ByteBuffer.wrap(("\n" + mark(host) + "\n").getBytes(StandardCharsets.US_ASCII));
            for (long at = size; mark.hasRemaining(); ) {
                at += channel.write(mark, at);
            }
        }
        return true;
    }

    private String mark(String host) {
        ZonedDateTime now = clock.instant().atZone(zone);
        String line = CLASSIC.format(now) + " " + host
                + " loghost: the line above is cut: the server stopped while writing it";
        if (configuration.get().format() == ArchiveConfig.Format.CLASSIC) {
            return line;
        }
        String time = ISO.format(now);
        return time + " local syslog.notice " + time + " - - " + line;
    }
}
