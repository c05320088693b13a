package org.loghost.archive;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * The slow work on finished days, one pass every quarter of an hour on a thread of its own: deletes days older than
 * {@code keep}; compresses finished days; deletes the oldest finished days of a host over {@code max-host-size}, and of
 * all when they are over {@code max-size}, but never one younger than {@code keep-min}: then it only alarms, and writing
 * goes on down to the free-space floor; removes the folders of hosts that have no day left.
 *
 * <p>Ages are counted by {@link Retention}, so that a wrong clock deletes nothing. A day is finished ten minutes after its
 * midnight, once nothing holds its file open. Rests as long as it works.
 */
final class Housekeeping {
    private static final Logger logger = LogManager.getLogger(Housekeeping.class);
    private static final long PAUSE_SECONDS = 15 * 60;
    private static final Duration SETTLED = Duration.ofMinutes(10);

    /** Files that one pass deletes for {@code max-size} at most: what bounds its memory. */
    private static final int MOST_DELETED = 10_000;

    private static final long STOP_MILLIS = 3000;
    private static final Comparator<Aged> OLDEST =
            Comparator.comparingInt(Aged::age).reversed().thenComparing(Aged::day);

    private final ArchiveFolder folder;
    private final ZoneId zone;
    private final Clock clock;
    private final Notices notices;
    private final Supplier<ArchiveConfig> configuration;
    private final Compressor compressor;
    private final Deletions deletions = new Deletions();
    private @Nullable Retention retention;
    private @Nullable Thread thread;

    Housekeeping(
            ArchiveFolder folder, ZoneId zone, Clock clock, Notices notices, Supplier<ArchiveConfig> configuration) {
        this.folder = folder;
        this.zone = zone;
        this.clock = clock;
        this.notices = notices;
        this.configuration = configuration;
        this.compressor = new Compressor(folder);
    }

    /** A finished day's file; its age in days that the archive has seen. */
    private record Aged(Path path, LocalDate day, int age, long size) {}

