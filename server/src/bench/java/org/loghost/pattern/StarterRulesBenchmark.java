package org.loghost.pattern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The starter rules: those that raise alarms (attacks and violations, most of them unanchored and without regard to case),
 * and those that hide lines. Run it from the folder of the project.
 */
public class StarterRulesBenchmark extends LinesBenchmark {
    private static final Path RULES = Path.of("server/rules");

    /** What the rules are for. */
    public enum Part {
        ALARMS,
        IGNORES
    }

    @Param({"ALARMS", "IGNORES"})
    public Part part;

    /** Reads the rules and makes the lines. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        prepare(rules(part), part == Part.ALARMS, DemoLog.lines(count));
    }

    static List<String> rules(Part part) throws IOException {
        List<String> rules = new ArrayList<>();
        for (String folder : part == Part.ALARMS ? List.of("hacking", "violations") : List.of("ignore")) {
            rules.addAll(rules(RULES.resolve("logcheck." + folder + ".d")));
        }
        return rules;
    }

    private static List<String> rules(Path folder) throws IOException {
        List<String> rules = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(rules::add);
            }
        }
        return rules;
    }
}
