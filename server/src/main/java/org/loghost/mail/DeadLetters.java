package org.loghost.mail;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reports that were given up, in {@code dead} beside the mails that wait: complete mails that can be read, or moved back
 * for another try. Bounded: beyond its size the least urgent and oldest are deleted. One thread.
 */
final class DeadLetters {
    private final Path folder;
    private final long size;

    /** One of them. */
    private record Dead(Path mail, long size, Letter.Urgency urgency) {}

    DeadLetters(Path folder, long size) {
        this.folder = folder;
        this.size = size;
    }

    Path folder() {
        return folder;
    }

    /** Takes the mail out of the outbox. */
    void take(OutboxEntry entry) throws IOException {
        if (Files.exists(entry.mail())) {
            PrivateFiles.createFolder(folder);
            Files.move(entry.mail(), folder.resolve(entry.id() + ".eml"), StandardCopyOption.ATOMIC_MOVE);
            PrivateFiles.forceFolder(folder);
        }
        entry.delete();
    }

    /** Deletes what is beyond the size; returns how many. */
    int makeRoom() throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        List<Dead> all = list();
        all.sort(Comparator.comparing(Dead::urgency).thenComparing(Dead::mail));
        long octets = all.stream().mapToLong(Dead::size).sum();
        int left = all.size();
        for (Dead dead : all) {
            if (octets <= size && left <= OutboxLimits.MOST_MAILS) {
                break;
            }
            Files.deleteIfExists(dead.mail());
            octets -= dead.size();
            left--;
        }
        return all.size() - left;
    }

    private List<Dead> list() throws IOException {
        List<Dead> all = new ArrayList<>();
        try (DirectoryStream<Path> mails = Files.newDirectoryStream(folder, "*.eml")) {
            for (Path mail : mails) {
                if (Files.isRegularFile(mail, LinkOption.NOFOLLOW_LINKS)) {
                    all.add(new Dead(mail, Files.size(mail), MailFormat.urgencyOf(mail)));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return all;
    }
}
