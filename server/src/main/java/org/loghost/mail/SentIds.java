package org.loghost.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The ids of the last mails that left the outbox, in its file {@code sent}: a report that is made a second time after
 * a crash is known by its id and goes no second time. Any thread.
 */
final class SentIds {
    private static final int KEPT = 1_000;
    private static final Pattern LINE = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final Path folder;
    private final Set<String> ids = new LinkedHashSet<>();

    SentIds(Path folder) {
        this.folder = folder;
    }

    /** A damaged file is set aside; then a report that a crash has repeated may go twice. */
    synchronized void load(Consumer<String> damaged) {
        ids.addAll(StateLines.read(file(), LINE, "sent.damaged", damaged));
    }

    synchronized boolean contains(String id) {
        return ids.contains(id);
    }

    /** On disk when it returns. */
    synchronized void add(String id) throws IOException {
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
