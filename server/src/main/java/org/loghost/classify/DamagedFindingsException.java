package org.loghost.classify;

import java.io.IOException;

/**
 * Some bytes of a segment are no sound records and never will be; all that is sound has been handed on by then. Any
 * other {@link IOException} means that the segment could not be read this time.
 */
public final class DamagedFindingsException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says how much of what is damaged. */
    public DamagedFindingsException(String message) {
        super(message);
    }
}
