package org.loghost.pattern;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Lines a second, on one thread, with the states made that the lines need. The lines are taken in turn, a batch at a
 * time, so that they come from memory as they do in the server. {@link RulesTable} runs those with rules and prints the
 * table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public abstract class LinesBenchmark {
    static final int BATCH = 1_000;

    @Param("1000000")
    public int count;

    private PatternSet set;
    private Lines lines;
    private final Matches[] out = new Matches[BATCH];
    private final int[] offsets = new int[BATCH];
    private final int[] lengths = new int[BATCH];
    private int next;

    /** Compiles the rules, and walks all lines once. */
    void prepare(List<String> rules, boolean ignoreCase, byte[] log) {
        set = Lines.compile(rules, ignoreCase);
        lines = Lines.of(log);
        lines.unmatched(set, out);
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
