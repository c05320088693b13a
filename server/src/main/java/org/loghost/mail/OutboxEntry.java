package org.loghost.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mail in the outbox's folder: {@code <id>.eml}, and beside it {@code <id>.state} once a destination has taken it:
 * lines {@code done DESTINATION} and {@code accepted DESTINATION RECIPIENT}. The outbox's thread alone changes it.
 */
final class OutboxEntry {
    private final String id;
    private final Path folder;
    private final Set<String> state = new TreeSet<>();

    OutboxEntry(Path folder, String id) {
        this.folder = folder;
        this.id = id;
    }

    String id() {
        return id;
    }

    Path mail() {
        return folder.resolve(id + ".eml");
    }

    /** What earlier runs have delivered. */
    void load() throws IOException {
        if (Files.exists(stateFile())) {
            state.addAll(Files.readAllLines(stateFile()));
        }
    }

    boolean isDone(String destination) {
        return state.contains("done " + destination);
    }

    Set<String> accepted(String destination) {
        String start = "accepted " + destination + " ";
        Set<String> recipients = new HashSet<>();
        for (String line : state) {
            if (line.startsWith(start)) {
                recipients.add(line.substring(start.length()));
            }
        }
        return recipients;
    }

    /** Remembers at once; throws when it could not be written, and then a crash may repeat the delivery. */
    void record(String destination, List<String> recipients, boolean done) throws IOException {
        boolean changed = false;
        for (String recipient : recipients) {
            changed |= state.add("accepted " + destination + " " + recipient);
        }
        if (done) {
            changed |= state.add("done " + destination);
        }
        if (changed) {
            byte[] lines = (String.join("\n", state) + "\n").getBytes(StandardCharsets.UTF_8);
            PrivateFiles.write(folder.resolve(id + ".state.tmp"), stateFile(), lines);
        }
    }

    /** The mail goes first: a state without a mail is nothing, a mail without a state would be sent again. */
    void delete() throws IOException {
        Files.deleteIfExists(mail());
        Files.deleteIfExists(stateFile());
        PrivateFiles.forceFolder(folder);
    }

    private Path stateFile() {
        return folder.resolve(id + ".state");
    }
}
