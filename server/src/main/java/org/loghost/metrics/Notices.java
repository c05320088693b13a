package org.loghost.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Notice.Level;
import org.loghost.metrics.Notice.Topic;

/**
 * The notices since the last report, over restarts too. Bounded by topic: the same key is one notice with a count, and
 * where a topic is full, a warning takes the place of what is none, and further keys are counted in one last notice.
 *
 * <p>A report takes the notices and, once it is safe, has them forgotten; between the two nothing is lost. On disk they
 * are after {@link #save()}, which {@link StateKeeper} calls once a second.
 *
 * <p>Any thread; rare events only.
 */
public final class Notices {
    private static final Logger logger = LogManager.getLogger(Notices.class);

    private final Clock clock;
    private final @Nullable NoticeFile file;
    private final Map<Topic, LinkedHashMap<String, NoticeEntry>> board = new EnumMap<>(Topic.class);
    /** Notices that found no room; and how many of them a report in the making tells. */
    private final Map<Topic, Long> beyond = new EnumMap<>(Topic.class);

    private final Map<Topic, Long> beyondTaken = new EnumMap<>(Topic.class);
    private long changes;

    /** Guards the file; never taken while the board is locked. */
    private final Object saving = new Object();

    private long saved;
    private boolean failing;

    /** An empty board that lives in memory alone. */
    public Notices(Clock clock) {
        this(clock, null);
    }

    private Notices(Clock clock, @Nullable NoticeFile file) {
        this.clock = clock;
        this.file = file;
        for (Topic topic : Topic.values()) {
            board.put(topic, new LinkedHashMap<>());
        }
    }

    /**
     * A board with what the last run left untold in a file. A damaged file is set aside and said so; what can be read of it
     * is told all the same.
     */
    public static Notices open(Path path, Clock clock) {
        NoticeFile file = new NoticeFile(path);
        Notices notices = new Notices(clock, file);
        String damage = file.readInto(notices);
        if (!damage.isEmpty()) {
            notices.post(
                    Level.WARNING,
                    "notices damaged",
                    damage + "; of what was to be told since the last report, something may be missing");
        }
        return notices;
    }

    /** Posts a notice about the server itself; see {@link #post(Topic, Level, String, String)}. */
    public void post(Level level, String key, String text) {
        post(Topic.SERVER, level, key, text);
    }

    /**
     * Posts a notice; of one key the newest text and the highest level win.
     *
     * @param key what makes two notices of a topic the same, for example {@code archive full}
     */
    public synchronized void post(Topic topic, Level level, String key, String text) {
        postEntry(topic, level, key, text);
    }

    /**
     * Posts one example of a kind of which others can cause any number: all of a kind are one notice, with a count, the
     * first few different examples and the latest.
     *
     * @param kind what makes two notices of a topic the same, for example {@code refused}
     * @param text what, where, and what to do; the examples follow behind a colon
     * @param example whom or what this one is about, for example {@code 198.51.100.7}
     */
    public synchronized void postExample(Topic topic, Level level, String kind, String text, String example) {
        NoticeEntry entry = postEntry(topic, level, kind, text);
        if (entry != null) {
            entry.example(example);
        }
    }

    private @Nullable NoticeEntry postEntry(Topic topic, Level level, String longKey, String text) {
        changes++;
        String key = NoticeEntry.key(longKey);
        Map<String, NoticeEntry> entries = entries(topic);
        NoticeEntry entry = entries.get(key);
        if (entry == null) {
            if (entries.size() >= topic.most() && !(level == Level.WARNING && dropOneThatIsNone(entries))) {
                beyond.merge(topic, 1L, Long::sum);
                return null;
            }
            entry = new NoticeEntry(key, level, text, clock.instant());
            entries.put(entry.key, entry);
        }
        entry.happened(level, text, clock.instant());
        return entry;
    }

    private boolean dropOneThatIsNone(Map<String, NoticeEntry> entries) {
        for (Iterator<NoticeEntry> all = entries.values().iterator(); all.hasNext(); ) {
            if (all.next().level == Level.INFO) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    /** The notices since the last report, by topic, oldest key first. */
    public synchronized List<Notice> current() {
        List<Notice> all = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            entries(topic).values().forEach(entry -> all.add(entry.notice()));
            long more = beyond.getOrDefault(topic, 0L);
            if (more > 0) {
                Instant now = clock.instant();
                all.add(new Notice(
                        Level.INFO,
                        more + (more == 1 ? " further notice is" : " further notices are") + " not shown",
                        more,
                        now,
                        now));
            }
        }
        return all;
    }

    /** Whether there is a notice that causes a report. */
    public synchronized boolean hasWarning() {
        return board.values().stream()
                .flatMap(entries -> entries.values().stream())
                .anyMatch(entry -> entry.level == Level.WARNING);
    }

    /** As {@link #current()}, for a report in the making; they stay until {@link #forgetTaken()}. */
    public synchronized List<Notice> take() {
        board.values().forEach(entries -> entries.values().forEach(NoticeEntry::take));
        beyondTaken.clear();
        beyondTaken.putAll(beyond);
        return current();
    }

    /** The report that took them is safe: what came since begins afresh. */
    public synchronized void forgetTaken() {
        changes++;
        board.values().forEach(entries -> entries.values().removeIf(NoticeEntry::forgetTaken));
        beyondTaken.forEach((topic, told) -> beyond.merge(topic, -told, Long::sum));
        beyondTaken.clear();
    }

    /** As {@link #current()}, and starts afresh. */
    public synchronized List<Notice> drain() {
        List<Notice> all = take();
        forgetTaken();
        return all;
    }

    /**
     * Brings all to the disk if anything has changed; a failure is logged once, and the next call tries again.
     *
     * @return whether nothing is left to be brought there
     */
    public boolean save() {
        NoticeFile to = file;
        if (to == null) {
            return true;
        }
        synchronized (saving) {
            String text;
            long now;
            synchronized (this) {
                now = changes;
                text = now == saved ? "" : to.text(this);
            }
            if (text.isEmpty()) {
                return true;
            }
            try {
                to.write(text);
                saved = now;
                failing = false;
                return true;
            } catch (IOException e) {
                if (!failing) {
                    failing = true;
                    logger.error("Notices cannot be saved, it is tried again: {}", e.toString());
                }
                return false;
            }
        }
    }

    /** Those of one topic, by key; to be used under the board's lock. */
    Map<String, NoticeEntry> entries(Topic topic) {
        LinkedHashMap<String, NoticeEntry> entries = board.get(topic);
        if (entries == null) {
            throw new AssertionError(topic);
        }
        return entries;
    }
}
