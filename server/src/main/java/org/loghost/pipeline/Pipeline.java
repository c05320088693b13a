package org.loghost.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.Archive;
import org.loghost.classify.Classifier;
import org.loghost.hosts.HostDirectory;
import org.loghost.message.BatchSink;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.Count;
import org.loghost.metrics.FatalFault;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Takes batches from the listeners, gives each to every archive shard and to one classifying thread, and releases it
 * when all are done.
 *
 * <p>{@link #accept} may be called by any thread; the order of its calls is the order of everything behind it. The
 * queues need no bound of their own: the pools of the listeners bound the batches in flight.
 */
public final class Pipeline implements BatchSink, AutoCloseable {
    private static final Logger logger = LogManager.getLogger(Pipeline.class);
    /** All threads together get so long to finish what was accepted, when nobody says how long. */
    private static final long LAST_WORK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What a thread may need beyond the deadline to notice it, and to count what it gives up. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Archive archive;
    private final int shards;
    private final FindingsOrder order;
    private final ServerMetrics metrics;
    private final boolean classifies;
    private final StopSign stop = new StopSign();
    private final AtomicLong classified = new AtomicLong();
    private final List<LinkedBlockingQueue<MessageBatch>> toShards = new ArrayList<>();
    private final LinkedBlockingQueue<MessageBatch> toClassifiers = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Object handOn = new Object();
    private long nextSequence;
    private boolean closed;
    private final AtomicLong accepted = new AtomicLong();
    private boolean stopped;

    /**
     * Makes the threads; {@link #start} starts them.
     *
     * @param shards how many shards the archive was made with
     * @param classifier asked for by each classifying thread once; may wait until the rules are loaded
     * @param classifiers how many threads classify; with 0 nothing is classified, all the rest is the same
     * @param written told by each archiving thread, after each of its rounds, that lines may have been written; it must
     *     not make that thread wait
     */
    public Pipeline(
            Archive archive,
            int shards,
            Supplier<Classifier> classifier,
            int classifiers,
            FindingsOrder order,
            HostDirectory hosts,
            ServerMetrics metrics,
            Notices notices,
            Runnable written) {
        this.archive = archive;
        this.shards = shards;
        this.order = order;
        this.metrics = metrics;
        this.classifies = classifiers > 0;
        for (int i = 0; i < shards; i++) {
            LinkedBlockingQueue<MessageBatch> queue = new LinkedBlockingQueue<>();
            toShards.add(queue);
            threads.add(new Thread(new ArchiveLoop(archive.shard(i), queue, written, stop), "archive-" + i));
        }
        @Nullable Supplier<Classifier> judge = classifiers == 0 ? null : classifier;
        for (int i = 0; i < Math.max(1, classifiers); i++) {
            threads.add(new Thread(
                    new ClassifyLoop(toClassifiers, judge, order, hosts, notices, stop, classified), "classify-" + i));
        }
    }

    /** Starts the threads. */
    public void start() {
        for (Thread thread : threads) {
            thread.setUncaughtExceptionHandler(FatalFault::endProcess);
            thread.start();
        }
    }

    @Override
    public void accept(MessageBatch batch) {
        synchronized (handOn) {
            if (!closed) {
                batch.handOn(nextSequence++, toShards.size() + 1);
                accepted.addAndGet(batch.count());
                for (LinkedBlockingQueue<MessageBatch> queue : toShards) {
                    queue.add(batch);
                }
                toClassifiers.add(batch);
                return;
            }
            batch.handOn(nextSequence++, 1);
        }
        metrics.add(Count.LOST_STOP, batch.count());
        batch.release();
    }

    /** Waits until the findings of all that was accepted before this call are stored. */
    public void awaitClassified() throws InterruptedException {
        long last;
        synchronized (handOn) {
            last = nextSequence - 1;
        }
        order.await(last);
    }

    /** Lines that were accepted, and are neither in their files nor counted as lost; any thread. */
    public long unsettled() {
        long settled = 0;
        for (int i = 0; i < shards; i++) {
            settled += archive.shard(i).settled();
        }
        return Math.max(0, accepted.get() - settled);
    }

    /** {@link #stop} within 5 s. */
    @Override
    public void close() {
        stop(System.nanoTime() + LAST_WORK_NANOS);
    }

    /**
     * Waits until everything accepted so far is classified and on file, and the threads have ended. What is not done by
     * the deadline is given up and counted: by the threads themselves, and for one that does not end even then by this
     * call, which never touches what belongs to it.
     *
     * @param deadlineNanos by {@link System#nanoTime()}; this may take half a second longer
     */
    public void stop(long deadlineNanos) {
        if (stopped) {
            return;
        }
        stopped = true;
        for (int i = 0; i < shards; i++) {
            archive.shard(i).stopBy(deadlineNanos);
        }
        stop.stopBy(deadlineNanos);
        boolean started = threads.stream().anyMatch(thread -> thread.getState() != Thread.State.NEW);
        try {
            for (Thread thread : threads) {
                join(thread, deadlineNanos + GRACE_NANOS);
            }
            order.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (handOn) {
            closed = true; // nobody reads the queues any more
        }
        if (started) {
            metrics.add(Count.LOST_STOP, unsettled());
        }
        if (started && classifies) {
            metrics.add(Count.LOST_UNCLASSIFIED, Math.max(0, accepted.get() - classified.get()));
        }
    }

    private static void join(Thread thread, long deadline) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        if (thread.isAlive()) {
            logger.error("The thread {} did not finish its work in time", thread.getName());
        }
    }
}
