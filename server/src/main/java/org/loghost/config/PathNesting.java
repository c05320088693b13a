package org.loghost.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.listen.ListenerConfig;

/**
 * Finds paths that lie inside one another where they must not: whatever lies in the archive's folder is taken for a host,
 * and whatever lies in the rules' for rules. Symbolic links and {@code ..} are followed first. One use, one thread.
 */
final class PathNesting {
    /** What the server keeps under {@code data} by itself. */
    private static final List<String> OWN = List.of("findings", "outbox", "reports");

    private final Section root;
    private final LoghostConfig config;
    private final Path archive;

    private PathNesting(Section root, LoghostConfig config) {
        this.root = root;
        this.config = config;
        this.archive = real(config.archive().path());
    }

    /** Adds a fault to the file's for each path that lies where it must not. */
    static void check(Section root, LoghostConfig config) {
        new PathNesting(root, config).check();
    }

    private void check() {
        Section section = root.table("archive");
        if (isIn(config.data(), archive)) {
            section.unexpected(
                    section.has("path") ? "path" : "data",
                    config.archive().path().toString(),
                    "a folder of its own, such as \"hosts\", and not data or one above it");
            return;
        }
        for (Folder folder : folders()) {
            if (isIn(archive, folder.path())) {
                inside(section, "path", config.archive().path(), folder.what());
            } else if (isIn(folder.path(), archive) && !isIn(config.data(), archive)) {
                inside(table(folder.table()), folder.key(), folder.path(), "the archive's folder");
            }
        }
        Path combined = config.archive().combined();
        if (combined != null) {
            file(section, "combined", combined);
        }
        file(root.table("control"), "path", config.control().path());
        List<Section> listen = root.tables("listen");
        for (int i = 0; i < listen.size() && listen.size() == config.listeners().size(); i++) {
            if (config.listeners().get(i) instanceof ListenerConfig.Unix unix) {
                file(listen.get(i), "path", unix.path());
            }
        }
    }

    private Section table(String name) {
        return name.isEmpty() ? root : root.table(name);
    }

    /** A folder that holds something else than hosts, and the key that names it. */
    private record Folder(String table, String key, Path path, String what) {}

    private List<Folder> folders() {
        List<Folder> folders = new ArrayList<>();
        config.rules().paths().forEach(path -> folders.add(new Folder("rules", "path", path, "a rules folder")));
        Path maildir = config.mail().maildir();
        if (maildir != null) {
            folders.add(new Folder("mail", "maildir", maildir, "the Maildir"));
        }
        OWN.forEach(name ->
                folders.add(new Folder("", "data", config.data().resolve(name), "what the server keeps under data")));
        folders.removeIf(folder -> isIn(config.data(), folder.path())); // then all of it is meant to be there
        return folders;
    }

    /** A file or socket may not lie in a folder whose entries mean something; in data itself it may. */
    private void file(Section section, String key, Path path) {
        if (isIn(path, archive)) {
            inside(section, key, path, "the archive's folder, whose folders are hosts");
            return;
        }
        for (Folder folder : folders()) {
            if (isIn(path, folder.path())) {
                inside(section, key, path, folder.what());
                return;
            }
        }
    }

    private static void inside(Section section, String key, Path path, String what) {
        section.unexpected(key, path.toString(), "a path that is not inside " + what);
    }

    private static boolean isIn(Path path, Path folder) {
        return real(path).startsWith(real(folder));
    }

    /** Where a path leads, as far as it is there; the rest as it is written. */
    static Path real(Path path) {
        Path absolute = path.toAbsolutePath();
        try {
            if (Files.exists(absolute)) {
                return absolute.toRealPath();
            }
            Path target = linkTarget(absolute);
            if (target != null) {
                return target.normalize();
            }
        } catch (IOException unreadable) {
            return absolute.normalize();
        }
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return absolute;
        }
        Path above = real(parent);
        return switch (name.toString()) {
            case "." -> above;
            case ".." -> above.getParent() == null ? above : above.getParent();
            default -> above.resolve(name);
        };
    }

    /** Of a link to what is not there yet. */
    private static @Nullable Path linkTarget(Path path) throws IOException {
        Path parent = path.getParent();
        return parent != null && Files.isSymbolicLink(path) && Files.isDirectory(parent)
                ? parent.toRealPath().resolve(Files.readSymbolicLink(path))
                : null;
    }
}
