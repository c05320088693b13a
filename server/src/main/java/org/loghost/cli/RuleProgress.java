package org.loghost.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.loghost.rules.Lint;

/** Says how far it is, every two seconds; a short run says nothing. */
final class RuleProgress implements Lint.Progress {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream err;
    private final long every;
    private long next;

    RuleProgress(PrintStream err) {
        this(err, EVERY);
    }

    RuleProgress(PrintStream err, long everyNanos) {
        this.err = err;
        this.every = everyNanos;
        this.next = System.nanoTime() + everyNanos;
    }

    @Override
    public void at(int done, int all, String doing) {
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + every;
            err.println(doing + ": " + done + " of " + all);
        }
    }
}
