package org.loghost.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One mail in the outbox's folder: {@code <id>.eml}, and beside it {@code <id>.state} once a destination has taken it or
 * was given up: lines {@code done DESTINATION}, {@code given-up DESTINATION} and {@code accepted DESTINATION RECIPIENT}.
 * Any thread.
 */
final class OutboxEntry {
    private static final Pattern LINE = Pattern.compile("(?:done|given-up) \\S+|accepted \\S+ \\P{Cntrl}+");

    private final String id;
    private final Path folder;
    private final long size;
    private final Instant since;
    private final Letter.Urgency urgency;
    private final Set<String> state = new TreeSet<>();

    /**
     * Touches nothing.
     *
     * @param size octets of the mail
     * @param since when it was put
     */
    OutboxEntry(Path folder, String id, long size, Instant since, Letter.Urgency urgency) {
        this.folder = folder;
        this.id = id;
        this.size = size;
        this.since = since;
        this.urgency = urgency;
    }

    /** A mail that an earlier run has put, and what that run has delivered. */
    static OutboxEntry load(Path folder, String id, Consumer<String> damaged) throws IOException {
        Path mail = folder.resolve(id + ".eml");
        OutboxEntry entry = new OutboxEntry(
                folder, id, Files.size(mail), Files.getLastModifiedTime(mail).toInstant(), MailFormat.urgencyOf(mail));
        entry.state.addAll(StateLines.read(entry.stateFile(), LINE, "state.damaged", damaged));
        return entry;
    }

    String id() {
        return id;
    }

    Path mail() {
        return folder.resolve(id + ".eml");
    }

    long size() {
        return size;
    }

    Instant since() {
        return since;
    }

    Letter.Urgency urgency() {
        return urgency;
    }

    /** Whether the destination has it. */
    synchronized boolean isDone(String destination) {
        return state.contains("done " + destination);
    }

    /** Whether the destination needs it no more: it has it, or was given up. */
    synchronized boolean isSettled(String destination) {
        return isDone(destination) || state.contains("given-up " + destination);
    }

    /** Whether some destination was given up. */
    synchronized boolean isGivenUp() {
        return state.stream().anyMatch(line -> line.startsWith("given-up "));
    }

    synchronized Set<String> accepted(String destination) {
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
    synchronized void record(String destination, List<String> recipients, boolean done) throws IOException {
        boolean changed = false;
        for (String recipient : recipients) {
            changed |= state.add("accepted " + destination + " " + recipient);
        }
        if (done) {
            changed |= state.add("done " + destination);
        }
        if (changed) {
            write();
        }
    }

    /** The destination is not tried any more; throws as {@link #record}. */
    synchronized void giveUp(String destination) throws IOException {
        if (!isSettled(destination)) {
            state.add("given-up " + destination);
            write();
        }
    }

    private void write() throws IOException {
        byte[] lines = (String.join("\n", state) + "\n").getBytes(StandardCharsets.UTF_8);
        PrivateFiles.write(folder.resolve(id + ".state.tmp"), stateFile(), lines);
    }

    /** The mail goes first: a state without a mail is nothing, a mail without a state would be sent again. */
    synchronized void delete() throws IOException {
        Files.deleteIfExists(mail());
        Files.deleteIfExists(stateFile());
        PrivateFiles.forceFolder(folder);
    }

    private Path stateFile() {
        return folder.resolve(id + ".state");
    }
}
