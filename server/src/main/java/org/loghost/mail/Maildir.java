package org.loghost.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A Maildir as mail readers and IMAP servers know it: a mail is written and forced to disk in {@code tmp}, then renamed
 * into {@code new}. Line ends are LF there. A mail's name is made of the letter's id, so that a delivery that is
 * repeated after a crash finds the first one and is none. Created on first use, 0700, mails 0600.
 */
public final class Maildir implements Destination {
    private final Path folder;
    private final String hostName;

    /**
     * Touches nothing yet.
     *
     * @param hostName the loghost's own name, part of each mail's file name
     */
    public Maildir(Path folder, String hostName) {
        this.folder = folder;
        this.hostName = hostName.replaceAll("[^A-Za-z0-9.-]", "-");
    }

    @Override
    public String name() {
        return "maildir";
    }

    @Override
    public String place() {
        return "maildir " + folder;
    }

    @Override
    public Delivery deliver(String id, Path mail, Set<String> accepted) {
        byte[] content;
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(mail, BasicFileAttributes.class);
            content = withLineFeeds(OurMail.read(mail));
        } catch (IOException e) {
            return Delivery.deferred(e + " (expected: a mail that can be read)");
        }
        try {
            for (String part : new String[] {"tmp", "new", "cur"}) {
                PrivateFiles.createFolder(folder.resolve(part));
            }
            String file = attributes.lastModifiedTime().toMillis() / 1_000 + ".R" + id + "." + hostName;
            if (!isDelivered(file)) {
                PrivateFiles.write(
                        folder.resolve("tmp").resolve(file),
                        folder.resolve("new").resolve(file),
                        content);
            }
            return Delivery.done();
        } catch (IOException e) {
            return Delivery.later(e + " (expected: a folder that may be written)");
        }
    }

    /** In {@code new}, or read already: then it is in {@code cur} with flags behind its name. */
    private boolean isDelivered(String file) throws IOException {
        if (Files.exists(folder.resolve("new").resolve(file))) {
            return true;
        }
        try (DirectoryStream<Path> read = Files.newDirectoryStream(folder.resolve("cur"), file + "*")) {
            return read.iterator().hasNext();
        }
    }

    /** The outbox holds our own mails: every CR is half of a CRLF. */
    private static byte[] withLineFeeds(byte[] mail) {
        return new String(mail, StandardCharsets.ISO_8859_1)
                .replace("\r\n", "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Nothing is open between two deliveries. */
    @Override
    public void close() {}
}