    void start() {
        Thread started = new Thread(this::run, "archive-housekeeping");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One pass, on the calling thread. */
    void pass() {
        try {
            tidy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            trouble(folder.base(), e);
        }
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
                tidyOrReport();
            }
        } catch (InterruptedException e) {
            logger.debug("housekeeping ends");
        }
    }

    private void tidyOrReport() throws InterruptedException {
        try {
            tidy();
        } catch (IOException | RuntimeException e) {
            logger.error("archive housekeeping", e);
            notices.post(Notice.Level.WARNING, "archive housekeeping", "archive: housekeeping failed: " + e);
        }
    }

    private void tidy() throws IOException, InterruptedException {
        ArchiveConfig config = configuration.get();
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, zone);
        LocalDate finished = LocalDate.ofInstant(now.minus(SETTLED), zone);
        Retention ages = retention;
        if (ages == null) {
            ages = Retention.open(folder.base(), daysFound(config), notices);
            retention = ages;
        }
        ages.begin(today, config);
        PriorityQueue<Aged> oldest = new PriorityQueue<>(OLDEST.reversed());
        long total = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.base())) {
            for (Path host : folders) {
                long start = System.nanoTime();
                if (isHost(host)) {
                    total += tidyHost(DaySeries.ofHost(host), config, ages, finished, oldest);
                }
                Compressor.rest(System.nanoTime() - start);
            }
        } finally {
            deletions.log();
        }
        Path combined = config.combined();
        if (combined != null) {
            tidySeries(DaySeries.ofCombined(combined), config, ages, finished);
        }
        if (config.maxSize() > 0 && total > config.maxSize()) {
            shrink("all hosts", "max-size", total, config.maxSize(), sorted(oldest), config);
        }
        deletions.log();
        ages.end();
    }

    /** The days of all files, for the first pass. */
    private Set<LocalDate> daysFound(ArchiveConfig config) throws IOException {
        Set<LocalDate> found = new HashSet<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.base())) {
            for (Path host : folders) {
                if (isHost(host)) {
                    addDays(DaySeries.ofHost(host), found);
                }
            }
        }
        Path combined = config.combined();
        if (combined != null) {
            addDays(DaySeries.ofCombined(combined), found);
        }
        return found;
    }

    private void addDays(DaySeries series, Set<LocalDate> found) {
        try {
            for (Path file : files(series)) {
                LocalDate day = series.dayOf(String.valueOf(file.getFileName()));
                if (day != null) {
                    found.add(day);
                }
            }
        } catch (IOException e) {
            trouble(series.folder(), e);
        }
    }

    private long tidyHost(
            DaySeries series, ArchiveConfig config, Retention ages, LocalDate finished, PriorityQueue<Aged> oldest)
            throws InterruptedException {
        try {
            tidySeries(series, config, ages, finished);
            List<Path> left = files(series);
            if (left.isEmpty()) {
                removeFolder(series);
            }
            boolean sizes = config.maxSize() > 0 || config.maxHostSize() > 0;
            return sizes ? measure(series, left, config, ages, oldest) : 0;
        } catch (IOException e) {
            trouble(series.folder(), e);
            return 0;
        }
    }

    private void tidySeries(DaySeries series, ArchiveConfig config, Retention ages, LocalDate finished)
            throws IOException, InterruptedException {
        for (Path file : files(series)) {
            String name = String.valueOf(file.getFileName());
            LocalDate day = series.dayOf(name);
            if (day == null) {
                continue;
            }
            ages.found(day);
            if (ages.isExpired(day)) {
                delete(file, day, size(file), "older than keep");
            } else if (config.compress() && name.endsWith(DaySeries.LOG) && ages.isFinished(day, finished)) {
                compress(series, day);
            }
        }
    }

    private static long size(Path file) throws IOException {
        BasicFileAttributes attributes = ArchiveFolder.attributes(file);
        return attributes == null ? 0 : attributes.size();
    }

    private void compress(DaySeries series, LocalDate day) throws InterruptedException {
        try {
            compressor.compress(series, day);
        } catch (IOException e) {
            trouble(series.log(day), e);
        }
    }

    private long measure(
            DaySeries series, List<Path> files, ArchiveConfig config, Retention ages, PriorityQueue<Aged> oldest)
            throws IOException {
        long total = 0;
        List<Aged> deletable = new ArrayList<>();
        for (Path file : files) {
            BasicFileAttributes attributes = ArchiveFolder.attributes(file);
            LocalDate day = series.dayOf(String.valueOf(file.getFileName()));
            if (attributes == null || day == null) {
                continue;
            }
            total += attributes.size();
            if (ages.isOlder(day, config.keepMin().toDays())) {
                deletable.add(new Aged(file, day, ages.age(day), attributes.size()));
            }
        }
        deletable.sort(OLDEST);
        if (config.maxHostSize() > 0 && total > config.maxHostSize()) {
            String host = String.valueOf(series.folder().getFileName());
            total -= shrink(host, "max-host-size", total, config.maxHostSize(), deletable, config);
        }
        for (Aged aged : deletable) {
            oldest.add(aged);
            if (oldest.size() > MOST_DELETED) {
                oldest.poll();
            }
        }
        return total;
    }

    /** Deletes from the front until the limit is kept, and takes out of the list what is gone; returns its bytes. */
    private long shrink(String whose, String key, long total, long limit, List<Aged> deletable, ArchiveConfig config)
            throws IOException {
        long gone = 0;
        int count = 0;
        while (total - gone > limit && count < deletable.size()) {
            Aged aged = deletable.get(count++);
            gone += delete(aged.path(), aged.day(), aged.size(), "for " + key) ? aged.size() : 0;
        }
        deletable.subList(0, count).clear();
        if (total - gone > limit) {
            notices.postExample(
                    Notice.Topic.SERVER,
                    Notice.Level.WARNING,
                    "archive " + key,
                    "More than the limit allows",
                    "archive: " + whose + ": " + (total - gone) + " bytes (expected: " + key + ", at most " + limit
                            + "); days younger than keep-min ("
                            + config.keepMin().toDays()
                            + " days) are not deleted: raise the limit or make room by hand");
        }
        return gone;
    }

    private boolean delete(Path file, LocalDate day, long size, String reason) throws IOException {
        return folder.exclusively(file, () -> {
            if (Files.deleteIfExists(file)) {
                deletions.add(file, day, size, reason);
            }
        });
    }

    /** Removes a host's folder that holds no day any more; one that holds anything else stays. */
    private void removeFolder(DaySeries series) throws IOException {
        folder.exclusively(series.folder(), () -> {
            try (DirectoryStream<Path> rest = Files.newDirectoryStream(series.folder())) {
                for (Path path : rest) {
                    String name = String.valueOf(path.getFileName());
                    if (!name.equals(series.link()) || !Files.isSymbolicLink(path)) {
                        return;
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            Files.deleteIfExists(series.linkPath());
            Files.delete(series.folder());
        });
    }

    private static List<Path> files(DaySeries series) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(series.folder())) {
            for (Path path : all) {
                if (series.dayOf(String.valueOf(path.getFileName())) != null
                        && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    private static List<Aged> sorted(PriorityQueue<Aged> oldest) {
        List<Aged> all = new ArrayList<>(oldest);
        all.sort(OLDEST);
        return all;
    }

    private static boolean isHost(Path path) {
        return !String.valueOf(path.getFileName()).startsWith(".")
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void trouble(Path path, IOException e) {
        String text = "archive housekeeping: " + path + ": " + ArchiveFolder.reason(e);
        logger.warn("{}", text);
        notices.post(Notice.Level.WARNING, "archive housekeeping", text);
    }
}
