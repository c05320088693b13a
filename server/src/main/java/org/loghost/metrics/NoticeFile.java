package org.loghost.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.loghost.file.SetAside;
import org.loghost.file.WholeFile;
import org.loghost.metrics.Notice.Level;
import org.loghost.metrics.Notice.Topic;

/**
 * The file that keeps notices over restarts, replaced whole, 0600. One line a notice, fields parted by tabs:
 *
 * <pre>
 * TOPIC LEVEL times first last key text latest example...
 * </pre>
 *
 * with times in milliseconds since the epoch, and a checksum of all lines (CRC-32C) as the last line. Guarded by its
 * board.
 */
final class NoticeFile {
    private static final String HEADER = "loghost notices 1";
    private static final String SUM = "sum ";
    private static final int FIELDS = 8;
    /** Far more than a full board takes. */
    private static final long MOST = 16L << 20;

    private final Path file;

    NoticeFile(Path file) {
        this.file = file;
    }

    /** Puts what was saved on the board; returns what is wrong with the file, empty for nothing. */
    String readInto(Notices notices) {
        try {
            byte[] bytes = WholeFile.read(file, MOST).orElse(null);
            return bytes == null || read(new String(bytes, StandardCharsets.UTF_8), notices)
                    ? ""
                    : setAside("its checksum is wrong");
        } catch (IOException e) {
            return setAside(String.valueOf(e.getMessage()));
        }
    }

    private String setAside(String why) {
        try {
            return file + " is damaged (" + why + ") and is now " + SetAside.move(file);
        } catch (IOException e) {
            return file + " is damaged (" + why + ") and cannot be moved away: " + e;
        }
    }

    private static boolean read(String text, Notices notices) {
        int sumAt = text.lastIndexOf(SUM);
        String lines = sumAt < 0 ? text : text.substring(0, sumAt);
        boolean sound = sumAt >= 0 && text.substring(sumAt).equals(sum(lines)) && lines.startsWith(HEADER + "\n");
        for (String line : lines.split("\n", -1)) {
            String[] fields = line.split("\t", -1);
            if (fields.length >= FIELDS) {
                sound &= readEntry(fields, notices);
            }
        }
        return sound;
    }

    private static boolean readEntry(String[] fields, Notices notices) {
        try {
            Map<String, NoticeEntry> entries = notices.entries(Topic.valueOf(fields[0]));
            Instant first = Instant.ofEpochMilli(Long.parseLong(fields[3]));
            NoticeEntry entry = new NoticeEntry(plain(fields[5]), Level.valueOf(fields[1]), plain(fields[6]), first);
            entry.times = Long.parseLong(fields[2]);
            entry.last = Instant.ofEpochMilli(Long.parseLong(fields[4]));
            entry.latest = plain(fields[7]);
            for (int i = FIELDS; i < fields.length; i++) {
                entry.example(plain(fields[i]));
            }
            entries.put(entry.key, entry);
            return true;
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    /** The whole file's text; under the board's lock. */
    String text(Notices notices) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Topic topic : Topic.values()) {
            for (NoticeEntry entry : notices.entries(topic).values()) {
                List<String> fields = new ArrayList<>(List.of(
                        topic.name(),
                        entry.level.name(),
                        String.valueOf(entry.times),
                        String.valueOf(entry.first.toEpochMilli()),
                        String.valueOf(entry.last.toEpochMilli()),
                        escaped(entry.key),
                        escaped(entry.text),
                        escaped(entry.latest)));
                entry.examples.forEach(example -> fields.add(escaped(example)));
                text.append(String.join("\t", fields)).append('\n');
            }
        }
        return text + sum(text.toString());
    }

    void write(String text) throws IOException {
        WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String sum(String lines) {
        CRC32C checksum = new CRC32C();
        checksum.update(lines.getBytes(StandardCharsets.UTF_8));
        return SUM + String.format(Locale.ROOT, "%08x\n", checksum.getValue());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char escape = text.charAt(++i);
                plain.append(escape == 't' ? '\t' : escape == 'n' ? '\n' : escape);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
