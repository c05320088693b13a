package org.loghost.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.loghost.metrics.Notice.Level;

/**
 * One notice of the board while it may still grow: how often it came, its first few examples and the latest. What a
 * report in the making has taken is kept apart until the report is safe. Guarded by its board.
 */
final class NoticeEntry {
    static final int MAX_TEXT = 2_000;
    static final int MAX_EXAMPLE = 300;
    /** The latest is shown besides. */
    static final int FIRST_EXAMPLES = 5;

    final String key;
    Level level;
    String text;
    final List<String> examples = new ArrayList<>();
    String latest = "";
    long times;
    Instant first;
    Instant last;
    /** How many of the times a report in the making tells. */
    private long taken;
    /** When it came first after that. */
    private Instant firstUntaken;

    NoticeEntry(String key, Level level, String text, Instant now) {
        this.key = key;
        this.level = level;
        this.text = bounded(text, MAX_TEXT);
        this.first = now;
        this.last = now;
        this.firstUntaken = now;
    }

    /** A key as the board has it. */
    static String key(String key) {
        return bounded(key, MAX_EXAMPLE);
    }

    /** It came once more; the newest text and the highest level win. */
    void happened(Level again, String newest, Instant now) {
        if (times == taken) {
            firstUntaken = now;
        }
        level = level.compareTo(again) > 0 ? level : again;
        text = bounded(newest, MAX_TEXT);
        times++;
        last = now;
    }

    void example(String example) {
        String bounded = bounded(example, MAX_EXAMPLE);
        if (examples.contains(bounded)) {
            return;
        }
        if (examples.size() < FIRST_EXAMPLES) {
            examples.add(bounded);
        } else {
            latest = bounded;
        }
    }

    void take() {
        taken = times;
    }

    /** Forgets what was taken; whether nothing is left. */
    boolean forgetTaken() {
        times -= taken;
        taken = 0;
        first = firstUntaken;
        examples.clear();
        if (!latest.isEmpty()) {
            examples.add(latest);
            latest = "";
        }
        return times == 0;
    }

    Notice notice() {
        StringBuilder all = new StringBuilder(text);
        if (!examples.isEmpty()) {
            all.append(": ").append(String.join("; ", examples));
        }
        if (!latest.isEmpty()) {
            all.append(" and others, the latest ").append(latest);
        }
        return new Notice(level, all.toString(), times, first, last);
    }

    private static String bounded(String text, int most) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        return line.length() <= most ? line : line.substring(0, most) + " ...";
    }
}
