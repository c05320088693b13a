package org.loghost.mail;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.FatalFault;

/**
 * A thread of the outbox that does its work in rounds: when asked to, when something is due, and never two at once. All
 * methods may be called from any thread; none of the work is done while the lock of this object is held.
 */
final class Rounds {
    /** Nothing is due by itself. */
    static final long NEVER = Long.MAX_VALUE;

    private final String name;
    private final Runnable work;
    private final LongSupplier nanosUntilDue;

    private @Nullable Thread thread;
    private boolean closed;
    /** Rounds asked for and rounds ended. */
    private long asked;

    private long done;

    /**
     * Nothing runs before {@link #start}.
     *
     * @param name the thread's
     * @param work one round
     * @param nanosUntilDue asked after each round: how long the next one may wait, or {@link #NEVER}
     */
    Rounds(String name, Runnable work, LongSupplier nanosUntilDue) {
        this.name = name;
        this.work = work;
        this.nanosUntilDue = nanosUntilDue;
    }

    synchronized void start() {
        Thread worker = new Thread(this::run, name);
        worker.setDaemon(true);
        worker.setUncaughtExceptionHandler(FatalFault::endProcess);
        thread = worker;
        worker.start();
    }

    /** Ends the thread after what it does; returns it, null when there is none. */
    synchronized @Nullable Thread end() {
        Thread worker = thread;
        closed = true;
        thread = null;
        notifyAll();
        return worker;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Asks for a round that begins after now; returns its number. */
    synchronized long ask() {
        asked++;
        notifyAll();
        return asked;
    }

    /** Waits for a round's end; whether it came before the deadline (by {@link System#nanoTime}) and before the stop. */
    synchronized boolean await(long round, long deadline) throws InterruptedException {
        while (done < round && !closed) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    private void run() {
        try {
            while (true) {
                long round;
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    round = asked;
                }
                work.run();
                synchronized (this) {
                    done = round;
                    notifyAll();
                }
                pause(round, nanosUntilDue.getAsLong());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until something is due, asked for, or the end. */
    private synchronized void pause(long round, long nanos) throws InterruptedException {
        long left = nanos;
        long due = System.nanoTime() + nanos;
        while (!closed && asked == round && left > 0) {
            wait(left == NEVER ? 0 : left / 1_000_000 + 1);
            left = left == NEVER ? NEVER : due - System.nanoTime();
        }
    }
}
