package org.loghost.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * Which days are over. A day is as old as the number of days that the archive has seen after it, and never older than
 * the calendar says; days of the future, which a wrong clock left, age in the same way. So a clock that is wrong, forwards
 * or back, deletes nothing that the right one would not.
 *
 * <p>What is over for {@code keep} goes a few days a day at most, the oldest first, and the operator is told of the rest;
 * only a smaller {@code keep} is carried out at once. One pass after the other, one thread.
 */
final class Retention {
    private static final Logger logger = LogManager.getLogger(Retention.class);

    /** One day falls due each day; so many go when there are more. */
    static final int MOST_A_DAY = 4;

    /** A server may be off over a long weekend without a word about it. */
    private static final int USUAL_STEP = 4;

    private static final int REMEMBERED_LONGER = 400;

    private final DaysSeen seen;
    private final Path folder;
    private final Notices notices;
    private final Set<LocalDate> expiring = new HashSet<>();
    private Set<LocalDate> found;
    private Set<LocalDate> finding = new HashSet<>();
    private LocalDate today = LocalDate.MIN;
    private long keep;
    private int left;
    private boolean lowered;
    private boolean stepped;

    private Retention(DaysSeen seen, Path folder, Set<LocalDate> found, Notices notices) {
        this.seen = seen;
        this.folder = folder;
        this.found = found;
        this.notices = notices;
    }

    /** Takes up what an earlier run knew; the days of which there are files help where it knew nothing. */
    static Retention open(Path folder, Set<LocalDate> found, Notices notices) {
        return new Retention(DaysSeen.read(folder), folder, found, notices);
    }

    /** A pass begins: finds out which days go in it. */
    void begin(LocalDate newToday, ArchiveConfig config) {
        boolean newDay = !newToday.equals(today);
        keep = config.keep().toDays();
        lowered |= keep < seen.keep();
        boolean changed = newDay || keep != seen.keep();
        seen.keep(keep);
        if (newDay) {
            stepped = isStep(newToday);
            today = newToday;
            left = MOST_A_DAY;
        }
        seen.see(today, found);
        finding = new HashSet<>();
        choose(newDay);
        if (changed) {
            write();
        }
    }

    /** A file of this day is there. */
    void found(LocalDate day) {
        finding.add(day);
    }

    /** Whether the day goes in this pass. */
    boolean isExpired(LocalDate day) {
        return expiring.contains(day);
    }

    /** Whether a day is older than so many; never today. */
    boolean isOlder(LocalDate day, long days) {
        long byCalendar = ChronoUnit.DAYS.between(day, today);
        return age(day) > days && (byCalendar < 0 || byCalendar > days);
    }

    /** How many days were seen after this one; the day on which the clock stepped does not count while it lasts. */
    int age(LocalDate day) {
        return seen.age(day) - (stepped ? 1 : 0);
    }

    /** Whether nothing is written to the day's file any more; a day of the future was told by a wrong clock. */
    boolean isFinished(LocalDate day, LocalDate finished) {
        return day.isBefore(finished) || day.isAfter(today.plusDays(1));
    }

    /** The pass is over. */
    void end() {
        found = finding;
        found.removeAll(expiring);
        seen.forget(found, keep + REMEMBERED_LONGER);
    }

    private void choose(boolean newDay) {
        expiring.clear();
        List<LocalDate> due = found.stream()
                .filter(day -> keep > 0 && isOlder(day, keep))
                .sorted(Comparator.comparingInt(seen::age).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        int most = lowered ? due.size() : Math.min(left, due.size());
        expiring.addAll(due.subList(0, most));
        left -= Math.min(left, most);
        lowered = false;
        if (newDay && due.size() > most) {
            tell(
                    "archive expiry",
                    "archive: " + due.size() + " days, " + due.get(0) + " to " + due.get(due.size() - 1)
                            + ", are older than keep (" + keep + " days) at once, more than usual: " + most
                            + " are deleted today, the others are held and go " + MOST_A_DAY
                            + " a day. To keep them, raise keep; to be rid of them now, delete them by hand");
        }
    }

    /** Whether the day is not one of the next after the last; the operator is told. */
    private boolean isStep(LocalDate newToday) {
        if (seen.isEmpty()) {
            return false;
        }
        LocalDate last = seen.last();
        long step = ChronoUnit.DAYS.between(last, newToday);
        boolean isStep = step < 0 || step > USUAL_STEP;
        if (isStep) {
            tell(
                    "archive clock",
                    "archive: the clock says " + newToday + ", and the last day the archive saw before is " + last
                            + ". A day's age is counted in days on which the server ran: none is deleted because of"
                            + " this. If the clock is wrong, set it; what came meanwhile stands under the wrong day");
        }
        return isStep;
    }

    private void tell(String key, String text) {
        logger.warn("{}", text);
        notices.post(Notice.Level.WARNING, key, text);
    }

    private void write() {
        try {
            seen.write();
        } catch (IOException e) {
            tell(
                    "archive days",
                    "archive: " + folder.resolve(DaysSeen.NAME) + ": " + ArchiveFolder.reason(e)
                            + "; the days seen are not kept for the next start (expected: a folder that this user may"
                            + " write to)");
        }
    }
}
