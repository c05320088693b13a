package org.loghost.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of a log file's earlier contents: {@code log.0}, {@code log.1} and so on, {@code log-20261104}, each plain
 * or with {@code .gz}. Holds no state.
 */
final class Rotations {
    private static final Pattern NUMBERED = Pattern.compile("\\.([0-9]{1,5})(\\.gz)?");
    private static final Pattern DATED =
            Pattern.compile("[-.]([0-9]{4}-?[0-9]{2}-?[0-9]{2}([-_.T]?[0-9]{2,10})?)(\\.gz)?");

    /** {@code order} ascends from older to newer. */
    private record Rotated(Path path, long order, boolean compressed) {}

    private Rotations() {}

    /** The rotated files beside a log, the oldest first; of one that is there plain and compressed, the plain one.
     * Beside what a symbolic link names, for that is what is rotated. */
    static List<Path> of(Path named) throws IOException {
        Path log = Files.isSymbolicLink(named) ? named.resolveSibling(Files.readSymbolicLink(named)) : named;
        Path folder = log.toAbsolutePath().getParent();
        String name = String.valueOf(log.getFileName());
        Map<Long, Rotated> byOrder = new HashMap<>();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String entryName = String.valueOf(entry.getFileName());
                if (entryName.startsWith(name) && Files.isRegularFile(entry)) {
                    Rotated rotated = rotated(entry, entryName.substring(name.length()));
                    if (rotated.order() != 0) {
                        byOrder.merge(rotated.order(), rotated, (one, two) -> one.compressed() ? two : one);
                    }
                }
            }
        }
        List<Rotated> all = new ArrayList<>(byOrder.values());
        all.sort(Comparator.comparingLong(Rotated::order));
        return all.stream().map(Rotated::path).toList();
    }

    private static Rotated rotated(Path path, String suffix) {
        Matcher dated = DATED.matcher(suffix);
        if (dated.matches()) {
            String digits = dated.group(1).replaceAll("[^0-9]", "");
            // Dates of one scheme are of one length; 18 digits fit a long.
            long order = Long.parseLong((digits + "0000000000").substring(0, 18));
            return new Rotated(path, order, dated.group(3) != null);
        }
        Matcher numbered = NUMBERED.matcher(suffix);
        if (numbered.matches()) {
            return new Rotated(path, -1 - Long.parseLong(numbered.group(1)), numbered.group(2) != null);
        }
        return new Rotated(path, 0, false);
    }
}
