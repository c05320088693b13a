package org.loghost.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a command reads and writes; tests bring their own.
 *
 * @param in standard input
 * @param out what was asked for; UTF-8
 * @param err everything else: faults, progress; UTF-8
 */
record Terminal(InputStream in, PrintStream out, PrintStream err) {
    private static final Path OUTPUT = Path.of("/proc/self/fd/1");

    /** Whether standard output is read by a person. */
    static boolean isScreen() {
        try {
            String target = Files.readSymbolicLink(OUTPUT).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
