package org.loghost.pattern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Lines a second with the starter rules, on one thread, in step, with the states made: the rules that raise alarms
 * (attacks and violations, most of them unanchored and without regard to case), and those that hide lines. Run it from
 * the folder of the project.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class StarterRulesBenchmark {
    static final int BATCH = 1_000;
    private static final Path RULES = Path.of("server/rules");

    /** What the rules are for. */
    public enum Part {
        ALARMS,
        IGNORES
    }

    @Param({"ALARMS", "IGNORES"})
    public Part part;

    @Param("1000000")
    public int count;

    private PatternSet set;
    private Lines lines;
    private final Matches[] out = new Matches[BATCH];
    private final int[] offsets = new int[BATCH];
    private final int[] lengths = new int[BATCH];
    private int next;

    /** Reads the rules, makes the lines and walks all of them once. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        set = Lines.compile(rules(part), part == Part.ALARMS);
        lines = Lines.of(DemoLog.lines(count));
        lines.unmatched(set, out);
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

    /** The next lines of the log, into the arrays of a batch. */
    private void turn() {
        next = next + BATCH > lines.count() ? 0 : next;
        System.arraycopy(lines.offsets(), next, offsets, 0, BATCH);
        System.arraycopy(lines.lengths(), next, lengths, 0, BATCH);
        next += BATCH;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Matches oneByOne() {
        turn();
        Matches last = Matches.NONE;
        for (int i = 0; i < BATCH; i++) {
            last = set.match(lines.bytes(), offsets[i], lengths[i]);
        }
        return last;
    }

    /** As the server does it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Matches[] inStep() {
        turn();
        set.match(lines.bytes(), offsets, lengths, 0, BATCH, out);
        return out;
    }
}
