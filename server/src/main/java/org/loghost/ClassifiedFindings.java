package org.loghost;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.loghost.classify.Finding;
import org.loghost.classify.FindingsStore;
import org.loghost.pipeline.Pipeline;
import org.loghost.report.SealedFindings;

/** The findings as the report needs them: sealed once every message received so far is classified. */
final class ClassifiedFindings implements SealedFindings {
    private final FindingsStore store;
    private final Pipeline pipeline;

    ClassifiedFindings(FindingsStore store, Pipeline pipeline) {
        this.store = store;
        this.pipeline = pipeline;
    }

    @Override
    public List<Long> seal() throws IOException {
        try {
            pipeline.awaitClassified();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while earlier messages were being classified", stopped);
        }
        // The store parts one batch's findings from the next's by itself, and syncs while batches go on.
        return store.seal();
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
