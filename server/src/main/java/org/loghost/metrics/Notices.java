package org.loghost.metrics;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The notices since the last report, bounded: the same key is one notice with a count, and when the board is full,
 * further keys are counted in one last notice, so that a flood of odd senders cannot grow it.
 *
 * <p>Any thread; rare events only.
 */
public final class Notices {
    /** Distinct notices kept between two reports. */
    public static final int MAX = 200;

    private final Clock clock;
    private final Map<String, Notice> byKey = new LinkedHashMap<>();
    private long beyond;

    /** An empty board. */
    public Notices(Clock clock) {
        this.clock = clock;
    }

    /**
     * Posts a notice; of one key the newest text and the highest level win.
     *
     * @param key what makes two notices the same, for example {@code refused 198.51.100.7}
     */
    public synchronized void post(Notice.Level level, String key, String text) {
        Instant now = clock.instant();
        Notice old = byKey.get(key);
        if (old != null) {
            Notice.Level highest = old.level().compareTo(level) > 0 ? old.level() : level;
            byKey.put(key, new Notice(highest, text, old.times() + 1, old.first(), now));
        } else if (byKey.size() < MAX) {
            byKey.put(key, new Notice(level, text, 1, now, now));
        } else {
            beyond++;
        }
    }

    /** The notices since the last {@link #drain()}, oldest key first. */
    public synchronized List<Notice> current() {
        List<Notice> all = new ArrayList<>(byKey.values());
        if (beyond > 0) {
            Instant now = clock.instant();
            all.add(new Notice(Notice.Level.INFO, beyond + " further notices are not shown", beyond, now, now));
        }
        return all;
    }

    /** As {@link #current()}, and starts afresh. */
    public synchronized List<Notice> drain() {
        List<Notice> all = current();
        byKey.clear();
        beyond = 0;
        return all;
    }
}
