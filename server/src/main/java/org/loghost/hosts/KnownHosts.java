package org.loghost.hosts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The file that keeps names and activity over restarts, so that an outage of DNS moves nobody. One line an entry, fields
 * parted by tabs: {@code address name} or {@code host first last messages}. Replaced whole, 0600; a damaged line is
 * left out. One thread at a time.
 */
final class KnownHosts {
    private static final String SENDER = "sender";
    private static final String HOST = "host";

    private final Path file;

    /** A sender's address and the name found for it. */
    record Sender(String address, String name) {}

    /** What was seen of a host. */
    record Seen(String name, long firstMillis, long lastMillis, long messages) {}

    /** All entries of the file. */
    record Entries(List<Sender> senders, List<Seen> hosts) {}

    KnownHosts(Path file) {
        this.file = file;
    }

    Entries read() throws IOException {
        Entries entries = new Entries(new ArrayList<>(), new ArrayList<>());
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException firstStart) {
            return entries;
        }
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            if (fields.length == 3 && fields[0].equals(SENDER)) {
                entries.senders().add(new Sender(fields[1], fields[2]));
            } else if (fields.length == 5 && fields[0].equals(HOST)) {
                readHost(fields, entries.hosts());
            }
        }
        return entries;
    }

    private static void readHost(String[] fields, List<Seen> hosts) {
        try {
            hosts.add(new Seen(
                    fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]), Long.parseLong(fields[4])));
        } catch (NumberFormatException damaged) {
            // A host that is forgotten is seen again with its next line.
        }
    }

    void write(Entries entries) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Sender sender : entries.senders()) {
            text.append(SENDER)
                    .append('\t')
                    .append(sender.address())
                    .append('\t')
                    .append(sender.name())
                    .append('\n');
        }
        for (Seen seen : entries.hosts()) {
            text.append(HOST).append('\t').append(seen.name()).append('\t').append(seen.firstMillis());
            text.append('\t')
                    .append(seen.lastMillis())
                    .append('\t')
                    .append(seen.messages())
                    .append('\n');
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            java.nio.ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
