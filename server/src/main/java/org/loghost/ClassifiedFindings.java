package org.loghost;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.loghost.classify.Finding;
import org.loghost.classify.FindingsStore;
import org.loghost.pipeline.Pipeline;
import org.loghost.report.SealedFindings;

/** The findings as the report needs them: sealed between two batches, once every earlier batch is classified. */
final class SealedBetweenBatches implements SealedFindings {
    private final FindingsStore store;
    private final Pipeline pipeline;

    SealedBetweenBatches(FindingsStore store, Pipeline pipeline) {
        this.store = store;
        this.pipeline = pipeline;
    }

    @Override
    public List<Long> seal() throws IOException {
        try {
            return pipeline.betweenBatches(store::seal);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while earlier messages were being classified", stopped);
        }
    }

    @Override
    public void read(long segment, Consumer<Finding> reader) throws IOException {
        store.read(segment, reader);
    }

    @Override
    public void delete(long segment) throws IOException {
        store.delete(segment);
    }
}
