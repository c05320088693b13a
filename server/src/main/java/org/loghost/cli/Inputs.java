package org.loghost.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file named on the command line, or standard input for {@code -}. */
final class Inputs {
    private static final String STANDARD_INPUT = "-";

    private Inputs() {}

    /** Opens it; who calls closes it. */
    static InputStream open(String name, Terminal terminal) throws IOException {
        if (name.equals(STANDARD_INPUT)) {
            return terminal.in();
        }
        if (Files.isDirectory(Path.of(name))) {
            throw new IOException(name + " is a folder (expected: a file)");
        }
        try {
            return Files.newInputStream(Path.of(name));
        } catch (NoSuchFileException e) {
            throw new IOException(name + ": no such file", e);
        }
    }
}
