package org.loghost.cli;

import java.time.Duration;
import java.util.Locale;
import org.loghost.rules.Lint;

/** Says on standard error how far work has come that takes longer than two seconds, every two seconds. One thread. */
final class SlowProgress implements Lint.Progress {
    private static final long PAUSE = Duration.ofSeconds(2).toNanos();

    private final Terminal terminal;
    private final String what;
    private final long pause;
    private long last = System.nanoTime();

    /** The work begins now; {@code what} says what is counted. */
    SlowProgress(Terminal terminal, String what) {
        this(terminal, what, PAUSE);
    }

    SlowProgress(Terminal terminal, String what, long pause) {
        this.terminal = terminal;
        this.what = what;
        this.pause = pause;
    }

    @Override
    public void at(int done, int of) {
        long now = System.nanoTime();
        if (now - last >= pause) {
            last = now;
            terminal.err().println(String.format(Locale.ROOT, "loghost: %,d of %,d %s", done, of, what));
        }
    }
}
