package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.loghost.file.WholeFile;

/**
 * Which rule files there were and the digest of each: kept over a restart, so that a change made while the server was
 * down is told as well. Immutable; any thread.
 */
public final class RuleManifest {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final long MOST = 16L << 20;

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
     * @throws IOException when it is there and cannot be read, or is damaged
     */
    public static @Nullable RuleManifest load(Path file) throws IOException {
        byte[] bytes = WholeFile.read(file, MOST).orElse(null);
        if (bytes == null) {
            return null;
        }
        Map<String, String> digests = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0 && SHA_256.matcher(line.substring(0, blank)).matches()) {
                digests.put(line.substring(blank + 1), line.substring(0, blank));
            } else if (!line.isEmpty()) {
                throw new IOException(file + " has an entry without a digest (expected: SHA-256 and a path)");
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
