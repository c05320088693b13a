package org.loghost.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.loghost.archive.ArchiveReader;
import org.loghost.config.LoghostConfig;
import org.loghost.report.ShownText;

/** The archive that a command reads without a server. */
final class Archives {
    private Archives() {}

    /**
     * The archive of a configuration; what is left out of it is said on {@code err}.
     *
     * @throws IOException when it is not there or may not be read: an empty answer would be taken for "no hosts"
     */
    static ArchiveReader of(LoghostConfig config, PrintStream err) throws IOException {
        Path path = config.archive().path();
        if (Files.notExists(path)) {
            throw new IOException("no archive here: " + path
                    + " does not exist (expected: --config FILE or --data DIR, as serve was started with)");
        }
        if (!Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new IOException("the archive cannot be read: " + path
                    + " (expected: a folder; run as the server's user, as root, or in the group of [archive] group)");
        }
        return reader(path, err);
    }

    /** The same, of a folder that may be missing. */
    static ArchiveReader reader(Path path, PrintStream err) {
        return new ArchiveReader(path, text -> err.println("loghost: " + ShownText.ofText(text)));
    }
}
