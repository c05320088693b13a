package org.loghost.cli;

import java.time.Duration;
import java.util.Locale;
import org.loghost.rules.Lint;

/** Says on standard error how far work has come that takes longer than two seconds, every two seconds. One thread. */
final class SlowProgress implements Lint.Progress {
    private static final long PAUSE = Duration.ofSeconds(2).toNanos();

    private final Terminal terminal;
    private final long pause;
    private long last = System.nanoTime();

    /** The work begins now. */
    SlowProgress(Terminal terminal) {
        this(terminal, PAUSE);
    }

    SlowProgress(Terminal terminal, long pause) {
        this.terminal = terminal;
        this.pause = pause;
    }

    @Override
    public void at(int done, int of, String what) {
        long now = System.nanoTime();
        if (now - last >= pause) {
            last = now;
            terminal.err().println(String.format(Locale.ROOT, "loghost: %,d of %,d %s", done, of, what));
        }
    }
}
