package org.loghost.control;

import java.io.IOException;

/**
 * What the server answers. Questions ({@code status}, {@code hosts}) may come from two threads at once and beside a
 * command; of the commands ({@code reportNow}, {@code reload}) one at a time is run. Answers are text for the operator,
 * untrusted parts escaped. An {@link IOException} is a failure whose message the operator is shown.
 */
public interface ControlHandler {
    /** What listens where, counts, delays, warnings; as text or as one JSON object. */
    String status(boolean json) throws IOException;

    /** Whether nothing needs the operator's attention; tells the exit code of {@code status}. */
    default boolean isWell() {
        return true;
    }

    /** Every host known: last seen, lines, address; as text or as one JSON array. */
    String hosts(boolean json) throws IOException;

    /** Seals the findings and hands the report over; returns when it is in the outbox and was handed over. */
    String reportNow() throws IOException;

    /** Reads configuration and rules again; a faulty one changes nothing and is a failure that names the faults. */
    String reload() throws IOException;
}
