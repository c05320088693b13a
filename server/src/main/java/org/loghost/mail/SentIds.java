package org.loghost.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The ids of the last mails that left the outbox, in its file {@code sent}: a report that is made a second time after
 * a crash is known by its id and goes no second time.
 */
final class SentIds {
    private static final int KEPT = 1_000;

    private final Path folder;
    private final Set<String> ids = new LinkedHashSet<>();

    SentIds(Path folder) {
        this.folder = folder;
    }

    void load() throws IOException {
        if (Files.exists(file())) {
            ids.addAll(Files.readAllLines(file()));
        }
    }

    boolean contains(String id) {
        return ids.contains(id);
    }

    /** On disk when it returns. */
    void add(String id) throws IOException {
        ids.add(id);
        while (ids.size() > KEPT) {
            ids.remove(ids.iterator().next());
        }
        byte[] lines = (String.join("\n", ids) + "\n").getBytes(StandardCharsets.UTF_8);
        PrivateFiles.write(folder.resolve("sent.tmp"), file(), lines);
    }

    private Path file() {
        return folder.resolve("sent");
    }
}
