package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** Holds the engine to the system's grep. Patterns and lines are bytes, as characters of ISO 8859-1. */
final class GrepComparison {
    private final Path folder;
    private final boolean utf8;

    GrepComparison(Path folder, boolean utf8) {
        this.folder = folder;
        this.utf8 = utf8;
    }

    static void assertGnu() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("grep", "--version").start();
        String version = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        process.waitFor();
        assertThat(version).as("GNU grep on the path").contains("GNU grep");
    }

    void assertAgreement(String origin, List<String> patterns, List<String> lines, boolean ignoreCase)
            throws Exception {
        Path file = Files.write(folder.resolve("lines"), (String.join("\n", lines) + "\n").getBytes(ISO_8859_1));
        List<String> differences = Collections.synchronizedList(new ArrayList<>());
        patterns.parallelStream().forEach(pattern -> {
            try {
                compare(pattern, lines, file, ignoreCase, differences);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(differences).as(origin + (ignoreCase ? " -i" : "")).isEmpty();
    }

    private void compare(String pattern, List<String> lines, Path file, boolean ignoreCase, List<String> differences)
            throws IOException, InterruptedException {
        BitSet theirs = grep(pattern, file, ignoreCase);
        BitSet ours = engine(pattern, lines, ignoreCase);
        if (theirs == null || ours == null) {
            if ((theirs == null) != (ours == null)) {
                differences.add("/" + pattern + "/ is " + (theirs == null ? "refused" : "taken") + " by grep only");
            }
            return;
        }
        BitSet different = (BitSet) theirs.clone();
        different.xor(ours);
        if (!different.isEmpty()) {
            int line = different.nextSetBit(0);
            differences.add("/" + pattern + "/ " + (theirs.get(line) ? "matches" : "does not match") + " <"
                    + lines.get(line) + "> in grep only");
        }
    }

    /** The numbers of the lines that match, from 0, or null when the pattern is refused. */
    private BitSet grep(String pattern, Path file, boolean ignoreCase) throws IOException, InterruptedException {
        Path patternFile = Files.createTempFile(folder, "pattern", "");
        Files.write(patternFile, pattern.getBytes(ISO_8859_1));
        List<String> command = new ArrayList<>(List.of("grep", "-E", "-a", "-n", "-f", patternFile.toString()));
        if (ignoreCase) {
            command.add("-i");
        }
        command.add(file.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", utf8 ? "C.UTF-8" : "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        int status = process.waitFor();
        Files.delete(patternFile);
        if (status > 1) {
            return null;
        }
        BitSet matching = new BitSet();
        for (String line : output.split("\n", -1)) {
            if (!line.isEmpty()) {
                matching.set(Integer.parseInt(line.substring(0, line.indexOf(':'))) - 1);
            }
        }
        return matching;
    }

    private BitSet engine(String pattern, List<String> lines, boolean ignoreCase) {
        PatternSet set;
        try {
            set = PatternSet.builder()
                    .utf8(utf8)
                    .add(pattern.getBytes(ISO_8859_1), ignoreCase, 0, 0)
                    .build();
        } catch (PatternException e) {
            return null;
        }
        BitSet matching = new BitSet();
        for (int i = 0; i < lines.size(); i++) {
            matching.set(i, !PatternSetTest.match(set, lines.get(i)).isEmpty());
        }
        return matching;
    }
}
