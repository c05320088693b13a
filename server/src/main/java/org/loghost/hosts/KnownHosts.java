package org.loghost.hosts;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.loghost.file.SetAside;
import org.loghost.file.WholeFile;

/**
 * The file that keeps names and activity over restarts, so that an outage of DNS moves nobody. One line an entry, fields
 * parted by tabs: {@code sender address name since} or {@code host name first last messages}, times in milliseconds
 * since the epoch. Replaced whole, 0600; a damaged line is left out, and nothing in it is ever looked up. One thread at
 * a time.
 */
final class KnownHosts {
    private static final long MOST = 256L << 20;
    private static final String SENDER = "sender";
    private static final String HOST = "host";
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(366);

    private final Path file;

    /** A sender's address, the name found for it, and since when it has it (0 when unknown). */
    record Sender(InetAddress address, String name, long sinceMillis) {}

    /** What was seen of a host. */
    record Seen(String name, long firstMillis, long lastMillis, long messages) {
        Seen notAfter(long millis) {
            return new Seen(name, Math.min(firstMillis, millis), Math.min(lastMillis, millis), messages);
        }
    }

    /** All entries of the file, and where a file with damaged lines was set aside; empty when it was sound. */
    record Entries(List<Sender> senders, List<Seen> hosts, String setAside) {
        Entries(List<Sender> senders, List<Seen> hosts) {
            this(senders, hosts, "");
        }
    }

    KnownHosts(Path file) {
        this.file = file;
    }

    /**
     * What was written last; nothing at the first start. A file with damaged lines is set aside, and its sound ones count.
     *
     * @throws IOException when it is unusable and could not be set aside
     */
    Entries read() throws IOException {
        List<Sender> senders = new ArrayList<>();
        List<Seen> hosts = new ArrayList<>();
        boolean sound = true;
        try {
            byte[] bytes = WholeFile.read(file, MOST).orElse(new byte[0]);
            for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                sound &= line.isEmpty() || read(line.split("\t", -1), new Entries(senders, hosts));
            }
        } catch (IOException unusable) {
            sound = false;
        }
        return new Entries(senders, hosts, sound ? "" : String.valueOf(SetAside.move(file)));
    }

    /**
     * Without the hosts that were silent for a year: should one come again, it is new. When all of them were, it is the
     * clock that is doubted. What few hosts were seen in the future, under a clock that was wrong, was seen by now.
     */
    static List<Seen> remembered(List<Seen> hosts, long nowMillis) {
        long yearAgo = nowMillis - FORGOTTEN_AFTER.toMillis();
        boolean isDoubtful = hosts.stream().allMatch(host -> host.lastMillis() <= yearAgo);
        long future =
                hosts.stream().filter(host -> host.lastMillis() > nowMillis).count();
        boolean mends = future * 2 < hosts.size();
        return hosts.stream()
                .filter(host -> isDoubtful || host.lastMillis() > yearAgo)
                .map(host -> mends ? host.notAfter(nowMillis) : host)
                .toList();
    }

    /** False for what is no entry. */
    private static boolean read(String[] fields, Entries entries) {
        try {
            if (fields[0].equals(SENDER) && (fields.length == 4 || fields.length == 3)) {
                InetAddress address = HostName.address(fields[1]);
                if (address != null && !HostName.safe(fields[2]).isEmpty()) {
                    long since = fields.length == 4 ? Long.parseLong(fields[3]) : 0;
                    entries.senders().add(new Sender(address, fields[2], since));
                }
            } else if (fields[0].equals(HOST) && fields.length == 5 && fields[1].equals(HostName.safe(fields[1]))) {
                entries.hosts()
                        .add(new Seen(
                                fields[1],
                                Long.parseLong(fields[2]),
                                Long.parseLong(fields[3]),
                                Long.parseLong(fields[4])));
            } else {
                return false;
            }
            return true;
        } catch (NumberFormatException damaged) {
            // A host that is forgotten is seen again with its next line, a sender is looked up again.
            return false;
        }
    }

    void write(Entries entries) throws IOException {
        WholeFile.replace(file, out -> {
            BufferedWriter text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.ISO_8859_1), 1 << 16);
            write(entries, text);
            text.flush();
        });
    }

    private static void write(Entries entries, BufferedWriter out) throws IOException {
        for (Sender known : entries.senders()) {
            String address = HostName.text(known.address());
            out.write(SENDER + '\t' + address + '\t' + known.name() + '\t' + known.sinceMillis() + '\n');
        }
        for (Seen seen : entries.hosts()) {
            out.write(HOST
                    + '\t'
                    + seen.name()
                    + '\t'
                    + seen.firstMillis()
                    + '\t'
                    + seen.lastMillis()
                    + '\t'
                    + seen.messages()
                    + '\n');
        }
    }
}
