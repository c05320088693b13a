package org.loghost.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.file.WholeFile;

/**
 * The days on which this archive was kept, in the order in which it saw them: what a day's age is counted in, so that a
 * clock that is wrong makes nothing old. A day of the year 2036 that the clock told for an hour is one day, as any other.
 *
 * <p>Kept in a file, one date a line behind {@code keep N}, the retention at that time. Without it, as after an update,
 * it is made up from the day files that are there; small gaps between them count as days then. One thread.
 */
final class DaysSeen {
    static final String NAME = ".days";

    private static final Logger logger = LogManager.getLogger(DaysSeen.class);

    /** A larger gap between day files is one day, whatever the calendar says: it may be the work of a wrong clock. */
    private static final int LARGEST_GAP = 31;

    private static final int MOST = 100_000;
    private static final long LARGEST_FILE = 2 << 20;
    private static final String KEEP = "keep ";

    private final Path file;
    private final List<LocalDate> days = new ArrayList<>();
    private final Map<LocalDate, Integer> places = new HashMap<>();
    private long keep;

    private DaysSeen(Path file) {
        this.file = file;
    }

    /** What was written last; empty when there is nothing that can be read. */
    static DaysSeen read(Path folder) {
        DaysSeen seen = new DaysSeen(folder.resolve(NAME));
        try {
            seen.read();
        } catch (IOException e) {
            logger.warn("{}: {}; it is made anew", seen.file, ArchiveFolder.reason(e));
        }
        seen.place();
        return seen;
    }

    private void read() throws IOException {
        BasicFileAttributes attributes = ArchiveFolder.attributes(file);
        if (attributes != null && attributes.isRegularFile() && attributes.size() <= LARGEST_FILE) {
            try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                        .lines()
                        .forEach(this::readLine);
            }
        }
    }

    private void readLine(String line) {
        try {
            if (line.startsWith(KEEP)) {
                keep = Long.parseLong(line.substring(KEEP.length()));
            } else {
                days.add(LocalDate.parse(line));
            }
        } catch (DateTimeParseException | NumberFormatException damaged) {
            // One day less: everything is kept a day longer.
        }
    }

    void write() throws IOException {
        StringBuilder text = new StringBuilder(KEEP).append(keep).append('\n');
        days.forEach(day -> text.append(day).append('\n'));
        WholeFile.replace(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean isEmpty() {
        return days.isEmpty();
    }

    /** The day seen last; there must be one. */
    LocalDate last() {
        return days.get(days.size() - 1);
    }

    /** The retention, in days, when it was written; 0 when unknown. */
    long keep() {
        return keep;
    }

    void keep(long newKeep) {
        keep = newKeep;
    }

    /** How many days were seen after this one; 0 for one that was never seen. */
    int age(LocalDate day) {
        Integer place = places.get(day);
        return place == null ? 0 : days.size() - 1 - place;
    }

    /**
     * It is {@code today}, and there are files of the days {@code found}. Days that were not known before are put in by
     * their dates.
     */
    void see(LocalDate today, Collection<LocalDate> found) {
        boolean fresh = days.isEmpty();
        for (LocalDate day : new TreeSet<>(found)) {
            if (!places.containsKey(day) && !day.equals(today)) {
                putIn(day, fresh && !day.isAfter(today));
            }
        }
        if (fresh) {
            fillBefore(days.size(), today);
        }
        days.remove(today);
        days.add(today);
        if (days.size() > MOST) {
            days.subList(0, days.size() - MOST).clear();
        }
        place();
    }

    /** Forgets days that are older than any file. */
    void forget(Collection<LocalDate> found, long age) {
        int most = (int) Math.min(MOST, age);
        while (days.size() > most && !found.contains(days.get(0))) {
            days.remove(0);
        }
        place();
    }

    private void putIn(LocalDate day, boolean withGap) {
        int at = days.size();
        while (at > 0 && days.get(at - 1).isAfter(day)) {
            at--;
        }
        if (withGap) {
            at += fillBefore(at, day);
        }
        days.add(at, day);
    }

    /** Puts in the days of a small gap before a place; returns how many they are. */
    private int fillBefore(int at, LocalDate day) {
        if (at == 0) {
            return 0;
        }
        LocalDate before = days.get(at - 1);
        long gap = ChronoUnit.DAYS.between(before, day);
        if (gap <= 1 || gap > LARGEST_GAP) {
            return 0;
        }
        for (int i = 1; i < gap; i++) {
            days.add(at + i - 1, before.plusDays(i));
        }
        return (int) gap - 1;
    }

    private void place() {
        places.clear();
        for (int i = 0; i < days.size(); i++) {
            places.put(days.get(i), i);
        }
    }
}
