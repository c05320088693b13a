package org.loghost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.file.IoReason;
import org.loghost.file.WholeFile;

/**
 * Which rule files were being loaded when the process ended, kept in a file: a set that ends the process while it is
 * loaded must not do so at each start. Any thread.
 */
final class RuleAttempts {
    /** A reload has such a weight, as the server that ran well before it is a witness. */
    static final int RELOAD = 2;

    /** A start: one that was killed in its first second may have had nothing to do with the rules. */
    static final int START = 1;

    private static final Logger logger = LogManager.getLogger(RuleAttempts.class);
    private static final int TOO_MANY = 2;
    private static final int LONGEST_FILE = 4096;

    private final Path file;
    private final Map<String, Integer> open;

    RuleAttempts(Path file) {
        this.file = file;
        this.open = read(file);
    }

    /** Whether loading these files has not ended so often that it is better not tried. */
    synchronized boolean areSuspect(String fingerprint) {
        return open.getOrDefault(key(fingerprint), 0) >= TOO_MANY;
    }

    /** Before files are loaded. */
    synchronized void begin(String fingerprint, int weight) {
        open.merge(key(fingerprint), weight, Integer::sum);
        save();
    }

    /** After it, however it ended. */
    synchronized void end() {
        open.clear();
        save();
    }

    private void save() {
        try {
            if (open.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            StringBuilder text = new StringBuilder();
            open.forEach(
                    (key, times) -> text.append(times).append(' ').append(key).append('\n'));
            WholeFile.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            logger.warn("{} could not be kept: {}", file, IoReason.of(failed));
        }
    }

    /** What cannot be read is as if nothing had been noted: the rules are tried. */
    private static Map<String, Integer> read(Path file) {
        Map<String, Integer> open = new LinkedHashMap<>();
        try {
            String text = Files.size(file) > LONGEST_FILE ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
            for (String line : text.split("\n", -1)) {
                if (line.matches("\\d{1,3} [0-9a-f-]{36}")) {
                    int blank = line.indexOf(' ');
                    open.put(line.substring(blank + 1), Integer.parseInt(line.substring(0, blank)));
                }
            }
        } catch (NoSuchFileException none) {
            return open;
        } catch (IOException unreadable) {
            logger.warn("{} could not be read: {}", file, IoReason.of(unreadable));
        }
        return open;
    }

    private static String key(String fingerprint) {
        return UUID.nameUUIDFromBytes(fingerprint.getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
