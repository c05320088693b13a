package org.loghost.listen;

import java.util.List;

/** One or more listeners could not be opened; the message has one line for each: which, why, and how to allow it. */
public final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean permissionDenied;

    ListenException(List<String> faults, boolean permissionDenied) {
        super(String.join(System.lineSeparator(), faults));
        this.permissionDenied = permissionDenied;
    }

    /** Whether nothing but a missing permission (a port below 1024) stood in the way. */
    public boolean permissionDenied() {
        return permissionDenied;
    }
}
