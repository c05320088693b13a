package org.loghost.report;

import java.io.IOException;
import java.util.function.Consumer;
import org.loghost.classify.Finding;

/** Findings that can be read more than once, each time the same in the same order. */
public interface FindingSource {

    /** Hands them on one by one; throws as {@link SealedFindings#read} does. */
    void read(Consumer<Finding> reader) throws IOException;
}
