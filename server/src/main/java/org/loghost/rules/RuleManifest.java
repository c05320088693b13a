package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** What begins the entry of a folder, where a file has its digest. */
    private static final String FOLDER = "folder:";

    private final Map<String, String> digests;
    /** The folders of the files, each with what tells it from another one of its name. */
    private final Map<String, String> folders;

    private RuleManifest(Map<String, String> digests, Map<String, String> folders) {
        this.digests = digests;
        this.folders = folders;
    }

    /** The files of a rule set. */
    public static RuleManifest of(RuleSet rules) {
        Map<String, String> digests = new TreeMap<>();
        rules.files().forEach(file -> digests.put(file.path().toString(), file.sha256()));
        Map<String, String> folders = new TreeMap<>();
        digests.keySet().forEach(file -> folders.computeIfAbsent(folderOf(file), RuleManifest::identity));
        return new RuleManifest(digests, folders);
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
        Map<String, String> folders = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
            int blank = line.indexOf(' ');
            if (line.startsWith(FOLDER) && blank > 0) {
                folders.put(line.substring(blank + 1), line.substring(FOLDER.length(), blank));
            } else if (blank > 0 && SHA_256.matcher(line.substring(0, blank)).matches()) {
                digests.put(line.substring(blank + 1), line.substring(0, blank));
            } else if (!line.isEmpty()) {
                throw new IOException(file + " has an entry without a digest (expected: SHA-256 and a path)");
            }
        }
        return new RuleManifest(digests, folders);
    }

    /** Writes it to a file (0600), which is replaced whole. */
    public void save(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        digests.forEach(
                (path, digest) -> text.append(digest).append(' ').append(path).append('\0'));
        folders.forEach((path, identity) ->
                text.append(FOLDER).append(identity).append(' ').append(path).append('\0'));
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

    /**
     * The folders of rule files that are not there any more, or that another folder without a rule file stands in for, as
     * after a renaming or when a file system is not mounted. One whose files were removed is not among them: there
     * somebody meant it.
     *
     * @param before an earlier manifest
     * @param configured the rules folders that are asked for now; others are not missed
     */
    public List<Path> foldersGoneSince(RuleManifest before, List<Path> configured) {
        List<Path> gone = new ArrayList<>();
        Set<String> held = new TreeSet<>(before.folders.keySet());
        before.digests.keySet().forEach(file -> held.add(folderOf(file)));
        for (String folder : held) {
            Path path = Path.of(folder);
            boolean asked = configured.stream().anyMatch(path::startsWith);
            if (asked && !holdsUnder(path) && !isTheSame(path, before.folders.get(folder))) {
                gone.add(path);
            }
        }
        return List.copyOf(gone);
    }

    /** Files of an earlier manifest that are there, and are not read as rules any more. */
    public List<Path> filesUnusableSince(RuleManifest before) {
        return before.digests.keySet().stream()
                .filter(file -> !digests.containsKey(file))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }

    /** This one, and of an earlier one what these folders held: they stay missed until they are back. */
    public RuleManifest with(List<Path> gone, RuleManifest before) {
        Map<String, String> allDigests = new TreeMap<>(digests);
        Map<String, String> allFolders = new TreeMap<>(folders);
        for (Path folder : gone) {
            String name = folder.toString();
            allFolders.put(name, before.folders.getOrDefault(name, "unknown"));
            before.digests.forEach((file, digest) -> {
                if (folderOf(file).equals(name)) {
                    allDigests.put(file, digest);
                }
            });
        }
        return new RuleManifest(allDigests, allFolders);
    }

    /** Whether the other one says the same of the same files and folders. */
    public boolean isSameAs(RuleManifest other) {
        return digests.equals(other.digests) && folders.equals(other.folders);
    }

    private boolean holdsUnder(Path folder) {
        return digests.keySet().stream().anyMatch(file -> Path.of(file).startsWith(folder));
    }

    private static boolean isTheSame(Path folder, @Nullable String identity) {
        return Files.isDirectory(folder) && (identity == null || identity.equals(identity(folder.toString())));
    }

    private static String folderOf(String file) {
        return String.valueOf(Path.of(file).getParent());
    }

    /** The number of its inode; that of a file system's root is another than that of the folder it is mounted on. */
    private static String identity(String folder) {
        try {
            return String.valueOf(Files.getAttribute(Path.of(folder), "unix:ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return "unknown";
        }
    }
}
