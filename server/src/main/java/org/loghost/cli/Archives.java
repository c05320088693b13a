package org.loghost.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.loghost.archive.ArchiveReader;
import org.loghost.config.LoghostConfig;

/** The archive that a command reads without a server. */
final class Archives {
    private Archives() {}

    /**
     * The archive of a configuration.
     *
     * @throws IOException when it is not there or may not be read: an empty answer would be taken for "no hosts"
     */
    static ArchiveReader of(LoghostConfig config) throws IOException {
        Path path = config.archive().path();
        if (Files.notExists(path)) {
            throw new IOException("no archive here: " + path
                    + " does not exist (expected: --config FILE or --data DIR, as serve was started with)");
        }
        if (!Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new IOException("the archive cannot be read: " + path
                    + " (expected: a folder; run as the server's user, as root, or in the group of [archive] group)");
        }
        return new ArchiveReader(path);
    }
}
