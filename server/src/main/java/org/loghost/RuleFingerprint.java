package org.loghost;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loghost.rules.RulesConfig;

/**
 * What tells a changed rule file without reading it: names, sizes and times of everything in the rule folders. The time
 * of the last status change is among them, so that a file that becomes readable is a change too.
 */
final class RuleFingerprint {
    private static final int DEPTH = 3;

    /** What is beyond is not looked after: no folder of rules has so much. */
    private static final int MAX_FILES = 10_000;

    private RuleFingerprint() {}

    static String of(RulesConfig config) {
        TreeMap<String, String> files = new TreeMap<>();
        for (Path folder : config.paths()) {
            try {
                Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new Collector(files));
            } catch (IOException unreadable) {
                files.put(folder.toString(), "unreadable");
            }
        }
        return files.toString();
    }

    /** A file that is not there, or cannot be read, is a difference of its own and hides no other. */
    private static final class Collector extends SimpleFileVisitor<Path> {
        private final Map<String, String> files;

        Collector(Map<String, String> files) {
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            note(folder);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            note(file);
            return files.size() < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) {
            files.put(file.toString(), "absent");
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException cutShort) {
            return FileVisitResult.CONTINUE;
        }

        private void note(Path file) {
            try {
                Map<String, Object> status = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
                files.put(file.toString(), new TreeMap<>(status).toString());
            } catch (IOException absent) {
                files.put(file.toString(), "absent");
            }
        }
    }
}
