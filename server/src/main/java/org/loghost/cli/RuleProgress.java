package org.loghost.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.loghost.rules.Lint;

/** Says how far it is, every two seconds; a short run says nothing. */
final class RuleProgress implements Lint.Progress {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream err;
    private long next = System.nanoTime() + EVERY;

    RuleProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void at(int done, int all) {
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + EVERY;
            err.println("comparing rules: " + done + " of " + all);
        }
    }
}
