package org.loghost.pattern;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Rules of logcheck's shape, as many as are asked for. */
public class RulesBenchmark extends LinesBenchmark {
    static final long SEED = 42;

    @Param({"20", "500", "1500", "5000"})
    public int rules;

    /** Makes rules and lines. */
    @Setup(Level.Trial)
    public void prepare() {
        SampleLog log = new SampleLog(rules, SEED);
        prepare(log.rules(), false, log.lines(count));
    }
}
