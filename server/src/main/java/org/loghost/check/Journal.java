package org.loghost.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.loghost.file.WholeFile;

/**
 * The systemd journal through {@code journalctl}, from where the last committed run ended; at the first run, of the last
 * day. {@code journalctl} itself keeps the cursor, in a copy that takes the place of the old one at {@link #commit}.
 * One thread.
 */
final class Journal {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final String journalctl;
    private final Path cursor;
    private final Path fresh;
    private final Path errors;

    /** Asks this program, and keeps the cursor in this folder. */
    Journal(String journalctl, Path state) {
        this.journalctl = journalctl;
        this.cursor = state.resolve("journal");
        this.fresh = state.resolve("journal.next");
        this.errors = state.resolve("journal.errors");
    }

    void read(LogFile.Sink sink) throws IOException {
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PRIVATE);
        List<String> command = new ArrayList<>(
                List.of(journalctl, "--quiet", "--no-pager", "--output=short", "--cursor-file=" + fresh));
        if (Files.exists(cursor)) {
            Files.write(fresh, Files.readAllBytes(cursor));
        } else {
            command.add("--since=-1day");
        }
        Files.deleteIfExists(errors);
        Files.createFile(errors, PRIVATE);
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try {
            read(process, sink);
        } finally {
            process.destroy(); // it may wait to be read for ever
        }
    }

    private void read(Process process, LogFile.Sink sink) throws IOException {
        process.getOutputStream().close();
        LineBlocks blocks = LineBlocks.cutting(process.getInputStream());
        boolean any = false;
        while (blocks.next()) {
            any = true;
            if (!blocks.isContinuation()) {
                sink.lines(blocks);
            }
        }
        finish(process, any);
    }

    /** Without anything new since the cursor, journalctl 252 ends with exit code 1 and says nothing. */
    private void finish(Process process, boolean any) throws IOException {
        try {
            int code = process.waitFor();
            String said = Files.readString(errors, StandardCharsets.ISO_8859_1).strip();
            boolean nothingNew = code == 1 && !any && said.isEmpty();
            if (code != 0 && !nothingNew) {
                throw new IOException(journalctl + " ended with exit code " + code + " (expected: 0)"
                        + (said.isEmpty() ? "" : ": " + said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + journalctl + " ran", e);
        }
    }

    void commit() throws IOException {
        if (Files.exists(fresh) && Files.size(fresh) > 0) {
            // Not the file itself: journalctl may have made it anew, open to others.
            WholeFile.replace(cursor, Files.readAllBytes(fresh));
        }
    }

    void discard() throws IOException {
        Files.deleteIfExists(fresh);
        Files.deleteIfExists(errors);
    }
}
