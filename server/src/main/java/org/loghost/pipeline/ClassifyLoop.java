package org.loghost.pipeline;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.classify.Classifier;
import org.loghost.classify.FindingsBuffer;
import org.loghost.hosts.HostDirectory;
import org.loghost.message.MessageBatch;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.Seldom;

/**
 * One classifying thread: batch to verdicts to findings, which {@link FindingsOrder} puts in order. Without a classifier
 * there are no findings, and hosts are seen all the same.
 */
final class ClassifyLoop implements Runnable {
    private static final Logger logger = LogManager.getLogger(ClassifyLoop.class);
    /** How long a stop may go unnoticed. */
    private static final long MAX_WAIT_MILLIS = 100;

    private final BlockingQueue<MessageBatch> queue;
    private final @Nullable Supplier<Classifier> classifier;
    private final FindingsOrder order;
    private final HostDirectory hosts;
    private final Notices notices;
    private final StopSign stop;
    private final AtomicLong done;
    private final Seldom faultLog = new Seldom();

    ClassifyLoop(
            BlockingQueue<MessageBatch> queue,
            @Nullable Supplier<Classifier> classifier,
            FindingsOrder order,
            HostDirectory hosts,
            Notices notices,
            StopSign stop,
            AtomicLong done) {
        this.queue = queue;
        this.classifier = classifier;
        this.order = order;
        this.hosts = hosts;
        this.notices = notices;
        this.stop = stop;
        this.done = done;
    }

    @Override
    public void run() {
        Classifier judge = classifier == null ? null : classifier.get();
        while (true) {
            // Read before the queue: what was accepted before the stop is then seen by the poll that follows.
            boolean last = stop.isStopping();
            MessageBatch batch = poll();
            if (batch != null && stop.isOver()) {
                batch.release(); // counted by the pipeline
            } else if (batch != null) {
                classify(batch, judge);
            } else if (last) {
                return;
            }
        }
    }

    private void classify(MessageBatch batch, @Nullable Classifier judge) {
        FindingsBuffer findings = order.take();
        try {
            if (judge != null) {
                judge.classify(batch, findings);
            }
            hosts.seen(batch);
        } catch (RuntimeException bug) {
            // The lines are archived all the same; the batch must not hold up the ones behind it or the archive's gate.
            long batches = faultLog.due(1, System.nanoTime());
            if (batches > 0) {
                logger.error("Classifying failed for {} batches, the last of {} messages", batches, batch.count(), bug);
            }
            notices.post(
                    Notice.Level.WARNING,
                    "classifier",
                    "A fault in the classifier left messages unclassified; they are in the archive. The server's own"
                            + " log has the place: please report it.");
        }
        if (order.complete(batch.sequence(), findings)) {
            done.addAndGet(batch.count());
        }
        batch.release();
    }

    private @Nullable MessageBatch poll() {
        try {
            return queue.poll(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose; the stop flag ends it with everything classified.
            return null;
        }
    }
}
