package org.loghost.report;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.loghost.classify.DamagedFindingsException;
import org.loghost.classify.Finding;

/** The store of findings as a report needs it. The thread {@code report} alone calls. */
public interface SealedFindings {

    /** Ends the current segment, once all that was received before is in it; the numbers of all that are not reported yet, ascending. */
    List<Long> seal() throws IOException;

    /**
     * Hands on a segment's findings one by one.
     *
     * @throws DamagedFindingsException when some of it is damaged; all that is sound has been handed on by then
     * @throws IOException when it could not be read, or not to its end; another time it may
     */
    void read(long segment, Consumer<Finding> reader) throws IOException;

    /** A segment whose report is in the outbox. */
    void delete(long segment) throws IOException;
}
