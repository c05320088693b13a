package org.loghost.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.archive.Archive;
import org.loghost.classify.Classifier;
import org.loghost.hosts.HostDirectory;
import org.loghost.message.BatchSink;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.FatalFault;
import org.loghost.metrics.Notices;

/**
 * Takes batches from the listeners, gives each to every archive shard and to one classifying thread, and releases it
 * when all are done.
 *
 * <p>{@link #accept} may be called by any thread; the order of its calls is the order of everything behind it. The
 * queues need no bound of their own: the pools of the listeners bound the batches in flight.
 */
public final class Pipeline implements BatchSink, AutoCloseable {
    private static final Logger logger = LogManager.getLogger(Pipeline.class);
    /** All threads together get so long to finish what was accepted. */
    private static final long LAST_WORK_MILLIS = 5_000;

    private final FindingsOrder order;
    private final List<LinkedBlockingQueue<MessageBatch>> toShards = new ArrayList<>();
    private final LinkedBlockingQueue<MessageBatch> toClassifiers = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Object handOn = new Object();
    private long nextSequence;
    private volatile boolean stopping;

    /**
     * Makes the threads; {@link #start} starts them.
     *
     * @param shards how many shards the archive was made with
     * @param classifier asked for by each classifying thread once; may wait until the rules are loaded
     * @param classifiers how many threads classify; with 0 nothing is classified, all the rest is the same
     */
    public Pipeline(
            Archive archive,
            int shards,
            Supplier<Classifier> classifier,
            int classifiers,
            FindingsOrder order,
            HostDirectory hosts,
            Notices notices) {
        this(archive, shards, classifier, classifiers, order, hosts, notices, () -> {});
    }

    /**
     * The same, with somebody who is told by each archiving thread, after each of its rounds, that lines may have been
     * written; it must not make that thread wait.
     */
    public Pipeline(
            Archive archive,
            int shards,
            Supplier<Classifier> classifier,
            int classifiers,
            FindingsOrder order,
            HostDirectory hosts,
            Notices notices,
            Runnable written) {
        this.order = order;
        for (int i = 0; i < shards; i++) {
            LinkedBlockingQueue<MessageBatch> queue = new LinkedBlockingQueue<>();
            toShards.add(queue);
            threads.add(
                    new Thread(new ArchiveLoop(archive.shard(i), queue, written, this::isStopping), "archive-" + i));
        }
        @Nullable Supplier<Classifier> judge = classifiers == 0 ? null : classifier;
        for (int i = 0; i < Math.max(1, classifiers); i++) {
            threads.add(new Thread(
                    new ClassifyLoop(toClassifiers, judge, order, hosts, notices, this::isStopping), "classify-" + i));
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
            batch.handOn(nextSequence++, toShards.size() + 1);
            for (LinkedBlockingQueue<MessageBatch> queue : toShards) {
                queue.add(batch);
            }
            toClassifiers.add(batch);
        }
    }

    /** Waits until the findings of all that was accepted before this call are stored. */
    public void awaitClassified() throws InterruptedException {
        long last;
        synchronized (handOn) {
            last = nextSequence - 1;
        }
        order.await(last);
    }

    /** Waits until everything accepted so far is classified and handed to the archive, and the threads have ended. */
    @Override
    public void close() {
        stopping = true;
        boolean interrupted = false;
        long deadline = System.nanoTime() + LAST_WORK_MILLIS * 1_000_000;
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (thread.isAlive()) {
                logger.error("The thread {} did not finish its work within {} ms", thread.getName(), LAST_WORK_MILLIS);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopping() {
        return stopping;
    }
}
