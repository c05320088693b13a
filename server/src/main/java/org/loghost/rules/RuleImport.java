package org.loghost.rules;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Copies a set of rule files into another folder, byte by byte; only the files that are rules, and none over one that is
 * there with other contents. Used once, by one thread.
 */
public final class RuleImport {
    private final List<Path> copied = new ArrayList<>();
    private final List<Path> unchanged = new ArrayList<>();
    private final List<Path> kept = new ArrayList<>();
    private List<String> leftOut = List.of();

    private RuleImport() {}

    /**
     * Copies the files of a set.
     *
     * @param from the set
     * @param to the folder to copy into; made if need be
     */
    public static RuleImport copy(RulesConfig from, Path to) throws IOException {
        RuleImport done = new RuleImport();
        RulesConfig all = new RulesConfig(
                from.style(), from.paths(), RulesConfig.Level.WORKSTATION, from.comments(), from.memory(), from.utf8());
        RuleFolders folders = new RuleFolders(all, new ArrayList<>());
        folders.find();
        for (RuleSource source : folders.sources()) {
            done.copy(source.path(), to.resolve(source.name()));
        }
        done.leftOut = ImportRest.of(all, folders.sources());
        return done;
    }

    private void copy(Path from, Path to) throws IOException {
        Path folder = to.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        byte[] bytes = RuleBytes.read(from);
        try {
            Files.createFile(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        } catch (FileAlreadyExistsException e) {
            boolean same = Files.isRegularFile(to) && Arrays.equals(bytes, RuleBytes.read(to));
            (same ? unchanged : kept).add(to);
            return;
        }
        Files.write(to, bytes);
        copied.add(to);
    }

    /** Files that were there before with the same contents. */
    public List<Path> unchanged() {
        return List.copyOf(unchanged);
    }

    /** What of the set was not copied, and what to do about it, one line each. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** The new files. */
    public List<Path> copied() {
        return List.copyOf(copied);
    }

    /** Files that were there before with other contents, and still have them. */
    public List<Path> kept() {
        return List.copyOf(kept);
    }
}
