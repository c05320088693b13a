package org.loghost.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A start and a stop that leave nothing behind, on free ports of loopback. The Java machine notes which classes a start
 * needs, and keeps them ready for the next ones: see {@code bin/loghost}.
 */
final class Rehearsal {
    private static final String CONFIG = """
        data = "."
        [[listen]]
        kind = "udp"
        bind = "127.0.0.1:0"
        [[listen]]
        kind = "tcp"
        bind = "127.0.0.1:0"
        [rules]
        shipped = false
        path = "rules"
        """;

    private Rehearsal() {}

    static void run() throws Exception {
        Path folder = Files.createTempDirectory("loghost-rehearsal-");
        try {
            Path file = Files.writeString(folder.resolve("loghost.toml"), CONFIG);
            Path rules = Files.createDirectory(folder.resolve("rules"));
            Files.writeString(rules.resolve("logcheck.ignore"), "rehearsal\\[[0-9]+\\]: .* (begun|ended)$\n");
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            ServeCommand.startAndStop(new Terminal(System.in, nowhere, System.err), file);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
