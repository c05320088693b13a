package org.loghost;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.loghost.rules.RulesConfig;

/** What tells a changed rule file without reading it: names, sizes and times of everything in the rule folders. */
final class RuleFingerprint {
    private static final int DEPTH = 3;

    private RuleFingerprint() {}

    static String of(RulesConfig config) {
        TreeMap<String, String> files = new TreeMap<>();
        for (Path folder : config.paths()) {
            try (Stream<Path> all = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file : (Iterable<Path>) all::iterator) {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    files.put(
                            file.toString(),
                            attributes.size() + " "
                                    + attributes.lastModifiedTime().toMillis());
                }
            } catch (IOException | java.io.UncheckedIOException absent) {
                // A folder that is not there, or a file that went away meanwhile, is a difference of its own.
                files.put(folder.toString(), "absent");
            }
        }
        return files.toString();
    }
}
