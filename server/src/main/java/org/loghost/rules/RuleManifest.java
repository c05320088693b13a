package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loghost.file.WholeFile;

/**
 * Which rule files there were and the digest of each: kept over a restart, so that a change made while the server was
 * down is told as well. Immutable; any thread.
 */
public final class RuleManifest {
    private final Map<String, String> digests;

    private RuleManifest(Map<String, String> digests) {
        this.digests = digests;
    }

    /** The files of a rule set. */
    public static RuleManifest of(RuleSet rules) {
        Map<String, String> digests = new TreeMap<>();
        rules.files().forEach(file -> digests.put(file.path().toString(), file.sha256()));
        return new RuleManifest(digests);
    }

    /**
     * The manifest kept in a file, or null when there is none yet.
     *
     * @throws IOException when it is there and cannot be read
     */
    public static @Nullable RuleManifest load(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        }
        Map<String, String> digests = new TreeMap<>();
        for (String line : text.split("\0", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                digests.put(line.substring(blank + 1), line.substring(0, blank));
            }
        }
        return new RuleManifest(digests);
    }

    /** Writes it to a file (0600), which is replaced whole. */
    public void save(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        digests.forEach(
                (path, digest) -> text.append(digest).append(' ').append(path).append('\0'));
        WholeFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What changed since an earlier manifest, one line a file, for example {@code /etc/…/local changed}. */
    public List<String> changesSince(RuleManifest before) {
        List<String> changes = new ArrayList<>();
        digests.forEach((path, digest) -> {
            String old = before.digests.get(path);
            if (old == null) {
                changes.add(path + " is new");
            } else if (!old.equals(digest)) {
                changes.add(path + " changed");
            }
        });
        before.digests.keySet().stream()
                .filter(path -> !digests.containsKey(path))
                .forEach(path -> changes.add(path + " is gone"));
        return List.copyOf(changes);
    }
}
