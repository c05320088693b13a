package org.loghost.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The systemd journal through {@code journalctl}, from where the last committed run ended; at the first run, of the last
 * day. {@code journalctl} itself keeps the cursor, in a copy that takes the place of the old one at {@link #commit}.
 * One thread.
 */
final class Journal {
    private final String journalctl;
    private final Path cursor;
    private final Path fresh;

    /** Asks this program, and keeps the cursor in this folder. */
    Journal(String journalctl, Path state) {
        this.journalctl = journalctl;
        this.cursor = state.resolve("journal");
        this.fresh = state.resolve("journal.new");
    }

    void read(LogFile.Sink sink) throws IOException {
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        List<String> command = new ArrayList<>(
                List.of(journalctl, "--quiet", "--no-pager", "--output=short", "--cursor-file=" + fresh));
        if (Files.exists(cursor)) {
            Files.write(fresh, Files.readAllBytes(cursor));
        } else {
            command.add("--since=-1day");
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        LineBlocks blocks = new LineBlocks(process.getInputStream());
        while (blocks.next()) {
            sink.lines(blocks);
        }
        finish(process);
    }

    private void finish(Process process) throws IOException {
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(journalctl + " ended with exit code " + code + " (expected: 0)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + journalctl + " ran", e);
        }
    }

    void commit() throws IOException {
        if (Files.exists(fresh) && Files.size(fresh) > 0) {
            Files.move(fresh, cursor, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    void discard() throws IOException {
        Files.deleteIfExists(fresh);
    }
}
